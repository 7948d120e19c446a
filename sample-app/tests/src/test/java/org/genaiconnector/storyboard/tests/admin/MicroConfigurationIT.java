package org.genaiconnector.storyboard.tests.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.genaiconnector.storyboard.tests.Eventually.eventually;
import static org.genaiconnector.storyboard.tests.admin.Metrics.sample;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.genaiconnector.storyboard.tests.Backends;
import org.genaiconnector.storyboard.tests.ListeningSockets;
import org.genaiconnector.storyboard.tests.Rest;
import org.genaiconnector.storyboard.tests.Workflows;
import org.genaiconnector.testkit.FreePort;
import org.genaiconnector.testkit.comfyui.ComfyUiSimulator;
import org.genaiconnector.testkit.llm.LlmSimulator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.TestInstance;

/** The script for Payara Micro, run twice in a row; the second time with Payara's data grid, on the loopback address. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class MicroConfigurationIT {

    private static final Path MICRO = Path.of(System.getProperty("storyboard.micro"));
    private static final String KEY = "sk-micro-52aa";
    private static final Pattern FAILED = Pattern.compile("Boot Command \\S+ failed.*");
    private static final Duration START = Duration.ofMinutes(5);
    private static final long STOP_SECONDS = 60;
    private static final int USERS = 4;

    private ComfyUiSimulator comfyUi;
    private LlmSimulator llm;

    @BeforeAll
    void startBackends() {
        comfyUi = ComfyUiSimulator.start();
        llm = LlmSimulator.builder().apiKeys(KEY).start();
    }

    @AfterAll
    void stopBackends() {
        comfyUi.close();
        llm.close();
    }

    @RepeatedTest(2)
    void startsAnApplicationOnThePoolsOfTheBootCommands(RepetitionInfo run) throws Exception {
        boolean grid = run.getCurrentRepetition() == 2;
        Path work = Files.createTempDirectory("micro");
        Path application = Archives.withWebXml(
                MICRO.resolve("apps/storyboard.war"), Script.file("sample/web.xml"), work.resolve("app.war"));
        Path log = work.resolve("micro.log");
        int port = FreePort.reserve();
        Map<String, String> environment = new HashMap<>(Backends.environment(comfyUi, llm));
        environment.put("PAYARA_MICRO", MICRO.resolve("payara-micro.jar").toString());
        environment.put("LLM_API_KEY", KEY);
        ProcessBuilder command = Script.prepare("payara-micro/run.sh", environment, log);
        command.command().add(application.toString());
        command.command().addAll(List.of("--port", Integer.toString(port), "--nocluster"));
        if (grid) {
            command.environment().put("GENAI_GRID", "127.0.0.1");
            command.command().addAll(List.of("--clustermode", "tcpip:127.0.0.1:6900"));
        }
        Process server = command.start();
        try {
            eventually(START, () -> read(log), text -> text.contains("ready in") || !server.isAlive());
            Rest rest = new Rest(URI.create("http://127.0.0.1:" + port));

            ListeningSockets listening = ListeningSockets.touch(List.of(server.toHandle()));
            metricsShowBothPoolsUnderLoad(rest);
            assertThat(rest.get("/api/statistics").object().getJsonObject("llm").isNull("container"))
                    .as("Payara Micro shows no figures of its own")
                    .isTrue();
            // the pings are among the boot commands
            assertThat(read(log))
                    .doesNotContainPattern(FAILED)
                    .doesNotContain(KEY)
                    .as("messages without time and logger")
                    .doesNotContainPattern("(?m)^(WARNING|SEVERE): ");
            assertThat(listening.assertOnLoopbackOnly()).isEqualTo(grid ? 2 : 1);
            Rest.Answer missing = rest.get("/nowhere");
            assertThat(missing.headers().map()).doesNotContainKeys("Server", "server", "X-Powered-By", "x-powered-by");
            assertThat(missing.text()).doesNotContain("Payara");
        } finally {
            server.destroy();
            if (!server.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
                server.destroyForcibly();
            }
        }
        assertThat(server.isAlive()).isFalse();
    }

    private static void metricsShowBothPoolsUnderLoad(Rest rest) throws Exception {
        Metrics before = Metrics.of(rest);
        assertThat(before.value("genai_requests_total", "genai/llm")).isZero();
        assertThat(before.value("genai_requests_total", "genai/comfyui")).isZero();
        try (ChatLoad users = new ChatLoad(rest, USERS)) {
            rest.finish(rest.startJob(Workflows.invert(0x102030)));
            Metrics meanwhile = Metrics.of(rest);
            assertThat(meanwhile.grownSince(before))
                    .contains(
                            sample("genai_requests_total", "genai/comfyui"),
                            sample("genai_pool_borrowed_total", "genai/comfyui"),
                            sample("genai_jobs_completed_total", "genai/comfyui"));
            Metrics later = eventually(
                    () -> Metrics.of(rest),
                    now -> now.value("genai_pool_connections_peak", "genai/llm") == USERS
                            && now.value("genai_requests_total", "genai/llm")
                                    > meanwhile.value("genai_requests_total", "genai/llm"));
            assertThat(later.grownSince(meanwhile))
                    .contains(
                            sample("genai_requests_successful_total", "genai/llm"),
                            sample("genai_pool_borrowed_total", "genai/llm"),
                            sample("genai_tokens_output_total", "genai/llm"));
            users.stop();
            assertThat(users.failures()).isEmpty();
        }
        assertThat(Metrics.of(rest).value("genai_pool_connections_active", "genai/llm"))
                .isZero();
    }

    private static String read(Path log) throws Exception {
        return new String(Files.readAllBytes(log), StandardCharsets.UTF_8);
    }
}
