package org.genaiconnector.storyboard.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.genaiconnector.storyboard.tests.Eventually.eventually;

import jakarta.json.JsonObject;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.genaiconnector.testkit.FreePort;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The portable EAR on application servers other than Payara, each as a user starts it. */
@EnabledIfSystemProperty(
        named = "storyboard.portable",
        matches = ".+",
        disabledReason = "it takes minutes and three distributions: -Pservers")
class PortableIT {
    private static final Duration LONGEST_STORY = Duration.ofMinutes(5);

    private final Path home = Path.of(System.getProperty("storyboard.portable"));

    private Storyboard launch(PortableLog product, Map<String, String> environment) throws Exception {
        return Storyboard.launch(
                home, environment, FreePort.reserve(), product.name().toLowerCase(Locale.ROOT));
    }

    @ParameterizedTest
    @EnumSource
    void runsTheSample(PortableLog product) throws Exception {
        Storyboard storyboard = launch(product, Map.of());
        List<ProcessHandle> processes = List.of();
        try {
            Rest rest = new Rest(storyboard.uri());
            processes = storyboard.processes();
            ListeningSockets listening = ListeningSockets.touch(processes);

            assertThat(rest.get("/").expect(200).text()).contains("Storyboard");
            rest.post("/api/chat", LlmChecks.HELLO).expect(200);
            String id = rest.post("/api/stories", "{\"idea\":\"a whale\",\"scenes\":2}")
                    .expect(202)
                    .object()
                    .getString("id");
            JsonObject story = eventually(
                    LONGEST_STORY,
                    () -> rest.get("/api/stories/" + id).expect(200).object(),
                    now -> !now.getString("state").equals("RUNNING"));
            assertThat(story.getString("state")).as(story.toString()).isEqualTo("COMPLETED");
            assertThat(listening.assertOnLoopbackOnly()).isBetween(3, 5);
        } finally {
            storyboard.stop();
        }
        assertThat(processes).hasSizeGreaterThan(1).noneMatch(ProcessHandle::isAlive);
        assertThat(product.troubles(storyboard.log())).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void namesThePropertyThatIsWrong(PortableLog product) throws Exception {
        Storyboard storyboard = launch(product, Map.of("COMFYUI_URL", "nonsense"));
        try {
            JsonObject error = new Rest(storyboard.uri())
                    .post("/api/jobs", "{\"template\":\"text-to-image\"}")
                    .error(503, "UNAVAILABLE");

            assertThat(error.getString("message")).startsWith("Configuration property serverUrl must be an address");
        } finally {
            storyboard.stop();
        }
    }

    @Test
    void namesWhatItCannotStartWith() throws Exception {
        Storyboard unknown = Storyboard.launch(home, Map.of(), FreePort.reserve(), "tomcat");
        assertThat(unknown.awaitEnd()).isEqualTo(1);
        assertThat(unknown.output()).contains("must be glassfish, wildfly, liberty, not \"tomcat\"");

        Storyboard port = launch(PortableLog.WILDFLY, Map.of("CONSOLE_PORT", "x"));
        assertThat(port.awaitEnd()).isEqualTo(1);
        assertThat(port.output()).contains("CONSOLE_PORT must be a number from 0 to 65535, not \"x\"");
    }
}
