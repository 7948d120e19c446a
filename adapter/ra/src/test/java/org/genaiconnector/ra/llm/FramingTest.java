package org.genaiconnector.ra.llm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.stream.Stream;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.GZIPOutputStream;
import org.genaiconnector.FailureCategory;
import org.genaiconnector.GenAiException;
import org.genaiconnector.llm.ChatRequest;
import org.genaiconnector.llm.ChatResponse;
import org.genaiconnector.llm.ChatStream;
import org.genaiconnector.llm.LlmConnection;
import org.genaiconnector.llm.LlmConnectionFactory;
import org.genaiconnector.llm.StreamEvent;
import org.genaiconnector.ra.connection.TestPool;
import org.genaiconnector.ra.http.RawServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Answers with wrong framing, byte by byte on a socket. */
@Execution(ExecutionMode.CONCURRENT)
class FramingTest {
    private static final ChatRequest HI = ChatRequest.of("Hi");
    private static final String BOM = "\ufeff";
    private static final String HEL = Hello.CHAT.hel;
    private static final String LO = Hello.CHAT.lo;
    private static final String STOP = Hello.CHAT.stop;
    private static final String DONE = Hello.CHAT.terminator;

    private final List<RawServer> servers = new ArrayList<>();

    /** How the connection ends. */
    enum Ending {
        KEPT,
        CLOSED,
        RESET
    }

    @AfterEach
    void stop() {
        servers.forEach(RawServer::close);
    }

    private RawServer serve(String head, byte[] body, Ending ending) {
        RawServer server = RawServer.start(socket -> {
            while (request(socket)) {
                OutputStream out = socket.getOutputStream();
                out.write(("HTTP/1.1 200 OK\r\n" + head + "\r\n").getBytes(StandardCharsets.ISO_8859_1));
                out.write(body);
                out.flush();
                if (ending == Ending.RESET) {
                    socket.setSoLinger(true, 0);
                }
                if (ending != Ending.KEPT) {
                    return;
                }
            }
        });
        servers.add(server);
        return server;
    }

    private static boolean request(Socket socket) throws IOException {
        InputStream in = socket.getInputStream();
        String head = RawServer.head(in);
        if (head.isEmpty()) {
            return false;
        }
        for (String line : head.split("\r\n")) {
            if (line.toLowerCase().startsWith("content-length:")) {
                in.readNBytes(Integer.parseInt(line.substring(15).strip()));
            }
        }
        return true;
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String sized(byte[] body) {
        return "Content-Length: " + body.length + "\r\n";
    }

    private static byte[] chunked(byte[] body, int size, boolean ended) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (int i = 0; i < body.length; i += size) {
            int n = Math.min(size, body.length - i);
            out.writeBytes(utf8(Integer.toHexString(n) + "\r\n"));
            out.write(body, i, n);
            out.writeBytes(utf8("\r\n"));
        }
        if (ended) {
            out.writeBytes(utf8("0\r\n\r\n"));
        }
        return out.toByteArray();
    }

    private static final String CHUNKED = "Transfer-Encoding: chunked\r\n";
    private static final String EVENTS = "Content-Type: text/event-stream\r\n";

    private static LlmConnection connect(Provider provider, RawServer server) throws Exception {
        return ((LlmConnectionFactory) factory(provider, server).createConnectionFactory()).getConnection();
    }

    private static LlmManagedConnectionFactory factory(Provider provider, RawServer server) {
        LlmManagedConnectionFactory managed = new LlmManagedConnectionFactory();
        managed.setProvider(provider.name());
        managed.setServerUrl(server.uri("http") + (provider == Provider.ANTHROPIC ? "" : "/v1"));
        managed.setModel("tiny");
        managed.setMaxRetries(0);
        managed.setProbeOnCreate(false);
        managed.setResponseTimeoutMillis(20_000);
        managed.setStreamEndTimeout(Duration.ofMillis(300));
        return managed;
    }

    private static ChatResponse chat(RawServer server) throws Exception {
        return chat(Provider.LOCAL, server);
    }

    private static ChatResponse chat(Provider provider, RawServer server) throws Exception {
        try (LlmConnection connection = connect(provider, server)) {
            return connection.chat(HI);
        }
    }

    private static ChatResponse stream(Provider provider, RawServer server) throws Exception {
        try (LlmConnection connection = connect(provider, server)) {
            return Streams.end(Streams.drain(connection.stream(HI)));
        }
    }

    private static GenAiException failure(Provider provider, RawServer server) {
        return catchThrowableOfType(GenAiException.class, () -> stream(provider, server));
    }

    @ParameterizedTest
    @EnumSource
    void passesOverAByteOrderMark(Hello hello) throws Exception {
        byte[] whole = utf8(BOM + hello.whole);
        assertThat(chat(hello.provider, serve(sized(whole), whole, Ending.KEPT)).text())
                .isEqualTo("Hello");
        for (int size : new int[] {1, 2, 1_000}) {
            byte[] stream = chunked(utf8(BOM + hello.stream()), size, true);
            assertThat(stream(hello.provider, serve(EVENTS + CHUNKED, stream, Ending.KEPT))
                            .text())
                    .isEqualTo("Hello");
        }
    }

    private static byte[] packed(String coding, byte[] body) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (DeflaterOutputStream packing =
                coding.contains("gzip") ? new GZIPOutputStream(out, true) : new DeflaterOutputStream(out, true)) {
            for (byte b : body) {
                packing.write(b);
                if (b == '\n') {
                    packing.flush();
                }
            }
        }
        return out.toByteArray();
    }

    @ParameterizedTest
    @CsvSource({
        "gzip, CHAT",
        "gzip, RESPONSES",
        "gzip, MESSAGES",
        "deflate, CHAT",
        "deflate, RESPONSES",
        "x-gzip, CHAT",
        "GZip, CHAT",
        "'identity, gzip', CHAT"
    })
    void unpacksAnswersPackedWithoutARequest(String coding, Hello hello) throws Exception {
        String header = "Content-Encoding: " + coding + "\r\n";
        byte[] whole = packed(coding.toLowerCase(), utf8(hello.whole));
        RawServer server = serve(header + sized(whole), whole, Ending.KEPT);
        try (LlmConnection connection = connect(hello.provider, server)) {
            assertThat(connection.chat(HI).text()).isEqualTo("Hello");
            assertThat(connection.chat(HI).text()).isEqualTo("Hello");
        }
        assertThat(server.connections()).isEqualTo(1);
        byte[] stream = packed(coding.toLowerCase(), utf8(hello.stream()));
        for (int size : new int[] {1, 7, 10_000}) {
            assertThat(stream(
                                    hello.provider,
                                    serve(header + EVENTS + CHUNKED, chunked(stream, size, true), Ending.KEPT))
                            .text())
                    .isEqualTo("Hello");
        }
    }

    @Test
    void givesPackedEventsAsTheyCome() throws Exception {
        byte[] first = packed("gzip", utf8(HEL));
        byte[] begun = Arrays.copyOf(first, first.length - 10); // without the end and the trailer
        RawServer server =
                serve("Content-Encoding: gzip\r\n" + EVENTS + CHUNKED, chunked(begun, 1_000, false), Ending.KEPT);
        try (LlmConnection connection = connect(Provider.LOCAL, server);
                ChatStream stream = connection.stream(HI)) {
            assertThat(stream.next()).isEqualTo(new StreamEvent.Text("Hel"));
        }
    }

    @Test
    void saysThatItCannotUnpack() throws Exception {
        byte[] whole = utf8(Hello.CHAT.whole);
        for (String coding : List.of("br", "gzip")) { // the one is not known, the other is not true
            RawServer server = serve("Content-Encoding: " + coding + "\r\n" + sized(whole), whole, Ending.KEPT);
            GenAiException failure = catchThrowableOfType(GenAiException.class, () -> chat(server));
            assertThat(failure.category()).isEqualTo(FailureCategory.PROTOCOL);
            assertThat(failure).hasMessageContaining("pack");
        }
        byte[] cut = Arrays.copyOf(packed("gzip", whole), 30);
        RawServer server = serve("Content-Encoding: gzip\r\n" + sized(cut), cut, Ending.KEPT);
        assertThat(catchThrowableOfType(GenAiException.class, () -> chat(server))
                        .category())
                .isEqualTo(FailureCategory.TRUNCATED);
    }

    @ParameterizedTest
    @CsvSource({
        "abc, CHAT",
        "'', RESPONSES",
        "-1, CHAT",
        "-1, RESPONSES",
        "-1, MESSAGES",
        "99999999999999999999, RESPONSES",
        "'5, 6', CHAT"
    })
    void believesTheChunksRatherThanALength(String length, Hello hello) throws Exception {
        String heads = "Content-Length: " + length + "\r\n" + CHUNKED;
        assertThat(chat(hello.provider, serve(heads, chunked(utf8(hello.whole), 10, true), Ending.KEPT))
                        .text())
                .isEqualTo("Hello");
        assertThat(stream(hello.provider, serve(heads + EVENTS, chunked(utf8(hello.stream()), 10, true), Ending.KEPT))
                        .text())
                .isEqualTo("Hello");
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "1", "5", "null", "\"0\""})
    void acceptsASoleChoiceWithAnyIndex(String index) throws Exception {
        byte[] whole = utf8("{\"choices\":[{\"message\":{\"content\":\"Hello\"},\"index\":" + index
                + ",\"finish_reason\":\"stop\"}]}");
        assertThat(chat(serve(sized(whole), whole, Ending.KEPT)).text()).isEqualTo("Hello");
        String stream = (HEL + LO + STOP)
                .replace("\"index\":0,", "")
                .replace("]}", "]}")
                .replace("}}]}", "},\"index\":" + index + "}]}");
        byte[] chunks = chunked(
                utf8(stream.replace("\"finish_reason\"", "\"index\":" + index + ",\"finish_reason\"") + DONE),
                1_000,
                true);
        assertThat(stream(Provider.LOCAL, serve(EVENTS + CHUNKED, chunks, Ending.KEPT))
                        .text())
                .isEqualTo("Hello");
    }

    @Test
    void takesTheFirstOfSeveralChoices() throws Exception {
        byte[] whole = utf8("{\"choices\":[{\"message\":{\"content\":\"one\"},\"finish_reason\":\"stop\"},"
                + "{\"message\":{\"content\":\"two\"},\"finish_reason\":\"length\"}]}");
        ChatResponse answer = chat(serve(sized(whole), whole, Ending.KEPT));
        assertThat(answer.text()).isEqualTo("one");
        assertThat(answer.rawFinishReason()).isEqualTo("stop");
        byte[] chunks = chunked(
                utf8(HEL
                        + "data:"
                        + " {\"choices\":[{\"index\":1,\"delta\":{\"content\":\"no\"}},{\"index\":0,\"delta\":{\"content\":\"lo\"}}]}\n\n"
                        + STOP
                        + DONE),
                1_000,
                true);
        assertThat(stream(Provider.LOCAL, serve(EVENTS + CHUNKED, chunks, Ending.KEPT))
                        .text())
                .isEqualTo("Hello");
    }

    static Stream<Arguments> endings() {
        return Stream.of(Hello.values())
                .flatMap(hello -> Stream.of(Ending.values()).map(ending -> Arguments.of(hello, ending)));
    }

    @ParameterizedTest
    @MethodSource("endings")
    void acceptsAFinishReasonWithoutTheTerminator(Hello hello, Ending ending) throws Exception {
        long start = System.nanoTime();
        for (int half : new int[] {0, 20}) { // of the event behind it
            String behind = "data: {\"choices\":[],\"usage\":{}}".substring(0, half);
            byte[] chunks = chunked(utf8(hello.hel + hello.lo + hello.stop + behind), 1_000, false);
            ChatResponse answer = stream(hello.provider, serve(EVENTS + CHUNKED, chunks, ending));
            assertThat(answer.text()).isEqualTo("Hello");
            assertThat(answer.usage().outputTokens()).hasValue(3);
        }
        assertThat(Duration.ofNanos(System.nanoTime() - start))
                .as("not the usual silence, twice")
                .isLessThan(Duration.ofSeconds(15));
    }

    @ParameterizedTest
    @MethodSource("endings")
    void keepsTheConnectionWhereOnlyTheTerminatorIsMissing(Hello hello, Ending ending) throws Exception {
        byte[] chunks = chunked(utf8(hello.hel + hello.lo + hello.stop), 1_000, false);
        RawServer server = serve(EVENTS + CHUNKED, chunks, ending);
        LlmManagedConnectionFactory managed = factory(hello.provider, server);
        TestPool pool = new TestPool(1);
        LlmConnectionFactory factory = (LlmConnectionFactory) managed.createConnectionFactory(pool);
        for (int i = 0; i < 2; i++) {
            try (LlmConnection connection = factory.getConnection()) {
                for (int j = 0; j < 2; j++) {
                    assertThat(Streams.end(Streams.drain(connection.stream(HI))).text())
                            .isEqualTo("Hello");
                }
            }
        }
        assertThat(pool.made()).isEqualTo(1);
        assertThat(pool.free()).isEqualTo(1);
        pool.destroyAll();
    }

    @Test
    void acceptsAFinishReasonBesideTheLastText() throws Exception {
        String last = LO.replace("}}]}", "},\"finish_reason\":\"stop\"}]}");
        long start = System.nanoTime();
        byte[] chunks = chunked(utf8(HEL + last), 1_000, false);
        assertThat(stream(Provider.LOCAL, serve(EVENTS + CHUNKED, chunks, Ending.KEPT))
                        .text())
                .isEqualTo("Hello");
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(15));
    }

    @Test
    void readsTheCountOfTokensBehindTheReason() throws Exception {
        String usage = "data: {\"choices\":[],\"usage\":{\"prompt_tokens\":3,\"completion_tokens\":4}}\n\n";
        byte[] stream = utf8(HEL + LO + STOP + usage);
        ChatResponse answer = stream(Provider.LOCAL, serve(EVENTS, stream, Ending.CLOSED));
        assertThat(answer.usage().outputTokens()).hasValue(4);
    }

    @ParameterizedTest
    @EnumSource
    void reportsAStreamThatWasCutWithinAnEvent(Hello hello) {
        String events = hello.hel + hello.lo;
        for (int tenth = 1; tenth < 10; tenth += 2) {
            byte[] cut = utf8(events.substring(0, events.length() * tenth / 10));
            GenAiException failure = failure(hello.provider, serve(EVENTS, cut, Ending.CLOSED));
            assertThat(failure.category()).as("after %s bytes", cut.length).isEqualTo(FailureCategory.TRUNCATED);
        }
    }

    @ParameterizedTest
    @EnumSource
    void passesOverSignsOfLife(Hello hello) throws Exception {
        String signs = "event: ping\ndata: pong\n\ndata: null\n\nevent: heartbeat\ndata: 17\n\n: comment\n\ndata:\n\n";
        String stream = signs + hello.hel + signs + hello.lo + hello.stop + signs + hello.terminator;
        assertThat(stream(hello.provider, serve(EVENTS, utf8(stream), Ending.CLOSED))
                        .text())
                .isEqualTo("Hello");
    }

    @Test
    void saysThatAnEventIsTooLarge() {
        byte[] event = utf8("data: {\"choices\":[{\"delta\":{\"content\":\"" + "x".repeat(17 << 20));
        for (Hello hello : Hello.values()) {
            GenAiException failure = failure(hello.provider, serve(EVENTS, event, Ending.CLOSED));
            assertThat(failure.category()).isEqualTo(FailureCategory.TOO_LARGE);
            assertThat(failure).hasMessageContaining("event of more than");
        }
    }

    @Test
    void saysThatAHeadIsTooLarge() {
        for (String head : List.of("X-Much: " + "x".repeat(1 << 20) + "\r\n", "X-Many: x\r\n".repeat(100_000))) {
            GenAiException failure = failure(Provider.LOCAL, serve(head + EVENTS, utf8(HEL), Ending.CLOSED));
            assertThat(failure.category()).isEqualTo(FailureCategory.TOO_LARGE);
            assertThat(failure).hasMessageContaining("head");
        }
    }

    @Test
    void keepsItsPromiseOfAnEventWhenAnotherThreadCloses() throws Exception {
        RawServer server = serve(EVENTS + CHUNKED, chunked(utf8(HEL + LO), 10_000, false), Ending.KEPT);
        try (LlmConnection connection = connect(Provider.LOCAL, server);
                ChatStream stream = connection.stream(HI)) {
            assertThat(stream.hasNext()).isTrue();
            Thread closer = new Thread(stream::close);
            closer.start();
            closer.join();
            assertThat(stream.next()).isEqualTo(new StreamEvent.Text("Hel"));
            assertThat(catchThrowableOfType(GenAiException.class, stream::hasNext)
                            .category())
                    .isEqualTo(FailureCategory.CANCELLED);
            assertThat(catchThrowableOfType(GenAiException.class, stream::next).category())
                    .isEqualTo(FailureCategory.CANCELLED);
        }
    }

    @Test
    void endsForTheThreadThatCloses() throws Exception {
        RawServer server = serve(EVENTS + CHUNKED, chunked(utf8(HEL + LO), 10_000, false), Ending.KEPT);
        try (LlmConnection connection = connect(Provider.LOCAL, server)) {
            ChatStream stream = connection.stream(HI);
            assertThat(stream.hasNext()).isTrue();
            stream.close();
            assertThat(stream.hasNext()).isFalse();
            assertThat(catchThrowableOfType(NoSuchElementException.class, stream::next))
                    .isNotNull();
        }
    }
}
