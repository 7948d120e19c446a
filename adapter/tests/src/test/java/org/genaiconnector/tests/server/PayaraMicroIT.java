package org.genaiconnector.tests.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URL;
import java.nio.file.Path;
import java.time.Duration;
import org.genaiconnector.servers.Asadmin;
import org.genaiconnector.tests.Eventually;
import org.genaiconnector.tests.Secrets;
import org.genaiconnector.tests.payara.Backends;
import org.genaiconnector.tests.payara.ServerFiles;
import org.genaiconnector.tests.payara.TestApplicationClient;
import org.genaiconnector.tests.payara.TestApplicationClient.Outcome;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.arquillian.container.test.api.RunAsClient;
import org.jboss.arquillian.junit5.ArquillianExtension;
import org.jboss.arquillian.test.api.ArquillianResource;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The adapter in pools of a Payara Micro, which its boot commands or the checks create. */
@ExtendWith(ArquillianExtension.class)
@RunAsClient
class PayaraMicroIT
        implements LoadChecks,
                NestingChecks,
                PoolMaintenanceChecks,
                LeakChecks,
                ConfigurationChecks,
                CredentialsChecks {
    private static final Outcome VERSION = new Outcome(false, "0.33.0");

    @ArquillianResource
    private URL url;

    private TestApplicationClient application;

    @Deployment
    static WebArchive archive() {
        return TestApplicationClient.archive();
    }

    @BeforeEach
    void connect() {
        application = new TestApplicationClient(url);
    }

    @Override
    public Asadmin asadmin() {
        return new EmbeddedAsadmin(application);
    }

    @Override
    public TestApplicationClient application() {
        return application;
    }

    @Override
    public Path log() {
        return ServerFiles.log();
    }

    @AfterEach
    void stopLateBackend() {
        Backends.late().kill();
    }

    @Test
    void borrowsTheSocketOfTheLastBorrowAgain() throws Exception {
        assertThat(application.version("genai/comfyui")).isEqualTo(VERSION);
        int sockets = Backends.comfyUi().connectionsOpened();
        int requests = Backends.comfyUi().requests().size();

        assertThat(application.version("genai/comfyui")).isEqualTo(VERSION);
        assertThat(application.version("genai/comfyui")).isEqualTo(VERSION);

        assertThat(Backends.comfyUi().requests()).hasSize(requests + 2);
        assertThat(Backends.comfyUi().connectionsOpened()).isEqualTo(sockets);
    }

    @Test
    void asksTheModelOnTheSocketOfTheLastBorrow() throws Exception {
        assertThat(application.chat("genai/llm", "Hello").failed()).isFalse();
        long sockets = Backends.llm().traffic().connectionsOpened();

        assertThat(application.chat("genai/llm", "Hello again").failed()).isFalse();

        assertThat(Backends.llm().traffic().connectionsOpened()).isEqualTo(sockets);
        assertThat(Backends.llm().traffic().requests())
                .last()
                .satisfies(request -> assertThat(request.bodyText()).contains("Hello again"));
    }

    @Test
    void pingsBackendsThatRespond() throws Exception {
        assertThat(application.ping("comfyui")).startsWith("SUCCESS");
        assertThat(application.ping("llm")).startsWith("SUCCESS");
    }

    @Test
    void pingOfABackendThatIsDownNamesItAndTheCause() throws Exception {
        assertThat(application.ping("late"))
                .startsWith("FAILURE")
                .contains(Backends.late().uri().toString(), "Connection refused");
    }

    @Test
    void borrowWithAWrongKeySaysSoWithoutTheKey() throws Exception {
        Outcome outcome = application.chat("genai/wrong-key", "Hello");

        assertThat(outcome.failed()).isTrue();
        assertThat(outcome.text())
                .contains(Backends.llm().uri().toString(), "the API key is missing, wrong or revoked")
                .doesNotContain(Secrets.WRONG_KEY);
    }

    @Test
    void startsWithoutTheBackendAndWorksSoonAfterItIsUp() throws Exception {
        Outcome early = application.version("genai/late");
        assertThat(early.failed()).isTrue();
        assertThat(early.text()).contains(Backends.late().uri().toString(), "Connection refused");

        Backends.late().restart();

        // for a second the adapter remembers that the backend was down, and fails further borrowers without an attempt
        Eventually.isTrue(
                Duration.ofSeconds(10), () -> application.version("genai/late").equals(VERSION));
    }

    @Test
    void callersDoNotNoticeThatTheBackendWasRestarted() throws Exception {
        assertThat(application.version("genai/comfyui")).isEqualTo(VERSION);

        Backends.comfyUi().restart();

        assertThat(application.version("genai/comfyui")).isEqualTo(VERSION);
    }

    @Test
    void callersDoNotNoticeThatIdleConnectionsWereCut() throws Exception {
        assertThat(application.chat("genai/llm", "Hello").failed()).isFalse();

        Backends.llm().faults().killConnections();

        assertThat(application.chat("genai/llm", "Hello").failed()).isFalse();
    }
}
