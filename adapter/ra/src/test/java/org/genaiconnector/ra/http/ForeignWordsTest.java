package org.genaiconnector.ra.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.genaiconnector.FailureCategory;
import org.genaiconnector.GenAiException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What servers say in answers of every kind, on its way into messages. */
class ForeignWordsTest {
    private static final String KEY = "sk-4f6a1c0d97";

    private final AtomicLong written = new AtomicLong();
    private RawServer server;
    private HttpBackend backend;

    private GenAiException failure(RawServer answering) {
        server = answering;
        backend = TestBackends.direct(server.uri("http"));
        try (HttpConnection connection = backend.connect(Map.of("Authorization", "Bearer " + KEY), List.of(KEY))) {
            GenAiException failure = TestBackends.failure(
                    () -> connection.call(HttpCall.get(backend.resource("/x")), HttpAnswer::jsonObject));
            assertThat(failure).isNotNull();
            for (Throwable each = failure; each != null; each = each.getCause()) {
                assertThat(String.valueOf(each.getMessage()))
                        .hasSizeLessThan(1_100)
                        .doesNotContainPattern("[\\p{Cntrl}\\p{Cf}\\u2028\\u2029]")
                        .doesNotContain(KEY);
            }
            return failure;
        }
    }

    @AfterEach
    void close() {
        backend.close();
        server.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "HTTP/1.1 503 Busy\r\nConnection: close\r\n\r\nno\r\nSEVERE: forged\u001b[2J\u2028\u202e",
                "HTTP/1.1 500 X\r\nConnection: close\r\n\r\nLONG",
                "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n{\"a\": \n\u001b[31m\u0085 nonsense\u2028}",
                "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n[\"\u202e\u2028\"]",
                "HTTP/1.1 200 OK\r\nContent-Length: 3\u001b[2J" + KEY + "\r\n\r\nabc",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: \u001b[2J\u202e\r\n\r\nabc",
                "HTTP/1.1 200 OK\r\nno colon \u001b[2J " + KEY + "\u202e\r\n\r\nabc",
                "HTTP/1.1 2\u001b[2J0 OK\r\n\r\n",
                "SSH-2.0-\u001b[2J " + KEY + "\r\n\r\n",
                "HTTP/1.1 400 X\r\nx-request-id: \u001b[2J\r\nConnection: close\r\n\r\nk\u200be\u200by sk-4f6a\u200b1c0d97"
            })
    void stayOnOneLineAndShowNoSecret(String answer) {
        failure(RawServer.answeringOnce(answer.replace("LONG", "z\n".repeat(5_000))));
    }

    @ParameterizedTest
    @CsvSource({
        "302, https://login.example/sso?ticket=4711#x, (to https://login.example/sso)",
        "307, http://user:pass@login.example/, (to http://***@login.example/)",
        "301, /elsewhere, (to /elsewhere)"
    })
    void nameWhereARedirectLeadsWithoutItsTickets(int status, String location, String shown) {
        server = RawServer.answering(
                "HTTP/1.1 " + status + " X\r\nLocation: " + location + "\r\nContent-Length: 0\r\n\r\n");
        backend = new HttpBackend(
                TestBackends.settings(
                        server.uri("http"), java.time.Duration.ofSeconds(5), java.time.Duration.ofSeconds(5)),
                answer -> answer.failure(FailureCategory.PROTOCOL, answer.refusal(answer.excerpt()), null),
                TestBackends.NO_OBSERVER);
        try (HttpConnection connection = TestBackends.connect(backend)) {
            assertThat(TestBackends.failure(() -> TestBackends.get(backend, connection)))
                    .hasMessageContaining("answered /x with status " + status + " " + shown + ": (empty)");
        }
    }

    @Test
    void tellHowMuchHasBeenLeftOut() {
        String body = "y".repeat(3_000);
        assertThat(failure(RawServer.answering("HTTP/1.1 500 X\r\nContent-Length: 3000\r\n\r\n" + body)))
                .hasMessageContaining("y".repeat(200) + "... (3000 bytes in all)");
    }

    @Test
    void areNotReadToTheEndOfAnEndlessRefusal() {
        byte[] piece = new byte[64 * 1024];
        Arrays.fill(piece, (byte) 'y');
        GenAiException failure = failure(RawServer.start(socket -> {
            RawServer.head(socket.getInputStream());
            OutputStream out = socket.getOutputStream();
            out.write("HTTP/1.1 503 X\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            while (true) {
                out.write(piece);
                written.addAndGet(piece.length);
            }
        }));
        assertThat(failure)
                .hasMessageContaining("y".repeat(200) + "... (more than 1048576 bytes in all)")
                .extracting(GenAiException::category)
                .isEqualTo(FailureCategory.UNAVAILABLE);
        // and what the kernel keeps in its buffers
        assertThat(written.get()).isLessThan(16 * 1024 * 1024);
    }
}
