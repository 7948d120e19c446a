package org.genaiconnector.storyboard.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SettingsTest {

    @Test
    void simulatesEverythingWhereNothingIsConfigured() {
        Settings settings = Settings.of(Map.of("COMFYUI_URL", " ", "LLM_API_KEY", "key"), List.of());

        assertThat(settings.simulated()).containsExactlyInAnyOrder(Backend.COMFYUI, Backend.LLM);
        assertThat(settings.port()).isEqualTo(8080);
        assertThat(settings.host()).isEqualTo("127.0.0.1");
    }

    @Test
    void simulatesOnlyTheBackendThatIsNotConfigured() {
        assertThat(Settings.of(Map.of("COMFYUI_URL", "http://h:8188"), List.of())
                        .simulated())
                .containsExactly(Backend.LLM);
        assertThat(Settings.of(Map.of("LLM_PROVIDER", "ANTHROPIC"), List.of()).simulated())
                .containsExactly(Backend.COMFYUI);
        assertThat(Settings.of(Map.of("LLM_TARGETS", "/etc/targets.json"), List.of())
                        .simulated())
                .containsExactly(Backend.COMFYUI);
        assertThat(Settings.of(Map.of("LLM_URL", "http://h/v1"), List.of()).simulated())
                .containsExactly(Backend.COMFYUI);
    }

    @Test
    void prefersThePortOfTheCommandLine() {
        assertThat(Settings.of(Map.of("PORT", "9000"), List.of()).port()).isEqualTo(9000);
        assertThat(Settings.of(Map.of("PORT", "9000"), List.of("--port", "0")).port())
                .isZero();
    }

    @Test
    void takesAnyPortForTheConsoleBesideAnyPortForTheApplication() {
        assertThat(Settings.of(Map.of(), List.of()).consolePort()).isEqualTo(4848);
        assertThat(Settings.of(Map.of("PORT", "0"), List.of()).consolePort()).isZero();
        assertThat(Settings.of(Map.of("PORT", "0", "CONSOLE_PORT", "4849"), List.of())
                        .consolePort())
                .isEqualTo(4849);
    }

    @Test
    void namesWhatIsWrong() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Settings.of(Map.of("CONSOLE_PORT", "-1"), List.of()))
                .withMessage("CONSOLE_PORT must be a number from 0 to 65535, not \"-1\"");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Settings.of(Map.of("PORT", "http"), List.of()))
                .withMessage("PORT must be a number from 0 to 65535, not \"http\"");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Settings.of(Map.of(), List.of("--port", "65536")))
                .withMessageContaining("--port");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Settings.of(Map.of(), List.of("--help")))
                .withMessageContaining("--port NUMBER");
    }
}
