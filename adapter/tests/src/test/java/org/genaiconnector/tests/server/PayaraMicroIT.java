package org.genaiconnector.tests.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URL;
import java.nio.file.Path;
import java.time.Duration;
import org.genaiconnector.tests.Eventually;
import org.genaiconnector.tests.Secrets;
import org.genaiconnector.tests.payara.Backends;
import org.genaiconnector.tests.payara.BenchClient;
import org.genaiconnector.tests.payara.BenchClient.Outcome;
import org.genaiconnector.tests.payara.ServerFiles;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.arquillian.container.test.api.RunAsClient;
import org.jboss.arquillian.junit5.ArquillianExtension;
import org.jboss.arquillian.test.api.ArquillianResource;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The adapter in the pools of a Payara Micro, made by its boot commands or, for checks, while it runs. */
@ExtendWith(ArquillianExtension.class)
@RunAsClient
class PayaraMicroIT
        implements LoadChecks, NestingChecks, UpkeepChecks, LeakChecks, ConfigurationChecks, CredentialsChecks {
    private static final Outcome VERSION = new Outcome(false, "0.33.0");

    @ArquillianResource
    private URL url;

    private BenchClient bench;

    @Deployment
    static WebArchive application() {
        return BenchClient.application();
    }

    @BeforeEach
    void connect() {
        bench = new BenchClient(url);
    }

    @Override
    public Asadmin asadmin() {
        return new InsideAsadmin(bench);
    }

    @Override
    public BenchClient bench() {
        return bench;
    }

    @Override
    public Path log() {
        return ServerFiles.log();
    }

    @AfterEach
    void stopLateServer() {
        Backends.late().kill();
    }

    @Test
    void borrowsTheSocketOfTheLastBorrowAgain() throws Exception {
        assertThat(bench.version("genai/comfyui")).isEqualTo(VERSION);
        int sockets = Backends.comfyUi().connectionsOpened();
        int requests = Backends.comfyUi().requests().size();

        assertThat(bench.version("genai/comfyui")).isEqualTo(VERSION);
        assertThat(bench.version("genai/comfyui")).isEqualTo(VERSION);

        assertThat(Backends.comfyUi().requests()).hasSize(requests + 2);
        assertThat(Backends.comfyUi().connectionsOpened()).isEqualTo(sockets);
    }

    @Test
    void asksTheModelOnTheSocketOfTheLastBorrow() throws Exception {
        assertThat(bench.chat("genai/llm", "Hello").failed()).isFalse();
        long sockets = Backends.llm().traffic().connectionsOpened();

        assertThat(bench.chat("genai/llm", "Hello again").failed()).isFalse();

        assertThat(Backends.llm().traffic().connectionsOpened()).isEqualTo(sockets);
        assertThat(Backends.llm().traffic().requests())
                .last()
                .satisfies(request -> assertThat(request.bodyText()).contains("Hello again"));
    }

    @Test
    void pingsServersThatAnswer() throws Exception {
        assertThat(bench.ping("comfyui")).startsWith("SUCCESS");
        assertThat(bench.ping("llm")).startsWith("SUCCESS");
    }

    @Test
    void pingOfAServerThatIsDownNamesItAndTheCause() throws Exception {
        assertThat(bench.ping("late"))
                .startsWith("FAILURE")
                .contains(Backends.late().uri().toString(), "Connection refused");
    }

    @Test
    void borrowWithAWrongKeySaysSoWithoutTheKey() throws Exception {
        Outcome outcome = bench.chat("genai/wrong-key", "Hello");

        assertThat(outcome.failed()).isTrue();
        assertThat(outcome.text())
                .contains(Backends.llm().uri().toString(), "the API key is missing, wrong or revoked")
                .doesNotContain(Secrets.WRONG_KEY);
    }

    @Test
    void startsWithoutTheServerAndWorksSoonAfterItIsThere() throws Exception {
        Outcome early = bench.version("genai/late");
        assertThat(early.failed()).isTrue();
        assertThat(early.text()).contains(Backends.late().uri().toString(), "Connection refused");

        Backends.late().restart();

        // a second: so long the adapter remembers that nobody answered, and spares further borrowers the attempt
        Eventually.isTrue(
                Duration.ofSeconds(10), () -> bench.version("genai/late").equals(VERSION));
    }

    @Test
    void callersDoNotNoticeThatTheServerWasRestarted() throws Exception {
        assertThat(bench.version("genai/comfyui")).isEqualTo(VERSION);

        Backends.comfyUi().restart();

        assertThat(bench.version("genai/comfyui")).isEqualTo(VERSION);
    }

    @Test
    void callersDoNotNoticeThatIdleConnectionsWereCut() throws Exception {
        assertThat(bench.chat("genai/llm", "Hello").failed()).isFalse();

        Backends.llm().faults().killConnections();

        assertThat(bench.chat("genai/llm", "Hello").failed()).isFalse();
    }
}
