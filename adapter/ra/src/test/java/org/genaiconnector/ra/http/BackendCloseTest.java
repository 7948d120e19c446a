package org.genaiconnector.ra.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.genaiconnector.FailureCategory;
import org.genaiconnector.GenAiException;
import org.genaiconnector.ra.connection.TestConnections;
import org.genaiconnector.ra.messages.OperatorMessage;
import org.genaiconnector.ra.messages.Produces;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The HTTP client is not closed under a call, and no call is left when it is closed. */
@Timeout(60)
class BackendCloseTest {
    /** For calls on a busy machine: none may end before the backend is closed. */
    private static final Duration PATIENCE = Duration.ofSeconds(TestConnections.PATIENCE_SECONDS);

    @Test
    void everyCallFailsAsEnded() throws Exception {
        try (RawServer server = RawServer.answering("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi")) {
            for (int round = 0; round < 20; round++) {
                HttpBackend backend = TestBackends.with(TestBackends.settings(server.uri("http"), PATIENCE, PATIENCE));
                CountDownLatch busy = new CountDownLatch(4);
                List<Future<GenAiException>> callers = new ArrayList<>();
                for (int i = 0; i < 4; i++) {
                    HttpConnection connection = TestBackends.connect(backend);
                    HttpCall call = HttpCall.get(backend.resource("/x"));
                    callers.add(TestConnections.begin(() -> callUntilItFails(connection, call, busy)));
                }
                assertThat(busy.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
                LockSupport.parkNanos(round * 200_000L); // another moment each time
                backend.close();
                for (Future<GenAiException> caller : callers) {
                    assertThat(TestConnections.end(caller).category())
                            .isIn(FailureCategory.CANCELLED, FailureCategory.CLOSED);
                }
            }
        }
    }

    /** What is thrown besides fails the test. */
    private static GenAiException callUntilItFails(HttpConnection connection, HttpCall call, CountDownLatch busy) {
        while (true) {
            try {
                connection.call(call, answer -> answer);
                busy.countDown();
            } catch (GenAiException e) {
                return e;
            }
        }
    }

    @Test
    void anAddressThatIsMadeAfterwardsFailsWithItsCall() throws Exception {
        try (RawServer server = silent()) {
            HttpBackend backend = TestBackends.direct(server.uri("http"));
            HttpConnection connection = TestBackends.connect(backend);
            HttpResource jobs = backend.resource("/jobs");
            backend.close();

            HttpCall call = HttpCall.get(jobs.sub("7").query("part", "all"));

            assertThat(TestBackends.category(() -> connection.call(call, answer -> answer)))
                    .isIn(FailureCategory.CANCELLED, FailureCategory.CLOSED);
        }
    }

    @Test
    void waitsForTheCallsInside() throws Exception {
        AtomicBoolean left = new AtomicBoolean();
        try (RawServer server = silent()) {
            HttpBackend backend = TestBackends.direct(server.uri("http"));
            CountDownLatch inside = new CountDownLatch(1);
            Future<FailureCategory> call = begin(backend, () -> {
                inside.countDown();
                awaitClosed(backend);
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(100));
                left.set(true);
            });
            inside.await();
            backend.close();
            assertThat(left).isTrue();
            assertThat(TestConnections.end(call)).isEqualTo(FailureCategory.CANCELLED);
        }
    }

    @Test
    @Produces(OperatorMessage.CALLS_OUTLIVE_CLIENT)
    void doesNotWaitForEverAndSparesThoseInside() throws Exception {
        try (RawServer server = silent()) {
            HttpBackend backend = TestBackends.direct(server.uri("http"));
            CountDownLatch inside = new CountDownLatch(1);
            CountDownLatch end = new CountDownLatch(1);
            Future<FailureCategory> call = begin(backend, () -> {
                inside.countDown();
                end.await();
            });
            inside.await();
            backend.close();
            end.countDown();
            assertThat(TestConnections.end(call)).isEqualTo(FailureCategory.CANCELLED);
        }
    }

    private static RawServer silent() {
        return RawServer.start(socket -> HttpConnectionTest.drain(socket.getInputStream()));
    }

    @FunctionalInterface
    private interface Doing {
        void run() throws InterruptedException;
    }

    /** A call that does something while it is sent. */
    private static Future<FailureCategory> begin(HttpBackend backend, Doing doing) {
        HttpConnection connection = TestBackends.connect(backend);
        HttpCall upload = HttpConnectionTest.upload(backend, out -> {
            try {
                doing.run();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            while (true) {
                out.write(new byte[8192]); // until it fails
            }
        });
        return TestConnections.begin(() -> TestBackends.category(() -> connection.call(upload, answer -> answer)));
    }

    private static void awaitClosed(HttpBackend backend) {
        while (!backend.isClosed()) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
        }
    }
}
