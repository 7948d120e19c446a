package org.genaiconnector.ra.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import org.genaiconnector.FailureCategory;
import org.genaiconnector.GenAiException;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("Odd heads of answers mean the same with every HTTP client, and the next call of the connection works")
class OddHeadsTest {

    /** Lines of a head are separated by bars. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '>',
            value = {
                "200 >",
                "200 OK >",
                "200 OK|Content-Type: application/json >",
                "200 OK|Content-Type: text/html; charset=utf-8 >",
                "200 OK|Content-Type: */*;q=x;; >",
                "200 OK|Last-Modified: x|Location: ::|Allow: ,, >",
                "200 OK|Keep-Alive: timeout=x >",
                "200 OK|Connection: close >",
                "200 OK|Transfer-Encoding: identity > PROTOCOL",
                "200 OK|Content-Type: json > PROTOCOL",
                "200 OK|Content-Type: > PROTOCOL",
                "200 OK|Content-Type: a/b/c > PROTOCOL",
                "200 OK|Content-Type: a/b, c/d > PROTOCOL",
                "200 OK|Content-Type: a/b; charset > PROTOCOL",
                "200 OK|Content-Type: a/b|Content-Type: a/b > PROTOCOL",
                "200 OK|Content-Encoding: br > PROTOCOL",
                "200 OK|no colon > PROTOCOL",
                "101 Switching > PROTOCOL",
                "099 Less > PROTOCOL"
            })
    void meanTheSame(String head, FailureCategory expected) throws Exception {
        AtomicReference<String> first = new AtomicReference<>(head);
        try (RawServer server = RawServer.start(socket -> answer(socket, first));
                HttpBackend backend = TestBackends.with(
                        TestBackends.settings(server.uri("http"), Duration.ofSeconds(5), Duration.ofSeconds(10)))) {
            HttpConnection connection = TestBackends.connect(backend);
            GenAiException failure = TestBackends.failure(() -> TestBackends.get(backend, connection));
            assertThat(failure == null ? null : failure.category())
                    .as(() -> String.valueOf(failure))
                    .isEqualTo(expected);
            assertThat(TestBackends.get(backend, connection)).isEqualTo("{}");
        }
    }

    /** The first request of all gets the odd head. */
    private static void answer(Socket socket, AtomicReference<String> first) throws IOException {
        while (!RawServer.head(socket.getInputStream()).isEmpty()) {
            String head = first.getAndSet("200 OK").replace("|", "\r\n");
            String answer = "HTTP/1.1 " + head + "\r\nContent-Length: 2\r\n\r\n{}";
            socket.getOutputStream().write(answer.getBytes(StandardCharsets.ISO_8859_1));
        }
    }
}
