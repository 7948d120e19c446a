package org.genaiconnector.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.genaiconnector.testkit.llm.LlmSimulator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class MainTest {
    @Test
    void startsBothSimulatorsAndSaysWhereTheyAre() throws Exception {
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        try (Main main = Main.start("0", "0")) {
            main.describe(new PrintStream(said, true, StandardCharsets.UTF_8));
            Matcher settings = Pattern.compile(
                            "COMFYUI_URL=(\\S+) LLM_PROVIDER=LOCAL LLM_URL=(\\S+) LLM_MODEL=simulator")
                    .matcher(said.toString(StandardCharsets.UTF_8));
            assertThat(settings.find()).isTrue();
            try (RawHttp comfyUi = new RawHttp(URI.create(settings.group(1)));
                    RawHttp llm = new RawHttp(URI.create(settings.group(2)))) {
                assertThat(comfyUi.get("/system_stats").answer().status()).isEqualTo(200);
                assertThat(llm.get("/v1/models").answer().body()).contains("\"simulator\"");
            }
        }
    }

    @Test
    void namesTheBusyPort() throws Exception {
        try (ServerSocket busy = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            int port = busy.getLocalPort();
            assertThatThrownBy(() -> LlmSimulator.builder().port(port).start())
                    .isInstanceOf(UncheckedIOException.class)
                    .hasMessageContaining("port " + port)
                    .hasMessageContaining("in use");
            assertThatThrownBy(() -> Main.start("0", String.valueOf(port)))
                    .hasMessageContaining("LLM simulator cannot start on port " + port);
            assertThatThrownBy(() -> Main.start(String.valueOf(port), "0"))
                    .hasMessageContaining("ComfyUI simulator cannot start on port " + port);
        }
    }

    @Test
    void refusesWhatIsNoPort() {
        assertThatThrownBy(() -> Main.start("65536")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Main.start("x")).hasMessageContaining("Usage");
        assertThatThrownBy(() -> Main.start("0", "0", "0")).hasMessageContaining("Usage");
    }
}
