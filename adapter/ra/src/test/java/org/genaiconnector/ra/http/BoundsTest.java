package org.genaiconnector.ra.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.genaiconnector.FailureCategory;
import org.genaiconnector.GenAiException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("No call takes more time or memory than it may")
class BoundsTest {
    private static final Duration CALL = Duration.ofMillis(700);
    private static final Duration FAR_TOO_LONG = Duration.ofSeconds(20);
    private static final byte[] PIECE = new byte[64 * 1024];

    static {
        Arrays.fill(PIECE, (byte) '0');
    }

    private RawServer server;
    private HttpBackend backend;

    private HttpConnection connect(RawServer started, Duration call) {
        server = started;
        backend = TestBackends.with(TestBackends.settings(server.uri("http"), Duration.ofSeconds(10), call));
        return TestBackends.connect(backend);
    }

    @AfterEach
    void stop() {
        backend.close();
        server.close();
    }

    private static OutputStream begin(Socket socket, String head) throws IOException {
        RawServer.head(socket.getInputStream());
        OutputStream out = socket.getOutputStream();
        out.write(head.getBytes(StandardCharsets.US_ASCII));
        return out;
    }

    private static RawServer flood(String head, byte[] piece) {
        return RawServer.start(socket -> {
            OutputStream out = begin(socket, head);
            while (true) {
                out.write(piece);
            }
        });
    }

    private static void assertEndsInTime(Duration call, TestBackends.Call work) {
        long start = System.nanoTime();
        assertThat(TestBackends.failure(work))
                .isNotNull()
                .hasMessageContaining("did not finish within the call timeout of " + call.toMillis() + " ms")
                .extracting(GenAiException::category)
                .isEqualTo(FailureCategory.DEADLINE);
        assertThat(System.nanoTime() - start).isBetween(call.toNanos() / 2, FAR_TOO_LONG.toNanos());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "HTTP/1.1 200 OK\r\n\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: 9000000000\r\n\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n7fffffff\r\n"
            })
    void aFloodEndsAtTheDeadline(String head) {
        HttpConnection connection = connect(flood(head, PIECE), CALL);
        assertEndsInTime(
                CALL,
                () -> connection.open(HttpCall.get(backend.resource("/x")), answer -> {
                    try {
                        while (answer.content().read(new byte[8_192]) >= 0) {
                            // until it ends
                        }
                    } catch (BrokenAnswerException e) {
                        throw e.failure();
                    } catch (IOException e) {
                        throw new AssertionError(e);
                    }
                    return null;
                }));
        assertThat(connection.isBroken()).isTrue();
    }

    @Test
    void aFloodOfInterimAnswersEndsAtTheDeadline() {
        HttpConnection connection =
                connect(flood("", "HTTP/1.1 100 Continue\r\n\r\n".getBytes(StandardCharsets.US_ASCII)), CALL);
        assertEndsInTime(CALL, () -> TestBackends.get(backend, connection));
    }

    @Test
    void aBodyWithoutEndIsNotSentBeyondTheDeadline() {
        HttpConnection connection = connect(
                RawServer.start(socket -> {
                    while (socket.getInputStream().read(new byte[64 * 1024]) >= 0) {
                        // takes all
                    }
                }),
                CALL);
        HttpCall call = new HttpCall(
                "POST",
                backend.resource("/x"),
                java.util.Map.of(),
                new HttpCall.Streamed("application/octet-stream", out -> {
                    while (true) {
                        out.write(PIECE);
                    }
                }),
                Repeatable.NEVER);
        assertEndsInTime(CALL, () -> connection.call(call, answer -> null));
    }

    @Test
    void severalCallsShareADeadline() {
        HttpConnection connection = connect(
                RawServer.start(socket -> {
                    while (!RawServer.head(socket.getInputStream()).isEmpty()) {
                        pause(200);
                        socket.getOutputStream()
                                .write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"
                                        .getBytes(StandardCharsets.US_ASCII));
                    }
                }),
                Duration.ofMinutes(1));
        assertEndsInTime(
                CALL,
                () -> Deadline.in(CALL).around(() -> {
                    while (true) {
                        TestBackends.get(backend, connection);
                    }
                }));
        assertThat(TestBackends.failure(() -> TestBackends.get(backend, connection)))
                .isNull();
    }

    /** A slow server, not a wait for anything. */
    private static void pause(long millis) {
        try {
            TimeUnit.MILLISECONDS.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void aStreamIsReadUpToItsLimit() {
        HttpConnection connection = connect(flood("HTTP/1.1 200 OK\r\n\r\n", PIECE), FAR_TOO_LONG);
        GenAiException failure =
                TestBackends.failure(() -> connection.open(HttpCall.get(backend.resource("/x")), answer -> {
                    answer.limit(1_000_000);
                    try {
                        answer.content().skip(Long.MAX_VALUE);
                    } catch (BrokenAnswerException e) {
                        throw e.failure();
                    } catch (IOException e) {
                        throw new AssertionError(e);
                    }
                    return null;
                }));
        assertThat(failure)
                .hasMessageContaining("streamed an answer of more than 1000000 bytes")
                .extracting(GenAiException::category)
                .isEqualTo(FailureCategory.TOO_LARGE);
    }

    @Test
    void aWholeAnswerIsReadUpToItsLimit() {
        HttpConnection connection = connect(flood("HTTP/1.1 200 OK\r\n\r\n", PIECE), FAR_TOO_LONG);
        assertThat(TestBackends.failure(() -> TestBackends.get(backend, connection)))
                .hasMessageContaining("answered /x with more than 67108864 bytes")
                .extracting(GenAiException::category)
                .isEqualTo(FailureCategory.TOO_LARGE);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "HTTP/1.1 200 OK\r\nX: ",
                "HTTP/1.1 200 ",
                "",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1;"
            })
    void aLineOfAHeadIsReadUpToItsLimit(String head) {
        assertIsTooLargeAHead(connect(flood(head, PIECE), FAR_TOO_LONG));
    }

    @Test
    void aHeadWithoutEndIsReadUpToItsLimit() {
        assertIsTooLargeAHead(
                connect(flood("HTTP/1.1 200 OK\r\n", "X: y\r\n".getBytes(StandardCharsets.US_ASCII)), FAR_TOO_LONG));
    }

    private void assertIsTooLargeAHead(HttpConnection connection) {
        GenAiException failure = TestBackends.failure(() -> TestBackends.get(backend, connection));
        assertThat(failure).hasMessageContaining("Test server at http://127.0.0.1:");
        assertThat(failure.category())
                .as(failure.getMessage())
                .isIn(FailureCategory.TOO_LARGE, FailureCategory.TRUNCATED, FailureCategory.PROTOCOL);
    }
}
