package org.genaiconnector.ra.comfyui;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.genaiconnector.comfyui.ComfyUiConnection;
import org.genaiconnector.comfyui.ComfyUiConnectionFactory;
import org.genaiconnector.comfyui.Job;
import org.genaiconnector.comfyui.Submission;
import org.genaiconnector.ra.GenAiResourceAdapter;
import org.genaiconnector.ra.TestContainer;
import org.genaiconnector.testkit.comfyui.ComfyUiSimulator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

@DisplayName("server-config/fleet/Backends.java")
@EnabledIfSystemProperty(named = "slow", matches = "true")
class BackendsProgramIT {
    private final GenAiResourceAdapter adapter = new GenAiResourceAdapter();
    private final List<ComfyUiSimulator> servers = List.of(ComfyUiSimulator.start(), ComfyUiSimulator.start());
    private ComfyUiConnectionFactory factory;

    /** What the program has written, and how it has ended. */
    private record Run(int status, String output) {}

    @BeforeEach
    void deploy() throws Exception {
        adapter.start(new TestContainer());
        factory = factory("pictures");
        queue();
    }

    @AfterEach
    void undeploy() {
        adapter.stop();
        servers.forEach(ComfyUiSimulator::close);
    }

    private ComfyUiConnectionFactory factory(String name) {
        ComfyUiManagedConnectionFactory managed = new ComfyUiManagedConnectionFactory();
        managed.setResourceAdapter(adapter);
        managed.setPoolName(name);
        managed.setServerUrl(servers.get(0).uri() + "|name=a," + servers.get(1).uri() + "|name=b");
        return (ComfyUiConnectionFactory) managed.createConnectionFactory();
    }

    private Job queue() throws Exception {
        return queue(factory);
    }

    private static Job queue(ComfyUiConnectionFactory factory) throws Exception {
        try (ComfyUiConnection connection = factory.getConnection()) {
            return connection.queuePrompt(Submission.of(SavedPictures.ofColor(1, "x")));
        }
    }

    private static Run run(String... args) throws Exception {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                Path.of("../../server-config/fleet/Backends.java").toString(),
                String.valueOf(ProcessHandle.current().pid())));
        command.addAll(List.of(args));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Run(process.waitFor(), output);
    }

    @Test
    void listsDrainsAndResumes() throws Exception {
        assertThat(run())
                .satisfies(run -> assertThat(run.status()).isZero())
                .satisfies(run -> assertThat(run.output())
                        .contains("pictures  a  " + servers.get(0).uri() + "  LIVE")
                        .contains("pictures  b  " + servers.get(1).uri() + "  LIVE"));
        assertThat(run("drain", "a").output()).contains(servers.get(0).uri() + "  DRAINED");
        for (int i = 0; i < 4; i++) {
            assertThat(queue().server()).isEqualTo(servers.get(1).uri());
        }
        assertThat(run("resume", "a").output()).doesNotContain("DRAINED");
    }

    @Test
    void saysWhatIsWrong() throws Exception {
        assertThat(run("drain", "c").output())
                .contains("There is no such backend.")
                .contains("pictures  a  ");
        queue(factory("others"));
        Run several = run("drain", "a");
        assertThat(several.status()).isOne();
        assertThat(several.output())
                .contains("Several factories have a backend of this name")
                .doesNotContain("DRAINED");
        assertThat(run("drain", "a", "others").output()).containsOnlyOnce("DRAINED");
        assertThat(run("stop", "a").status()).isEqualTo(2);
    }
}
