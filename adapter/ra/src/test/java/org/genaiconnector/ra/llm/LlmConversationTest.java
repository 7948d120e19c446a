package org.genaiconnector.ra.llm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jakarta.json.Json;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import org.genaiconnector.FailureCategory;
import org.genaiconnector.GenAiException;
import org.genaiconnector.llm.ChatMessage;
import org.genaiconnector.llm.ChatRequest;
import org.genaiconnector.llm.ChatResponse;
import org.genaiconnector.llm.ChatStream;
import org.genaiconnector.llm.FinishReason;
import org.genaiconnector.llm.ImagePart;
import org.genaiconnector.llm.LlmConnection;
import org.genaiconnector.llm.StreamEvent;
import org.genaiconnector.llm.TextPart;
import org.genaiconnector.llm.ToolCall;
import org.genaiconnector.testkit.End;
import org.genaiconnector.testkit.Fault;
import org.genaiconnector.testkit.Match;
import org.genaiconnector.testkit.llm.LlmSimulator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Conversations that only a simulator can have; for the others see {@link ConversationSuiteTest}. */
class LlmConversationTest {
    @RegisterExtension
    static final SimulatedLlm llm = new SimulatedLlm();

    private static final LlmSimulator server = llm.simulator();

    private static LlmConnection connect(Provider provider) throws Exception {
        return llm.connect(provider, managed -> {
            managed.setRetryDelayMillis(1);
            managed.setCallTimeoutMillis(20_000);
            managed.setProbeOnCreate(true);
        });
    }

    @ParameterizedTest
    @EnumSource(names = {"OPENAI", "ANTHROPIC", "LOCAL"})
    void streamsWhatItWouldHaveAnsweredAtOnce(Provider provider) throws Exception {
        ChatRequest request = ChatRequest.of("Tell me of lighthouses, 猫 and 🐳");
        try (LlmConnection connection = connect(provider)) {
            ChatResponse whole = connection.chat(request);
            List<StreamEvent> events = Streams.drain(connection.stream(request));

            assertThat(events).hasSizeGreaterThan(3);
            assertThat(events.stream()
                            .filter(StreamEvent.Text.class::isInstance)
                            .map(event -> ((StreamEvent.Text) event).text())
                            .collect(Collectors.joining()))
                    .isEqualTo(whole.text());
            assertThat(Streams.withoutIds(Streams.end(events))).isEqualTo(Streams.withoutIds(whole));
        }
        assertThat(server.traffic().connectionsOpened())
                .as("a stream read to its end keeps the socket")
                .isEqualTo(1);
    }

    @ParameterizedTest
    @EnumSource(names = {"OPENAI", "OPENAI_RESPONSES", "ANTHROPIC", "LOCAL"})
    void sendsPictures(Provider provider) throws Exception {
        byte[] png = {(byte) 0x89, 'P', 'N', 'G'};
        try (LlmConnection connection = connect(provider)) {
            connection.chat(ChatRequest.builder()
                    .message(ChatMessage.user(new TextPart("What is this?"), ImagePart.of("image/png", png)))
                    .build());
        }
        assertThat(lastBody()).contains("iVBORw==".substring(0, 4)).contains("image/png");
    }

    @Test
    void saysThatAnthropicHasNoEmbeddings() throws Exception {
        try (LlmConnection connection = connect(Provider.ANTHROPIC)) {
            assertThatThrownBy(() -> connection.embed(List.of("one")))
                    .isInstanceOfSatisfying(
                            GenAiException.class, e -> assertThat(e.category()).isEqualTo(FailureCategory.UNSUPPORTED));
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"OPENAI", "ANTHROPIC", "LOCAL"})
    void addsExtraMembersAsTheyAre(Provider provider) throws Exception {
        try (LlmConnection connection = connect(provider)) {
            connection.chat(ChatRequest.builder()
                    .user("Hi")
                    .extra(Json.createObjectBuilder().add("top_k", 7).build())
                    .build());
        }
        assertThat(lastBody()).contains("\"top_k\":7");
    }

    @ParameterizedTest
    @EnumSource(names = {"OPENAI", "OPENAI_RESPONSES", "ANTHROPIC", "LOCAL"})
    void doesNotTakeACutStreamForAnAnswer(Provider provider) throws Exception {
        for (Fault fault : List.of(Fault.cutStream(3, End.RESET), Fault.cutStream(3, End.CLOSE), Fault.endStream(3))) {
            try (LlmConnection connection = connect(provider)) {
                server.faults().next(Match.method("POST"), fault);
                assertThatThrownBy(() -> Streams.drain(connection.stream(ChatRequest.of("Hello"))))
                        .isInstanceOfSatisfying(
                                GenAiException.class,
                                e -> assertThat(e.category()).isEqualTo(FailureCategory.TRUNCATED));
            }
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"OPENAI", "OPENAI_RESPONSES", "ANTHROPIC", "LOCAL"})
    void reportsAnErrorInTheMiddleOfAStream(Provider provider) throws Exception {
        String error = provider == Provider.ANTHROPIC
                ? "event: error\ndata: {\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\",\"message\":\"Overloaded\"}}"
                : "data: {\"error\":{\"type\":\"overloaded_error\",\"message\":\"Overloaded\",\"code\":null}}";
        try (LlmConnection connection = connect(provider)) {
            server.faults()
                    .next(
                            Match.method("POST"),
                            Fault.streamError(provider == Provider.OPENAI_RESPONSES ? 6 : 4, error));
            assertThatThrownBy(() -> Streams.drain(connection.stream(ChatRequest.of("Hello"))))
                    .isInstanceOfSatisfying(
                            GenAiException.class, e -> assertThat(e.category()).isEqualTo(FailureCategory.OVERLOADED));
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"OPENAI", "OPENAI_RESPONSES", "ANTHROPIC", "LOCAL"})
    void triesAgainUntilTheFirstEvent(Provider provider) throws Exception {
        String error = provider == Provider.ANTHROPIC
                ? "event: error\ndata: {\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\",\"message\":\"Overloaded\"}}"
                : "data: {\"error\":{\"type\":\"overloaded_error\",\"message\":\"Overloaded\"}}";
        try (LlmConnection connection = connect(provider)) {
            server.faults().next(2, Match.method("POST"), Fault.streamError(0, error));
            assertThat(Streams.end(Streams.drain(connection.stream(ChatRequest.of("Hello"))))
                            .text())
                    .isNotEmpty();
        }
        assertThat(server.traffic().requests(Match.method("POST"))).hasSize(3);
    }

    @Test
    void takesAFinishReasonForTheEndWhereAServerForgetsDone() throws Exception {
        try (LlmConnection connection = connect(Provider.LOCAL)) {
            server.faults().next(Match.method("POST"), Fault.missingTerminator());
            assertThat(Streams.end(Streams.drain(connection.stream(ChatRequest.of("Hello"))))
                            .finishReason())
                    .isEqualTo(FinishReason.STOP);
        }
    }

    @Test
    void seesTheFailureThatOldLlamaCppHidesInAStream() throws Exception {
        server.script().stream(
                "text/event-stream",
                "error: {\"code\":400,\"message\":\"the request exceeds the available context size\",\"type\":\"exceed_context_size_error\"}\n\n",
                "data: [DONE]\n\n");
        try (LlmConnection connection = connect(Provider.LOCAL)) {
            assertThatThrownBy(() -> connection.stream(ChatRequest.of("Hello")))
                    .isInstanceOfSatisfying(
                            GenAiException.class,
                            e -> assertThat(e.category()).isEqualTo(FailureCategory.CONTEXT_LENGTH));
        }
    }

    @Test
    void readsAnAnswerThatIsNoStreamAlthoughOneWasAskedFor() throws Exception {
        server.script()
                .json(
                        "{\"model\":\"tiny\",\"choices\":[{\"message\":{\"content\":\"whole\"},\"finish_reason\":\"stop\"}]}");
        try (LlmConnection connection = connect(Provider.LOCAL)) {
            List<StreamEvent> events = Streams.drain(connection.stream(ChatRequest.of("Hello")));
            assertThat(events.get(0)).isEqualTo(new StreamEvent.Text("whole"));
            assertThat(Streams.end(events).text()).isEqualTo("whole");
        }
    }

    @Test
    void understandsTheStreamsOfAllServers() throws Exception {
        server.script().stream(
                "text/event-stream; charset=utf-8",
                ": a comment\r\n\r\ndata:{\"choices\":[{\"delta\":{\"reasoning\":\"hm\"}}]}\r\n\r\n",
                "data: \n\ndata: {\"choices\":[{\"delta\":{\"content\":null,\"tool_calls\":[{\"id\":\"a\",\"function\":{\"name\":\"one\",\"arguments\":{\"x\":1}}}]}}]}\n\n",
                "data: {\"choices\":[{\"delta\":{\"tool_calls\":[{\"index\":0,\"id\":\"b\",\"function\":{\"name\":\"two\",\"arguments\":\"\"}}]},\"finish_reason\":null}]}\n\n",
                "data: {\"choices\":[{\"delta\":{},\"finish_reason\":\"stop\"}],\"usage\":{\"prompt_tokens\":3,\"completion_tokens\":2}}\n\n",
                "data: [DONE]\n\n");
        try (LlmConnection connection = connect(Provider.LOCAL)) {
            ChatResponse response = Streams.end(Streams.drain(connection.stream(ChatRequest.of("Hello"))));
            assertThat(response.reasoning()).isEqualTo("hm");
            assertThat(response.toolCalls())
                    .containsExactly(new ToolCall("a", "one", "{\"x\":1}"), new ToolCall("b", "two", "{}"));
            assertThat(response.finishReason()).isEqualTo(FinishReason.TOOL_CALLS);
            assertThat(response.usage().totalTokens()).hasValue(5);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"OPENAI", "OPENAI_RESPONSES", "ANTHROPIC"})
    void isAbortedByCloseFromAnotherThread(Provider provider) throws Exception {
        try (LlmConnection connection = connect(provider)) {
            server.faults().next(Match.method("POST"), Fault.endlessStream(6, Duration.ofMillis(1)));
            ChatStream stream = connection.stream(ChatRequest.of("Hello"));
            Thread closer = new Thread(stream::close);
            assertThatThrownBy(() -> {
                        for (int i = 0; stream.hasNext(); i++) {
                            stream.next();
                            if (i == 10) {
                                closer.start();
                            }
                        }
                        throw new GenAiException(FailureCategory.CANCELLED, "ended quietly");
                    })
                    .isInstanceOfSatisfying(
                            GenAiException.class, e -> assertThat(e.category()).isEqualTo(FailureCategory.CANCELLED));
            closer.join();
            server.traffic().awaitConnectionsOpen(0, Duration.ofSeconds(5));
            assertThat(connection.chat(ChatRequest.of("Hello")).text()).isNotEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"OPENAI", "OPENAI_RESPONSES", "ANTHROPIC"})
    void endsAStreamThatNeverEndsAtTheDeadline(Provider provider) throws Exception {
        try (LlmConnection connection = llm.connect(provider, managed -> managed.setCallTimeoutMillis(500))) {
            server.faults().next(Match.method("POST"), Fault.endlessStream(6, Duration.ofMillis(20)));
            assertThatThrownBy(() -> Streams.drain(connection.stream(ChatRequest.of("Hello"))))
                    .isInstanceOfSatisfying(
                            GenAiException.class, e -> assertThat(e.category()).isEqualTo(FailureCategory.DEADLINE));
        }
    }

    @Test
    void refusesASecondCallWhileAStreamIsOpen() throws Exception {
        try (LlmConnection connection = connect(Provider.OPENAI)) {
            try (ChatStream stream = connection.stream(ChatRequest.of("Hello"))) {
                assertThatThrownBy(connection::listModels).hasMessageContaining("in use");
                assertThat(stream.hasNext()).isTrue();
            }
            assertThat(connection.listModels()).isNotEmpty();
        }
    }

    private String lastBody() {
        return new String(
                server.traffic().requests(Match.method("POST")).stream()
                        .reduce((first, second) -> second)
                        .orElseThrow()
                        .body(),
                StandardCharsets.UTF_8);
    }
}
