package org.genaiconnector.ra.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.genaiconnector.ra.http.TestBackends.category;
import static org.genaiconnector.ra.http.TestBackends.failure;

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
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.genaiconnector.FailureCategory;
import org.genaiconnector.GenAiException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A call that hangs, wherever it hangs, ends as soon as its connection is closed, and at its deadline at the latest. */
@Timeout(30)
class AbortTest {
    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n";

    private final ExecutorService caller = Executors.newSingleThreadExecutor();
    private final List<AutoCloseable> open = new ArrayList<>();
    private volatile Thread calling;

    @AfterEach
    void close() throws Exception {
        caller.shutdownNow();
        for (AutoCloseable resource : open) {
            resource.close();
        }
    }

    @Test
    void endsWhileConnecting() throws Exception {
        HttpBackend backend = backend(blackHole(), Duration.ofMinutes(1));
        HttpConnection connection = TestBackends.connect(backend);
        CompletableFuture<FailureCategory> call = call(() -> TestBackends.get(backend, connection));
        awaitInside("connect");
        connection.close();
        assertThat(call.get(1, TimeUnit.SECONDS)).isEqualTo(FailureCategory.CANCELLED);
    }

    @Test
    void whoeverCannotConnectIsToldAfterTheConnectTimeout() throws Exception {
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
        awaitInside("receiveResponseHeader");
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
        CompletableFuture<FailureCategory> call = call(() -> TestBackends.get(backend, connection));
        awaitInside("readAll");
        connection.close();
        assertThat(call.get(1, TimeUnit.SECONDS)).isEqualTo(FailureCategory.CANCELLED);
    }

    @Test
    void endsWhileSendingToAServerThatDoesNotRead() throws Exception {
        HttpBackend backend = backend(deaf().uri("http"), Duration.ofMinutes(1));
        HttpConnection connection = TestBackends.connect(backend);
        CompletableFuture<FailureCategory> call = call(() -> connection.call(endlessUpload(backend), answer -> answer));
        awaitInside("writeTo");
        connection.close();
        assertThat(call.get(1, TimeUnit.SECONDS)).isEqualTo(FailureCategory.CANCELLED);
    }

    @Test
    void endsWhenItsThreadIsInterruptedWhileSending() throws Exception {
        HttpBackend backend = backend(deaf().uri("http"), Duration.ofMinutes(1));
        HttpConnection connection = TestBackends.connect(backend);
        CompletableFuture<FailureCategory> call = call(() -> connection.call(endlessUpload(backend), answer -> answer));
        awaitInside("writeTo");
        calling.interrupt();
        assertThat(call.get(1, TimeUnit.SECONDS)).isEqualTo(FailureCategory.CANCELLED);
    }

    @Test
    void theDeadlineCoversSending() {
        HttpBackend backend =
                with(TestBackends.settings(deaf().uri("http"), Duration.ofSeconds(20), Duration.ofMillis(300)));
        assertThat(category(() -> TestBackends.connect(backend).call(endlessUpload(backend), answer -> answer)))
                .isEqualTo(FailureCategory.DEADLINE);
    }

    @Test
    void aServerThatDoesNotReadIsSilentToo() {
        HttpBackend backend =
                with(TestBackends.settings(deaf().uri("http"), Duration.ofMillis(300), Duration.ofSeconds(20)));
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
        CompletableFuture<FailureCategory> reader = call(() -> {
            try {
                answer.content().readAllBytes();
            } catch (BrokenAnswerException e) {
                throw e.failure();
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        });
        awaitInside("readAllBytes");
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
        awaitInside("receiveResponseHeader");
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
        awaitInside("receiveResponseHeader");
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
        return server(socket -> HttpConnectionTest.drain(socket.getInputStream()));
    }

    /** Neither reads nor says anything. */
    private RawServer deaf() {
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

    private static HttpCall endlessUpload(HttpBackend backend) {
        return HttpConnectionTest.upload(backend, out -> {
            while (true) {
                out.write(new byte[8192]);
            }
        });
    }

    private CompletableFuture<FailureCategory> call(TestBackends.Call call) {
        return CompletableFuture.supplyAsync(
                () -> {
                    calling = Thread.currentThread();
                    return category(call);
                },
                caller);
    }

    /** Waits until the call is where it is to be interrupted, and hangs there. */
    private void awaitInside(String method) {
        awaitThat(() -> calling != null
                && Arrays.stream(calling.getStackTrace())
                        .anyMatch(frame -> frame.getMethodName().equals(method))
                && isHanging(calling));
    }

    /** The same place, some milliseconds later. */
    private static boolean isHanging(Thread thread) {
        StackTraceElement[] before = thread.getStackTrace();
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
        return Arrays.equals(before, thread.getStackTrace());
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
