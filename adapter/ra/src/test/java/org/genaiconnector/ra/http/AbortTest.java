package org.genaiconnector.ra.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.genaiconnector.ra.http.TestBackends.category;
import static org.genaiconnector.ra.http.TestBackends.failure;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.AbstractMap;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.genaiconnector.FailureCategory;
import org.genaiconnector.GenAiException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A call that hangs, wherever it hangs, ends as soon as its connection is closed, and at its deadline at the latest. */
@Timeout(30)
class AbortTest {
    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n";

    private final ExecutorService caller = Executors.newSingleThreadExecutor();
    private final List<AutoCloseable> open = new ArrayList<>();
    private final CountDownLatch received = new CountDownLatch(1);
    private volatile Thread calling;

    @AfterEach
    void close() throws Exception {
        caller.shutdownNow();
        for (AutoCloseable resource : open) {
            resource.close();
        }
    }

    /** Nothing can be seen of a connect that hangs, so the connection is closed at several moments after it begins. */
    @ParameterizedTest
    @ValueSource(longs = {0, 3, 50})
    void endsWhileConnecting(long millis) throws Exception {
        HttpBackend backend = backend(blackHole(), Duration.ofMinutes(1));
        HttpConnection connection = TestBackends.connect(backend);
        CountDownLatch begun = new CountDownLatch(1);
        HttpCall get = new HttpCall("GET", backend.resource("/x"), new SeenHeaders(begun), null, Repeatable.ALWAYS);
        CompletableFuture<FailureCategory> call = call(() -> connection.call(get, answer -> answer));
        begun.await();
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(millis));
        connection.close();
        assertThat(call.get(1, TimeUnit.SECONDS)).isEqualTo(FailureCategory.CANCELLED);
    }

    /** No headers, which are asked for immediately before the call connects. */
    private static final class SeenHeaders extends AbstractMap<String, String> {
        private final CountDownLatch seen;

        SeenHeaders(CountDownLatch seen) {
            this.seen = seen;
        }

        @Override
        public Set<Entry<String, String>> entrySet() {
            seen.countDown();
            return Set.of();
        }
    }

    @Test
    void failsAfterTheConnectTimeout() throws Exception {
        HttpBackend backend = with(TestBackends.settings(blackHole(), Duration.ofMillis(200), Duration.ofSeconds(10)));
        GenAiException failure = failure(() -> TestBackends.get(backend, TestBackends.connect(backend)));
        assertThat(failure.category()).isEqualTo(FailureCategory.TIMEOUT_CONNECT);
        assertThat(failure).hasMessageContaining("within 200 ms");
    }

    @Test
    void theDeadlineCoversConnecting() throws Exception {
        HttpBackend backend = with(TestBackends.settings(blackHole(), Duration.ofSeconds(20), Duration.ofMillis(200)));
        assertThat(category(() -> TestBackends.get(backend, TestBackends.connect(backend))))
                .isEqualTo(FailureCategory.DEADLINE);
    }

    @Test
    void endsWhileWaitingForTheAnswer() throws Exception {
        HttpBackend backend = backend(silent().uri("http"), Duration.ofMinutes(1));
        HttpConnection connection = TestBackends.connect(backend);
        CompletableFuture<FailureCategory> call = call(() -> TestBackends.get(backend, connection));
        received.await();
        connection.close();
        assertThat(call.get(1, TimeUnit.SECONDS)).isEqualTo(FailureCategory.CANCELLED);
    }

    @Test
    void endsInTheMiddleOfAnAnswer() throws Exception {
        RawServer server = server(socket -> {
            RawServer.head(socket.getInputStream());
            write(socket, "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf");
            HttpConnectionTest.drain(socket.getInputStream());
        });
        HttpBackend backend = backend(server.uri("http"), Duration.ofMinutes(1));
        HttpConnection connection = TestBackends.connect(backend);
        CountDownLatch half = new CountDownLatch(1);
        CompletableFuture<FailureCategory> call =
                call(() -> connection.call(HttpCall.get(backend.resource("/x")), new HalfSeen(half)));
        half.await();
        connection.close();
        assertThat(call.get(1, TimeUnit.SECONDS)).isEqualTo(FailureCategory.CANCELLED);
    }

    /** Notices that something of the body has come. */
    private record HalfSeen(CountDownLatch seen) implements AnswerReader<HttpAnswer> {
        @Override
        public HttpAnswer read(HttpAnswer answer) {
            return answer;
        }

        @Override
        public InputStream sift(InputStream body) {
            return new FilterInputStream(body) {
                @Override
                public int read(byte[] bytes, int offset, int length) throws IOException {
                    int count = super.read(bytes, offset, length);
                    seen.countDown();
                    return count;
                }
            };
        }
    }

    @Test
    void endsWhileSendingToAServerThatDoesNotRead() throws Exception {
        HttpBackend backend = backend(unread().uri("http"), Duration.ofMinutes(1));
        HttpConnection connection = TestBackends.connect(backend);
        EndlessSource source = new EndlessSource();
        CompletableFuture<FailureCategory> call =
                call(() -> connection.call(HttpConnectionTest.upload(backend, source), answer -> answer));
        source.awaitBlocked();
        connection.close();
        assertThat(call.get(1, TimeUnit.SECONDS)).isEqualTo(FailureCategory.CANCELLED);
    }

    @Test
    void endsWhenItsThreadIsInterruptedWhileSending() throws Exception {
        HttpBackend backend = backend(unread().uri("http"), Duration.ofMinutes(1));
        HttpConnection connection = TestBackends.connect(backend);
        EndlessSource source = new EndlessSource();
        CompletableFuture<FailureCategory> call =
                call(() -> connection.call(HttpConnectionTest.upload(backend, source), answer -> answer));
        source.awaitBlocked();
        calling.interrupt();
        assertThat(call.get(1, TimeUnit.SECONDS)).isEqualTo(FailureCategory.CANCELLED);
    }

    @Test
    void theDeadlineCoversSending() {
        HttpBackend backend =
                with(TestBackends.settings(unread().uri("http"), Duration.ofSeconds(20), Duration.ofMillis(300)));
        assertThat(category(() -> TestBackends.connect(backend)
                        .call(HttpConnectionTest.upload(backend, new EndlessSource()), answer -> answer)))
                .isEqualTo(FailureCategory.DEADLINE);
    }

    @Test
    void aServerThatDoesNotReadIsSilentToo() {
        HttpBackend backend =
                with(TestBackends.settings(unread().uri("http"), Duration.ofMillis(300), Duration.ofSeconds(20)));
        byte[] large = new byte[32 << 20];
        HttpCall call = HttpCall.post(backend.resource("/x"), large, Repeatable.IF_NOT_DONE);
        assertThat(category(() -> TestBackends.connect(backend).call(call, answer -> answer)))
                .isEqualTo(FailureCategory.TIMEOUT_RESPONSE);
    }

    @Test
    void aLargeBodyReachesAServerThatReadsSlowly() throws Exception {
        int size = 16 << 20;
        RawServer server = server(socket -> {
            InputStream in = socket.getInputStream();
            RawServer.head(in);
            for (int read = 0; read < 8; read++) {
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
                in.readNBytes(size / 8);
            }
            write(socket, OK + "hi");
        });
        HttpBackend backend =
                with(TestBackends.settings(server.uri("http"), Duration.ofSeconds(5), Duration.ofSeconds(20)));
        HttpCall call = HttpCall.post(backend.resource("/x"), new byte[size], Repeatable.IF_NOT_DONE);
        assertThat(TestBackends.connect(backend).call(call, HttpAnswer::status)).isEqualTo(200);
    }

    @Test
    void closesAnAnswerUnderItsReaderWithoutHarmToTheNextCall() throws Exception {
        CountDownLatch second = new CountDownLatch(1);
        RawServer server = server(socket -> {
            RawServer.head(socket.getInputStream());
            if (second.getCount() > 0) {
                write(socket, "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf");
                HttpConnectionTest.drain(socket.getInputStream());
            } else {
                write(socket, OK + "hi");
                HttpConnectionTest.drain(socket.getInputStream());
            }
        });
        HttpBackend backend = backend(server.uri("http"), Duration.ofMinutes(1));
        HttpConnection connection = TestBackends.connect(backend);
        OpenAnswer answer = connection.open(HttpCall.get(backend.resource("/x")), opened -> opened);
        CountDownLatch half = new CountDownLatch(1);
        CompletableFuture<FailureCategory> reader = call(() -> {
            try {
                answer.content().readNBytes(4);
                half.countDown();
                answer.content().readAllBytes();
            } catch (BrokenAnswerException e) {
                throw e.failure();
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        });
        half.await();
        second.countDown();
        connection.reset();
        assertThat(TestBackends.get(backend, connection)).isEqualTo("hi");
        assertThat(reader.get(1, TimeUnit.SECONDS)).isEqualTo(FailureCategory.CANCELLED);
        assertThat(connection.isBroken()).isFalse();
    }

    @Test
    void endsWhenItsThreadIsInterrupted() throws Exception {
        HttpBackend backend = backend(silent().uri("http"), Duration.ofMinutes(1));
        HttpConnection connection = TestBackends.connect(backend);
        CompletableFuture<Boolean> stillInterrupted = new CompletableFuture<>();
        CompletableFuture<FailureCategory> call = call(() -> {
            try {
                TestBackends.get(backend, connection);
            } finally {
                stillInterrupted.complete(Thread.interrupted());
            }
        });
        received.await();
        calling.interrupt();
        assertThat(call.get(1, TimeUnit.SECONDS)).isEqualTo(FailureCategory.CANCELLED);
        assertThat(stillInterrupted.get()).isTrue();
    }

    @Test
    void leavesNoSocketBehind() throws Exception {
        RawServer server = silent();
        HttpBackend backend = backend(server.uri("http"), Duration.ofMinutes(1));
        HttpConnection connection = TestBackends.connect(backend);
        CompletableFuture<FailureCategory> call = call(() -> TestBackends.get(backend, connection));
        received.await();
        backend.close();
        assertThat(call.get(1, TimeUnit.SECONDS)).isEqualTo(FailureCategory.CANCELLED);
        awaitThat(() -> server.openConnections() == 0);
    }

    /** An address that accepts no connection and refuses none: a full backlog. */
    private URI blackHole() throws IOException {
        ServerSocket full = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"));
        open.add(full);
        while (true) {
            Socket waiting = new Socket();
            open.add(waiting);
            try {
                waiting.connect(new InetSocketAddress(full.getInetAddress(), full.getLocalPort()), 100);
            } catch (SocketTimeoutException e) {
                return URI.create("http://127.0.0.1:" + full.getLocalPort());
            }
        }
    }

    /** Reads and says nothing. */
    private RawServer silent() {
        return server(socket -> {
            RawServer.head(socket.getInputStream());
            received.countDown();
            HttpConnectionTest.drain(socket.getInputStream());
        });
    }

    /** Neither reads nor says anything. */
    private RawServer unread() {
        CountDownLatch end = new CountDownLatch(1);
        open.add(end::countDown);
        return server(socket -> {
            try {
                end.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
    }

    private RawServer server(RawServer.Script script) {
        RawServer server = RawServer.start(script);
        open.add(server);
        return server;
    }

    private HttpBackend backend(URI server, Duration timeout) {
        return with(TestBackends.settings(server, timeout, timeout));
    }

    private HttpBackend with(HttpSettings settings) {
        HttpBackend backend = TestBackends.with(settings);
        open.add(backend);
        return backend;
    }

    /** A body without end, which knows when no more of it is taken. */
    private static final class EndlessSource implements HttpCall.Writer {
        private final AtomicLong begun = new AtomicLong();
        private final AtomicLong ended = new AtomicLong();

        @Override
        public void writeTo(OutputStream out) throws IOException {
            while (true) {
                begun.incrementAndGet();
                out.write(new byte[8192]);
                ended.incrementAndGet();
            }
        }

        /** Waits until a write has lasted for a while. */
        void awaitBlocked() {
            awaitThat(() -> {
                long before = begun.get();
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
                return before > 0 && begun.get() == before && ended.get() < before;
            });
        }
    }

    private CompletableFuture<FailureCategory> call(TestBackends.Call call) {
        return CompletableFuture.supplyAsync(
                () -> {
                    calling = Thread.currentThread();
                    return category(call);
                },
                caller);
    }

    private static void awaitThat(BooleanSupplier condition) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("in time").isLessThan(end);
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
        }
    }

    private static void write(Socket socket, String text) throws IOException {
        OutputStream out = socket.getOutputStream();
        out.write(text.getBytes(StandardCharsets.UTF_8));
    }
}
