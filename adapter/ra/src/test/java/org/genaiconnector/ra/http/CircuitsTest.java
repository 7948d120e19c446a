package org.genaiconnector.ra.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.genaiconnector.CircuitState;
import org.genaiconnector.FailureCategory;
import org.genaiconnector.GenAiException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Calls of a model that fails fail at once although all else of the backend answers")
class CircuitsTest {
    private Supplier<CircuitState> shown;
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
            public void circuit(Supplier<CircuitState> state) {
                shown = state;
            }

            @Override
            public void transport(TransportKind kind) {}
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
        assertThat(shown.get()).isEqualTo(CircuitState.CLOSED);
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
    void staysOpenWhenOtherCallsSucceed() {
        openThatOfTheSickModel();
        assertThat(shown.get()).isEqualTo(CircuitState.OPEN);
        assertThat(ask()).isNull();
        assertThat(work("/fine", "small")).isNull();
        assertThat(work("/fine", "")).isNull();
        assertThat(work("/fine", "big"))
                .as("neither questions nor other models close it")
                .hasMessageContaining("is not called at the moment");
    }

    @Test
    void isNeitherClosedNorOpenedByProbes() {
        openThatOfTheSickModel();
        assertThat(probe("/x")).isNull();
        assertThat(work("/sick", "big")).hasMessageContaining("is not called at the moment");
        for (int i = 0; i < 5; i++) {
            assertThat(probe("/sick")).isNotNull();
        }
        assertThat(ask()).isNull();
        assertThat(shown.get()).isEqualTo(CircuitState.OPEN);
    }

    @Test
    void isShownNoLongerThanItsModelIsCalled() {
        AtomicLong now = new AtomicLong();
        Circuits circuits = new Circuits(
                "Test server", new CircuitPolicy(1, Duration.ofSeconds(5)), TestBackends.NO_OBSERVER, now::get);
        HttpCall big =
                HttpCall.post(backend.resource("/x"), Repeatable.IF_NOT_DONE).about("big");
        HttpCall small =
                HttpCall.post(backend.resource("/x"), Repeatable.IF_NOT_DONE).about("small");
        GenAiException down = new GenAiException(FailureCategory.UNAVAILABLE, "down");
        circuits.failed(big, down);
        assertThat(circuits.get()).isEqualTo(CircuitState.OPEN);

        now.addAndGet(Duration.ofMinutes(9).toNanos());
        circuits.failed(small, down);
        circuits.succeeded(small);
        assertThat(circuits.get()).as("of the other model").isEqualTo(CircuitState.OPEN);
        now.addAndGet(Duration.ofMinutes(2).toNanos());
        assertThat(circuits.get()).isEqualTo(CircuitState.CLOSED);
        assertThat(circuits.isClosed(big)).isTrue();
    }

    @Test
    void isShownNoLongerThanItsBackendIsOpen() {
        openThatOfTheSickModel();
        backend.close();
        assertThat(shown.get()).isEqualTo(CircuitState.CLOSED);
    }

    @Test
    void limitsTheRateOfOneModelOnly() {
        assertThat(work("/limited", "big")).hasMessageContaining("status 429");
        assertThat(work("/fine", "big")).hasMessageContaining("is rate limited for another");
        assertThat(work("/fine", "small")).isNull();
        assertThat(ask()).isNull();
    }
}
