package org.genaiconnector.ra.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.genaiconnector.FailureCategory;
import org.genaiconnector.GenAiException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class SendWatchTest {
    private final AtomicInteger starts = new AtomicInteger();

    private Consumer<SendWatch> countedThread() {
        return watch -> {
            starts.incrementAndGet();
            RawServer.daemon(watch);
        };
    }

    private static HttpBackend backend(URI server, SendWatch watch) {
        return new HttpBackend(
                TestBackends.settings(server, Duration.ofSeconds(10), Duration.ofSeconds(10)),
                answer -> answer.failure(FailureCategory.SERVER, "refused", null),
                TestBackends.NO_OBSERVER,
                watch);
    }

    /** Reads requests to the end of their bodies and answers them. */
    private static RawServer reading() {
        return RawServer.start(socket -> {
            for (String head = RawServer.head(socket.getInputStream());
                    !head.isEmpty();
                    head = RawServer.head(socket.getInputStream())) {
                int length = Integer.parseInt(
                        head.replaceFirst("(?is).*content-length: *", "").replaceFirst("(?s)\\D.*", ""));
                socket.getInputStream().readNBytes(length);
                socket.getOutputStream()
                        .write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi".getBytes(StandardCharsets.US_ASCII));
            }
        });
    }

    private static int post(HttpBackend backend, HttpConnection connection, int size) throws GenAiException {
        HttpCall call = HttpCall.post(backend.resource("/x"), new byte[size], Repeatable.IF_NOT_DONE);
        return connection.call(call, HttpAnswer::status);
    }

    @Test
    void usualRequestsNeedNoThread() throws Exception {
        int size = 10_000;
        try (RawServer server = reading();
                HttpBackend backend = backend(server.uri("http"), new SendWatch(countedThread()))) {
            HttpConnection connection = TestBackends.connect(backend);
            for (int i = 0; i < 20; i++) {
                assertThat(post(backend, connection, size)).isEqualTo(200);
            }
            assertThat(starts).hasValue(0);
        }
    }

    @Test
    void largeBodiesOfAllConnectionsShareAThread() throws Exception {
        int size = 1 << 20;
        try (RawServer server = reading();
                SendWatch watch = new SendWatch(countedThread());
                HttpBackend backend = backend(server.uri("http"), watch)) {
            for (int i = 0; i < 5; i++) {
                assertThat(post(backend, TestBackends.connect(backend), size)).isEqualTo(200);
            }
            assertThat(starts).hasValue(1);
        }
    }

    @Test
    void closingItEndsItsThread() throws Exception {
        int size = 1 << 20;
        CountDownLatch ended = new CountDownLatch(1);
        SendWatch watch = new SendWatch(started -> RawServer.daemon(() -> {
            started.run();
            ended.countDown();
        }));
        try (RawServer server = reading();
                HttpBackend backend = backend(server.uri("http"), watch)) {
            assertThat(post(backend, TestBackends.connect(backend), size)).isEqualTo(200);
            watch.close();
            ended.await();
        }
    }

    @Test
    void withoutAThreadALargeBodyIsNotSentUnwatched() throws Exception {
        int size = 1 << 20;
        SendWatch watch = new SendWatch(started -> {
            throw new RejectedExecutionException("the pool is exhausted, as the test wants");
        });
        try (RawServer server = reading();
                HttpBackend backend = backend(server.uri("http"), watch)) {
            HttpConnection connection = TestBackends.connect(backend);
            assertThat(TestBackends.failure(() -> post(backend, connection, size)))
                    .hasMessageContaining("gives no thread")
                    .hasRootCauseMessage("the pool is exhausted, as the test wants");
            assertThat(post(backend, connection, 10)).isEqualTo(200);
        }
    }
}
