package org.genaiconnector.ra.llm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.genaiconnector.FailureCategory;
import org.genaiconnector.GenAiException;
import org.genaiconnector.llm.ChatMessage;
import org.genaiconnector.llm.ChatRequest;
import org.genaiconnector.llm.ChatStream;
import org.genaiconnector.llm.ImagePart;
import org.genaiconnector.llm.LlmConnection;
import org.genaiconnector.llm.StreamEvent;
import org.genaiconnector.testkit.Fault;
import org.genaiconnector.testkit.Match;
import org.genaiconnector.testkit.llm.LlmSimulator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Requests that are too large or wrong, and backends that send too much. */
@Timeout(120)
class BadInputTest {
    private static final ChatRequest HI = ChatRequest.of("Hi");
    private static final String KEY = "sk-good-secret";

    @RegisterExtension
    static final SimulatedLlm llm = new SimulatedLlm(LlmSimulator.builder()
            .apiKeys(KEY)
            .models("tiny")
            .contextSize(2_000)
            .maxBodyBytes(200_000)
            .start());

    private static final LlmSimulator server = llm.simulator();

    private static LlmConnection connect(Provider provider) throws Exception {
        return SimulatedLlm.connection(factory(provider));
    }

    private static LlmConnection connect(String url) throws Exception {
        LlmManagedConnectionFactory managed = factory(Provider.OPENAI);
        managed.setServerUrl(url);
        return SimulatedLlm.connection(managed);
    }

    private static LlmManagedConnectionFactory factory(Provider provider) {
        LlmManagedConnectionFactory managed = llm.factory(provider);
        managed.setApiKey(KEY);
        managed.setMaxRetries(0);
        return managed;
    }

    @FunctionalInterface
    private interface Call {
        void make() throws GenAiException;
    }

    private static FailureCategory category(Call call) {
        try {
            call.make();
            return null;
        } catch (GenAiException e) {
            assertThat(e.getMessage()).doesNotContain(KEY);
            return e.category();
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"OPENAI", "OPENAI_RESPONSES", "ANTHROPIC", "LOCAL"})
    void reportsAPromptThatIsTooLong(Provider provider) throws Exception {
        ChatRequest novel = ChatRequest.of("word ".repeat(4_000));
        try (LlmConnection connection = connect(provider)) {
            assertThat(category(() -> connection.chat(novel))).isEqualTo(FailureCategory.CONTEXT_LENGTH);
            assertThat(category(() -> connection.stream(novel).close())).isEqualTo(FailureCategory.CONTEXT_LENGTH);
            assertThat(category(() -> connection.chat(HI))).as("afterwards").isNull();
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"OPENAI", "OPENAI_RESPONSES", "ANTHROPIC", "LOCAL"})
    void reportsAPictureThatIsTooLarge(Provider provider) throws Exception {
        ChatRequest picture = ChatRequest.builder()
                .message(ChatMessage.user(ImagePart.of("image/png", new byte[400_000])))
                .build();
        try (LlmConnection connection = connect(provider)) {
            assertThat(category(() -> connection.chat(picture))).isEqualTo(FailureCategory.TOO_LARGE);
            assertThat(category(() -> connection.chat(HI))).as("afterwards").isNull();
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"OPENAI", "OPENAI_RESPONSES", "ANTHROPIC", "LOCAL"})
    void reportsAKeyRevokedDuringAConversation(Provider provider) throws Exception {
        try (LlmConnection connection = connect(provider)) {
            connection.chat(HI);
            server.faults()
                    .always(
                            Match.method("POST"),
                            Fault.status(401)
                                    .json("{\"error\":{\"type\":\"authentication_error\",\"message\":\"revoked: " + KEY
                                            + "\"}}"));
            assertThat(category(() -> connection.chat(HI))).isEqualTo(FailureCategory.AUTHENTICATION);
            assertThat(category(() -> connection.stream(HI).close())).isEqualTo(FailureCategory.AUTHENTICATION);
            server.faults().clear();
            assertThat(category(() -> connection.chat(HI)))
                    .as("the connection was not lost by it")
                    .isNull();
        }
        assertThat(server.traffic().connectionsOpened()).isEqualTo(1);
    }

    @ParameterizedTest
    @EnumSource(names = {"OPENAI", "OPENAI_RESPONSES", "ANTHROPIC", "LOCAL"})
    void seesThroughProxiesThatAnswerHtml(Provider provider) throws Exception {
        try (LlmConnection connection = connect(provider)) {
            for (Fault page : List.of(Fault.htmlPage(200, "Sign in"), Fault.htmlPage(502, "Bad Gateway"))) {
                server.faults().next(2, Match.method("POST"), page);
                FailureCategory chat = category(() -> connection.chat(HI));
                assertThat(chat).isIn(FailureCategory.PROTOCOL, FailureCategory.UNAVAILABLE);
                assertThat(category(() -> connection.stream(HI).close())).isEqualTo(chat);
            }
        }
    }

    @Test
    void letsOneThreadAtATimeUseAHandle() throws Exception {
        LlmConnection connection = connect(Provider.OPENAI);
        server.faults().next(Match.method("POST"), Fault.silence());
        CompletableFuture<FailureCategory> first =
                CompletableFuture.supplyAsync(() -> category(() -> connection.chat(HI)));
        server.traffic().awaitRequests(1, Duration.ofSeconds(20));
        assertThatThrownBy(() -> connection.chat(HI))
                .isInstanceOfSatisfying(GenAiException.class, e -> {
                    assertThat(e.category()).isEqualTo(FailureCategory.CONFLICT);
                    assertThat(e.isRetryable()).isFalse();
                })
                .hasMessageContaining("in use");
        connection.close();
        assertThat(first.get(20, TimeUnit.SECONDS)).isEqualTo(FailureCategory.CANCELLED);
    }

    @Test
    void cutsAStreamOffWhoseReaderHasGivenUp() throws Exception {
        server.faults().next(Match.method("POST"), Fault.endlessStream(3, Duration.ofMillis(1)));
        try (LlmConnection connection = connect(Provider.OPENAI)) {
            ChatStream abandoned = connection.stream(HI);
            assertThat(abandoned.hasNext()).isTrue();
        } // without closing the stream
        server.traffic().awaitConnectionsOpen(0, Duration.ofSeconds(20));
    }

    @Test
    void readsAMillionChunksInConstantMemory() throws Exception {
        int chunks = 1_000_000;
        try (Flood flood = new Flood(chunks);
                LlmConnection connection = connect(flood.url());
                ChatStream stream = connection.stream(HI)) {
            long early = 0;
            int read = 0;
            while (stream.hasNext() && stream.next() instanceof StreamEvent.Text) {
                read++;
                if (read == chunks / 10) {
                    early = usedHeap();
                } else if (read == chunks) {
                    assertThat(usedHeap() - early)
                            .as("bytes kept: those of the text, and a buffer that grew with it")
                            .isLessThan(8L * chunks);
                }
            }
            assertThat(read).isEqualTo(chunks);
        }
    }

    private static long usedHeap() {
        System.gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }

    /** A server that answers the first request with many chunks of one letter. */
    private static final class Flood implements AutoCloseable {
        private static final int BATCH = 1_000;

        private final ServerSocket listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());

        Flood(int chunks) throws IOException {
            Thread thread = new Thread(() -> serve(chunks), "flood");
            thread.setDaemon(true);
            thread.start();
        }

        String url() {
            return "http://127.0.0.1:" + listener.getLocalPort() + "/v1";
        }

        private void serve(int chunks) {
            byte[] batch =
                    "data: {\"id\":\"c\",\"model\":\"tiny\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"x\"}}]}\n\n"
                            .repeat(BATCH)
                            .getBytes(StandardCharsets.US_ASCII);
            try (Socket socket = listener.accept();
                    OutputStream out = socket.getOutputStream()) {
                socket.getInputStream().read(new byte[8_192]);
                write(out, "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n");
                for (int i = 0; i < chunks; i += BATCH) {
                    out.write(batch);
                }
                write(out, "data: {\"choices\":[{\"delta\":{},\"finish_reason\":\"stop\"}]}\n\ndata: [DONE]\n\n");
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        private static void write(OutputStream out, String text) throws IOException {
            out.write(text.getBytes(StandardCharsets.US_ASCII));
        }

        @Override
        public void close() throws IOException {
            listener.close();
        }
    }
}
