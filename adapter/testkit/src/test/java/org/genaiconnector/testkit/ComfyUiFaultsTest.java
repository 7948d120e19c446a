package org.genaiconnector.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketException;
import java.time.Duration;
import java.util.Map;
import org.genaiconnector.testkit.comfyui.ComfyUiSimulator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The fault layer in front of a server with its own connector, WebSockets and restarts. */
@Simulators
@Timeout(60)
class ComfyUiFaultsTest {
    private static final Map<String, String> UPGRADE = Map.of(
            "Connection", "Upgrade",
            "Upgrade", "websocket",
            "Sec-WebSocket-Version", "13",
            "Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ==");

    private ComfyUiSimulator server;

    @FaultsOf(ComfyUiSimulator.class)
    private Faults faults;

    private RawHttp webSocket() throws IOException {
        return new RawHttp(server.uri()).send("GET", "/ws?clientId=a", UPGRADE, null);
    }

    @Test
    void letsWebSocketsThrough() throws Exception {
        try (RawHttp socket = webSocket()) {
            assertThat(socket.line()).startsWith("HTTP/1.1 101");
            while (!socket.line().isEmpty()) {}
            socket.read(2); // the head of the first frame
            assertThat(socket.read(10)).startsWith("{\"type\": \"");
        }
    }

    @Test
    void cutsAWebSocketInTheMiddleOfAFrame() throws Exception {
        faults.next(Match.path("/ws"), Fault.resetAfter(180));
        try (RawHttp socket = webSocket()) {
            assertThat(socket.read(180)).startsWith("HTTP/1.1 101").endsWith("{\"type\": \"st");
            assertThatThrownBy(socket::read).isInstanceOf(SocketException.class);
        }
    }

    @Test
    void refusesAndKillsWithoutLosingTheServersState() throws Exception {
        try (RawHttp socket = webSocket()) {
            socket.line();
            faults.stopListening().killConnections();
            assertThatThrownBy(socket::rest).isInstanceOf(SocketException.class);
            assertThatThrownBy(() -> new RawHttp(server.uri())).isInstanceOf(ConnectException.class);
            faults.listen();
            try (RawHttp http = new RawHttp(server.uri())) {
                assertThat(http.get("/queue").answer().status()).isEqualTo(200);
            }
        }
    }

    @Test
    void survivesARestartOfTheServer() throws Exception {
        faults.next(2, Fault.status(500));
        for (int i = 0; i < 2; i++) {
            try (RawHttp http = new RawHttp(server.uri())) {
                assertThat(http.get("/queue").answer().status()).isEqualTo(500);
            }
            server.restart();
        }
        try (RawHttp http = new RawHttp(server.uri())) {
            assertThat(http.get("/queue").answer().status()).isEqualTo(200);
        }
        faults.traffic().awaitConnectionsOpen(0, Duration.ofSeconds(5));
    }
}
