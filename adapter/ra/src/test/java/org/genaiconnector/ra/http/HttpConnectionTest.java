package org.genaiconnector.ra.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.genaiconnector.ra.http.TestBackends.category;
import static org.genaiconnector.ra.http.TestBackends.failure;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.genaiconnector.FailureCategory;
import org.genaiconnector.GenAiException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** One connection and its socket: when it is kept, when it is replaced, what is sent twice, what is too much. */
@Timeout(30)
class HttpConnectionTest {
    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n";

    private RawServer server;
    private HttpBackend backend;
    private HttpConnection connection;

    private void connect(RawServer to) {
        server = to;
        backend = TestBackends.direct(server.uri("http"));
        connection = TestBackends.connect(backend);
    }

    private String get() throws GenAiException {
        return TestBackends.get(backend, connection);
    }

    @AfterEach
    void close() {
        backend.close();
        server.close();
    }

    @Test
    void keepsItsSocketAsLongAsTheServerSaysNothing() throws Exception {
        connect(RawServer.answering(OK + "\r\nhi"));
        assertThat(List.of(get(), get(), get())).containsOnly("hi");
        assertThat(server.connections()).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"Connection: close", "Keep-Alive: timeout=0"})
    void opensAnotherSocketIfTheServerWantsItSo(String header) throws Exception {
        connect(RawServer.answering(OK + header + "\r\n\r\nhi"));
        assertThat(List.of(get(), get(), get())).containsOnly("hi");
        assertThat(server.connections()).isEqualTo(3);
    }

    @Test
    void keepsItsSocketNoLongerThanTheServer() throws Exception {
        connect(RawServer.answering(OK + "Keep-Alive: timeout=1\r\n\r\nhi"));
        get();
        get();
        assertThat(server.connections()).isEqualTo(1);
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1_050)); // seconds are the header's unit
        get();
        assertThat(server.connections()).isEqualTo(2);
    }

    @Test
    void noticesThatTheServerHasClosedTheIdleSocket() throws Exception {
        connect(RawServer.start(socket -> {
            RawServer.head(socket.getInputStream());
            write(socket.getOutputStream(), OK + "\r\nhi");
        }));
        assertThat(get()).isEqualTo("hi");
        assertThat(get()).isEqualTo("hi");
        assertThat(connection.isBroken()).isFalse();
    }

    @Test
    void sendsNothingAgainThatTheServerMayHaveWorkedOn() throws Exception {
        List<String> requests = new CopyOnWriteArrayList<>();
        connect(RawServer.start(socket -> {
            requests.add(RawServer.head(socket.getInputStream()));
            write(socket.getOutputStream(), OK + "\r\nhi");
            requests.add(RawServer.head(socket.getInputStream()));
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1_100)); // works, then closes
        }));
        get();
        HttpCall post = HttpCall.post(backend.resource("/x"), Repeatable.IF_NOT_DONE);
        assertThat(category(() -> connection.call(post, answer -> answer))).isEqualTo(FailureCategory.COMMUNICATION);
        assertThat(requests).hasSize(2);
        assertThat(connection.isBroken()).isTrue();
    }

    @Test
    void sendsHeadersOnceInAnyCase() throws Exception {
        List<String> heads = new CopyOnWriteArrayList<>();
        server = RawServer.start(socket -> {
            heads.add(RawServer.head(socket.getInputStream()));
            write(socket.getOutputStream(), OK + "\r\nhi");
        });
        HttpSettings settings =
                TestBackends.settings(server.uri("http"), Duration.ofSeconds(5), Duration.ofSeconds(10));
        backend = TestBackends.with(new HttpSettings(
                settings.backend(),
                settings.server(),
                settings.connectTimeout(),
                settings.responseTimeout(),
                settings.callTimeout(),
                settings.retry(),
                settings.circuit(),
                new Transport(
                        Transport.DEFAULT.tls(),
                        true,
                        Transport.DEFAULT.proxy(),
                        Map.of("authorization", "from the way", "X-Team", "blue"))));
        connection = backend.connect(Map.of("Authorization", "from the factory"), List.of());
        get();
        assertThat(heads.get(0).lines().filter(line -> line.toLowerCase().startsWith("authorization")))
                .containsExactly("authorization: from the factory");
        assertThat(heads.get(0)).contains("\r\nX-Team: blue\r\n");
    }

    @Test
    void refusesAnswersThatDoNotFitIntoMemory() {
        connect(RawServer.start(socket -> {
            RawServer.head(socket.getInputStream());
            write(socket.getOutputStream(), "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n");
            endless(socket.getOutputStream());
        }));
        assertThat(category(this::get)).isEqualTo(FailureCategory.TOO_LARGE);
        assertThat(connection.isBroken()).as("another socket will do").isFalse();
    }

    @Test
    void reservesNothingForWhatIsOnlyAnnounced() {
        connect(RawServer.start(socket -> {
            RawServer.head(socket.getInputStream());
            write(socket.getOutputStream(), "HTTP/1.1 200 OK\r\nContent-Length: 9000000000000\r\n\r\n");
            endless(socket.getOutputStream());
        }));
        assertThat(category(this::get)).isEqualTo(FailureCategory.TOO_LARGE);
    }

    @Test
    void believesTheStatusOfARefusalThatNeverEnds() {
        connect(RawServer.start(socket -> {
            RawServer.head(socket.getInputStream());
            write(socket.getOutputStream(), "HTTP/1.1 401 No\r\nConnection: close\r\n\r\n");
            endless(socket.getOutputStream());
        }));
        assertThat(category(this::get)).isEqualTo(FailureCategory.AUTHENTICATION);
    }

    @ParameterizedTest
    @ValueSource(strings = {"Content-Length: many", "Content-Length: -1", "Transfer-Encoding: zip"})
    void headersThatMakeNoSenseAreAProtocolFailure(String header) {
        connect(RawServer.answering("HTTP/1.1 200 OK\r\n" + header + "\r\n\r\nhi"));
        assertThat(category(this::get)).isEqualTo(FailureCategory.PROTOCOL);
        assertThat(connection.isBroken()).isTrue();
    }

    @Test
    void readsWhyAServerDoesNotReadOn() throws Exception {
        connect(RawServer.start(socket -> {
            RawServer.head(socket.getInputStream());
            write(socket.getOutputStream(), "HTTP/1.1 413 Too much\r\nConnection: close\r\nContent-Length: 0\r\n\r\n");
        }));
        HttpCall upload = upload(out -> out.write(new byte[32 << 20]));
        assertThat(category(() -> connection.call(upload, answer -> answer))).isEqualTo(FailureCategory.TOO_LARGE);
        assertThat(connection.isBroken()).isFalse();
    }

    @Test
    void aSourceThatCannotBeReadIsAnInvalidRequest() {
        connect(RawServer.start(socket -> socket.getInputStream().transferTo(OutputStream.nullOutputStream())));
        HttpCall upload = upload(out -> {
            out.write(new byte[100_000]);
            throw new IOException("disk on fire");
        });
        GenAiException failure = failure(() -> connection.call(upload, answer -> answer));
        assertThat(failure.category()).isEqualTo(FailureCategory.INVALID_REQUEST);
        assertThat(failure).hasMessageContaining("disk on fire").rootCause().hasMessage("disk on fire");
    }

    @Test
    void isForOneCallAtATime() throws Exception {
        connect(RawServer.answering(OK + "\r\nhi"));
        try (OpenAnswer answer = connection.open(HttpCall.get(backend.resource("/x")), opened -> opened)) {
            assertThat(category(this::get)).isEqualTo(FailureCategory.CONFLICT);
            assertThat(new String(answer.content().readAllBytes(), StandardCharsets.UTF_8))
                    .isEqualTo("hi");
        }
        assertThat(get()).isEqualTo("hi");
        assertThat(server.connections()).isEqualTo(1);
    }

    @Test
    void isFreeAgainAfterAnAnswerThatEndsWhileItIsOpened() throws Exception {
        connect(RawServer.answering(OK + "\r\nhi"));
        HttpCall call = HttpCall.get(backend.resource("/x"));
        HttpAnswer whole = connection.open(call, answer -> {
            HttpAnswer all = answer.readAll("/x");
            answer.finish(Duration.ofSeconds(1));
            return all;
        });
        assertThat(whole.body()).asString().isEqualTo("hi");
        assertThat(get()).isEqualTo("hi");
        assertThat(server.connections()).isEqualTo(1);
    }

    @Test
    void isFreeAgainIfTheOpenerOfAnAnswerFails() throws Exception {
        connect(RawServer.answering(OK + "\r\nhi"));
        HttpCall call = HttpCall.get(backend.resource("/x"));
        Error error = new OutOfMemoryError("as the test wants");
        for (int i = 0; i < 2; i++) {
            assertThat(failure(() -> connection.open(call, answer -> {
                        throw new IllegalStateException("as the test wants");
                    })))
                    .hasCauseInstanceOf(IllegalStateException.class)
                    .extracting(GenAiException::category)
                    .isEqualTo(FailureCategory.PROTOCOL);
            assertThatThrownBy(() -> connection.open(call, answer -> {
                        throw error;
                    }))
                    .isSameAs(error);
        }
        assertThat(get()).isEqualTo("hi");
    }

    @Test
    void failsOnceClosed() {
        connect(RawServer.answering(OK + "\r\nhi"));
        connection.close();
        connection.close();
        assertThat(category(this::get)).isEqualTo(FailureCategory.CLOSED);
        assertThat(server.connections()).isZero();
    }

    @Test
    void aStoppedBackendGivesNoConnection() {
        connect(RawServer.answering(OK + "\r\nhi"));
        backend.close();
        assertThatIllegalStateException()
                .isThrownBy(() -> backend.connect(Map.of(), List.of()))
                .withMessageContaining("stopped");
    }

    static HttpCall upload(HttpBackend backend, HttpCall.Writer writer) {
        return new HttpCall(
                "POST",
                backend.resource("/x"),
                Map.of(),
                new HttpCall.Streamed("application/octet-stream", writer),
                Repeatable.NEVER);
    }

    private HttpCall upload(HttpCall.Writer writer) {
        return upload(backend, writer);
    }

    private static void endless(OutputStream out) throws IOException {
        byte[] block = new byte[1 << 16];
        Arrays.fill(block, (byte) ' ');
        while (true) {
            out.write(block); // until the client closes
        }
    }

    private static void write(OutputStream out, String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.UTF_8));
    }

    /** Reads to the end of the connection. */
    static void drain(InputStream in) throws IOException {
        in.transferTo(OutputStream.nullOutputStream());
    }
}
