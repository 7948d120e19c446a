package org.genaiconnector.testkit.llm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.EOFException;
import java.net.ConnectException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.genaiconnector.testkit.End;
import org.genaiconnector.testkit.Fault;
import org.genaiconnector.testkit.Match;
import org.genaiconnector.testkit.RawHttp;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class LlmSimulatorTest {
    private static final String STREAM =
            "{\"model\":\"m\",\"max_tokens\":50,\"stream\":true,\"messages\":[{\"role\":\"user\",\"content\":\"hello\"}]}";

    @Test
    void leavesNoThreadBehind() throws Exception {
        Set<Thread> before = threads();
        LlmSimulator simulator =
                LlmSimulator.builder().chunkDelay(Duration.ofHours(1)).start();
        try (RawHttp waiting = new RawHttp(simulator.uri());
                RawHttp silent = new RawHttp(simulator.uri())) {
            waiting.post("/v1/chat/completions", STREAM).line();
            simulator.faults().stopListening().listen().next(Fault.silence());
            silent.get("/v1/models");
            simulator.traffic().awaitRequests(2, Duration.ofSeconds(5));
        } finally {
            simulator.close();
            simulator.close();
        }
        assertThatThrownBy(() -> new RawHttp(simulator.uri())).isInstanceOf(ConnectException.class);
        for (Thread thread : threads()) {
            if (!before.contains(thread)) {
                thread.join(5000); // threads end a moment after the server says it has stopped
                assertThat(thread.isAlive()).as(thread.getName()).isFalse();
            }
        }
    }

    private static Set<Thread> threads() {
        return new HashSet<>(Thread.getAllStackTraces().keySet());
    }

    @Test
    void speaksBothProtocolsOnOnePort() {
        try (LlmSimulator simulator = LlmSimulator.start()) {
            assertThat(simulator.openAiUri()).hasToString(simulator.uri() + "/v1");
            assertThat(simulator.anthropicUri()).isEqualTo(simulator.uri());
            assertThat(simulator.uri().getHost()).isEqualTo("127.0.0.1");
        }
    }

    @Test
    void streamsPieceByPiece() throws Exception {
        try (LlmSimulator simulator =
                        LlmSimulator.builder().chunkDelay(Duration.ofMillis(40)).start();
                RawHttp http = new RawHttp(simulator.uri())) {
            long start = System.nanoTime();
            http.post("/v1/chat/completions", STREAM);
            for (String line = ""; !line.contains("Hello"); line = http.line()) {
                assertThat(line).doesNotContain("[DONE]");
            }
            Duration first = Duration.ofNanos(System.nanoTime() - start);
            for (String line = ""; !line.contains("[DONE]"); line = http.line()) {}
            Duration all = Duration.ofNanos(System.nanoTime() - start);
            assertThat(all.minus(first)).isGreaterThan(Duration.ofMillis(10 * 40));
        }
    }

    @Test
    void breaksTheStreamsOfBothProtocols() throws Exception {
        try (LlmSimulator simulator = LlmSimulator.start()) {
            simulator.faults().always(Match.bodyContains("\"stream\":true"), Fault.missingTerminator());
            assertThat(new LlmClient(simulator)
                            .post("/v1/chat/completions", STREAM)
                            .body())
                    .contains("finish_reason")
                    .doesNotContain("[DONE]");
            assertThat(new LlmClient(simulator)
                            .anthropic()
                            .post("/v1/messages", STREAM)
                            .body())
                    .contains("message_delta")
                    .doesNotContain("message_stop");
            String overloaded = "event: error\ndata: {\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\"}}";
            simulator.faults().clear().next(Fault.streamError(4, overloaded));
            assertThat(new LlmClient(simulator)
                            .anthropic()
                            .post("/v1/messages", STREAM)
                            .body())
                    .endsWith(overloaded + "\n\n");
            simulator.faults().next(Fault.cutStream(3, End.CLOSE));
            assertThatThrownBy(() -> new LlmClient(simulator).post("/v1/chat/completions", STREAM))
                    .isInstanceOf(EOFException.class);
        }
    }

    @Test
    void endsTheWorkWhenTheClientHangsUp() throws Exception {
        try (LlmSimulator simulator =
                LlmSimulator.builder().chunkDelay(Duration.ofMillis(5)).start()) {
            try (RawHttp http = new RawHttp(simulator.uri())) {
                http.post("/v1/chat/completions", STREAM).line();
            }
            simulator.traffic().awaitConnectionsOpen(0, Duration.ofSeconds(5));
        }
    }

    @Test
    void playsItsScript() throws Exception {
        try (LlmSimulator simulator = LlmSimulator.start()) {
            LlmClient client = new LlmClient(simulator);
            String oddity = "{\"choices\":[{\"message\":{\"content\":null}}]}";
            simulator
                    .script()
                    .json(oddity)
                    .events("data:{\"choices\":[]}\r\n\r\n", ": comment\n\n", "data: [DONE]\n\n")
                    .text(200, "text/html", "<html>")
                    .at("/v1/models")
                    .json("{\"data\":null}");
            assertThat(simulator.script().pending()).isEqualTo(4);
            assertThat(client.get("/v1/models").body()).isEqualTo("{\"data\":null}");
            assertThat(client.post("/v1/chat/completions", STREAM).body()).isEqualTo(oddity);
            RawHttp.Answer events = client.post("/v1/messages", STREAM);
            assertThat(events.status())
                    .as("refused for its header, so the script waits")
                    .isEqualTo(400);
            assertThat(client.post("/v1/chat/completions", STREAM).chunks())
                    .isEqualTo(List.of("data:{\"choices\":[]}\r\n\r\n", ": comment\n\n", "data: [DONE]\n\n"));
            assertThat(client.post("/v1/chat/completions", STREAM).header("content-type"))
                    .isEqualTo("text/html");
            assertThat(simulator.script().pending()).isZero();
            assertThat(client.post("/v1/chat/completions", STREAM).body()).contains("Hello");
        }
    }

    @Test
    void saysScriptedWordsInTheProtocolOfTheRequest() throws Exception {
        try (LlmSimulator simulator = LlmSimulator.start()) {
            simulator
                    .script()
                    .says("Grüße, 世界")
                    .says("Grüße, 世界")
                    .calls(new ToolCall("id1", "f", "{\"a\":1}"), new ToolCall("id2", "g", "{}"));
            LlmClient client = new LlmClient(simulator).anthropic();
            String plain = STREAM.replace("\"stream\":true,", "");
            assertThat(LlmClient.json(client.post("/v1/messages", plain))
                            .at("/content/0/text")
                            .asText())
                    .isEqualTo("Grüße, 世界");
            assertThat(new LlmClient(simulator)
                            .chat(plain)
                            .at("/choices/0/message/content")
                            .asText())
                    .isEqualTo("Grüße, 世界");
            assertThat(new LlmClient(simulator)
                            .chat(plain)
                            .at("/choices/0/message/tool_calls/1/id")
                            .asText())
                    .isEqualTo("id2");
        }
    }
}
