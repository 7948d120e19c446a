package org.genaiconnector.storyboard.portable;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PortableServerTest {

    private static final Path HOME = Path.of("home");

    @Test
    void givesEachPlaceholderAValue() {
        assertThat(PortableServer.configuration(HOME, Map.of(), Map.of()))
                .containsOnly(
                        Map.entry("comfyui.url", "http://localhost:8188"),
                        Map.entry("llm.provider", "LOCAL"),
                        Map.entry("llm.url", ""),
                        Map.entry("llm.model", ""),
                        Map.entry("llm.api.key", ""),
                        Map.entry("llm.targets", ""),
                        Map.entry("llm.credentials", ""),
                        Map.entry("storyboard.workflows", "home/workflows"));
    }

    @Test
    void takesWhatTheUserHasSet() {
        assertThat(PortableServer.configuration(
                        HOME,
                        Map.of(
                                "COMFYUI_URL",
                                " http://gpu-box:8188 ",
                                "LLM_API_KEY",
                                "key",
                                "LLM_URL",
                                " ",
                                "LLM_TARGETS",
                                "/etc/targets.json"),
                        Map.of()))
                .containsEntry("comfyui.url", "http://gpu-box:8188")
                .containsEntry("llm.api.key", "key")
                .containsEntry("llm.targets", "/etc/targets.json")
                .containsEntry("llm.url", "");
    }

    @Test
    void leadsToTheSimulatorOfABackendThatIsNotConfigured() {
        assertThat(PortableServer.configuration(
                        HOME, Map.of("LLM_MODEL", "of no use"), Map.of("llm.model", "simulator")))
                .containsEntry("llm.model", "simulator");
    }
}
