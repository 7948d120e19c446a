package org.genaiconnector.ra.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.genaiconnector.CircuitState;
import org.genaiconnector.GenAiException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Calls of a model that fails fail at once although all else of the backend answers")
class CircuitsTest {
    private final List<CircuitState> states = new CopyOnWriteArrayList<>();
    private final RawServer server = RawServer.start(CircuitsTest::answer);
    private HttpBackend backend;
    private HttpConnection connection;

    /** Only what names a sick model fails. */
    private static void answer(Socket socket) throws IOException {
        String head = RawServer.head(socket.getInputStream());
        while (!head.isEmpty()) {
            String status = head.contains("/sick") ? "503 Busy" : head.contains("/limited") ? "429 Slow" : "200 OK";
            socket.getOutputStream()
                    .write(("HTTP/1.1 " + status + "\r\nRetry-After: 50\r\nContent-Length: 2\r\n\r\n{}")
                            .getBytes(StandardCharsets.US_ASCII));
            head = RawServer.head(socket.getInputStream());
        }
    }

    @BeforeEach
    void connect() {
        HttpSettings plain = TestBackends.settings(server.uri("http"), Duration.ofSeconds(5), Duration.ofSeconds(5));
        HttpObserver observer = new HttpObserver() {
            @Override
            public void retried() {}

            @Override
            public void circuit(CircuitState state) {
                states.add(state);
            }
        };
        backend = new HttpBackend(
                new HttpSettings(
                        plain.backend(),
                        plain.server(),
                        plain.connectTimeout(),
                        plain.responseTimeout(),
                        plain.callTimeout(),
                        plain.retry(),
                        new CircuitPolicy(3, Duration.ofMinutes(5)),
                        plain.transport()),
                answer -> answer.failure(
                        StatusFailures.category(answer.status()), answer.refusal(answer.excerpt()), null),
                observer);
        connection = TestBackends.connect(backend);
    }

    @AfterEach
    void stop() {
        backend.close();
        server.close();
    }

    private GenAiException work(String path, String model) {
        return TestBackends.failure(() -> connection.call(
                HttpCall.post(backend.resource(path), Repeatable.IF_NOT_DONE).about(model), answer -> null));
    }

    private GenAiException ask() {
        return TestBackends.failure(() -> TestBackends.get(backend, connection));
    }

    private GenAiException probe(String path) {
        return TestBackends.failure(() -> connection.call(
                HttpCall.get(backend.resource(path)),
                answer -> null,
                backend.settings().once(Duration.ofSeconds(2))));
    }

    private void openThatOfTheSickModel() {
        for (int i = 0; i < 3; i++) {
            assertThat(work("/sick", "big")).isNotNull();
            assertThat(ask()).isNull();
            assertThat(probe("/x")).isNull();
            assertThat(work("/fine", "small")).isNull();
        }
        assertThat(work("/sick", "big")).hasMessageContaining("(big) is not called at the moment");
    }

    @Test
    void whateverSucceedsInBetween() {
        openThatOfTheSickModel();
        assertThat(states).containsExactly(CircuitState.OPEN);
        assertThat(ask()).isNull();
        assertThat(work("/fine", "small")).isNull();
        assertThat(work("/fine", "")).isNull();
        assertThat(work("/fine", "big"))
                .as("neither questions nor other models close it")
                .hasMessageContaining("is not called at the moment");
    }

    @Test
    void andAProbeNeitherClosesNorOpensAnything() {
        openThatOfTheSickModel();
        assertThat(probe("/x")).isNull();
        assertThat(work("/sick", "big")).hasMessageContaining("is not called at the moment");
        for (int i = 0; i < 5; i++) {
            assertThat(probe("/sick")).isNotNull();
        }
        assertThat(ask()).isNull();
        assertThat(states).containsExactly(CircuitState.OPEN);
    }

    @Test
    void andTheRateLimitOfOneModelIsNoLimitOfAnother() {
        assertThat(work("/limited", "big")).hasMessageContaining("status 429");
        assertThat(work("/fine", "big")).hasMessageContaining("is rate limited for another");
        assertThat(work("/fine", "small")).isNull();
        assertThat(ask()).isNull();
    }
}
