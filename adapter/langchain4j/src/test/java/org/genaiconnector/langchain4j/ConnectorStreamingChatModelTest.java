package org.genaiconnector.langchain4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.exception.RetriableException;
import dev.langchain4j.exception.UnsupportedFeatureException;
import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.CompleteToolCall;
import dev.langchain4j.model.chat.response.PartialResponse;
import dev.langchain4j.model.chat.response.PartialResponseContext;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.genaiconnector.junit.GenAiTest;
import org.genaiconnector.llm.LlmConnectionFactory;
import org.genaiconnector.testkit.Fault;
import org.genaiconnector.testkit.llm.LlmSimulator;
import org.genaiconnector.testkit.llm.ToolCall;

/** Streams of LangChain4j through the adapter, in front of a simulated service. */
class ConnectorStreamingChatModelTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    /** Remembers what it hears. */
    static class Hearing implements StreamingChatResponseHandler {
        final List<String> heard = new CopyOnWriteArrayList<>();
        final CompletableFuture<ChatResponse> end = new CompletableFuture<>();

        @Override
        public void onPartialResponse(String text) {
            heard.add(text);
        }

        @Override
        public void onCompleteToolCall(CompleteToolCall call) {
            heard.add(call.index() + " " + call.toolExecutionRequest().name());
        }

        @Override
        public void onCompleteResponse(ChatResponse response) {
            end.complete(response);
        }

        @Override
        public void onError(Throwable failure) {
            end.completeExceptionally(failure);
        }

        ChatResponse response() throws Exception {
            return end.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        }
    }

    @GenAiTest
    void streamsOnAnotherThread(LlmConnectionFactory llm, LlmSimulator backend) throws Exception {
        backend.script().says("a lighthouse at dusk");
        Thread[] reader = new Thread[1];
        Hearing hearing = new Hearing() {
            @Override
            public void onPartialResponse(String text) {
                reader[0] = Thread.currentThread();
                super.onPartialResponse(text);
            }
        };

        ConnectorStreamingChatModel.of(llm).chat("What is it?", hearing);

        assertThat(hearing.response().aiMessage().text()).isEqualTo("a lighthouse at dusk");
        assertThat(String.join("", hearing.heard)).isEqualTo("a lighthouse at dusk");
        assertThat(hearing.heard).hasSizeGreaterThan(1);
        assertThat(hearing.response().tokenUsage().outputTokenCount()).isPositive();
        assertThat(reader[0]).isNotSameAs(Thread.currentThread());
    }

    @GenAiTest
    void streamsToolCalls(LlmConnectionFactory llm, LlmSimulator backend) throws Exception {
        backend.script().calls(new ToolCall("c1", "weather", "{}"), new ToolCall("c2", "time", "{}"));
        Hearing hearing = new Hearing();
        dev.langchain4j.agent.tool.ToolSpecification weather = tool("weather");

        ConnectorStreamingChatModel.of(llm)
                .chat(
                        dev.langchain4j.model.chat.request.ChatRequest.builder()
                                .messages(UserMessage.from("Oslo?"))
                                .toolSpecifications(weather, tool("time"))
                                .build(),
                        hearing);

        assertThat(hearing.response().aiMessage().toolExecutionRequests()).hasSize(2);
        assertThat(hearing.heard).contains("0 weather", "1 time");
    }

    private static dev.langchain4j.agent.tool.ToolSpecification tool(String name) {
        return dev.langchain4j.agent.tool.ToolSpecification.builder().name(name).build();
    }

    @GenAiTest
    void cancellingClosesTheStreamOnTheWire(LlmConnectionFactory llm, LlmSimulator backend) throws Exception {
        backend.faults().always(Fault.endlessStream(3, Duration.ofMillis(5)));
        CompletableFuture<Boolean> cancelled = new CompletableFuture<>();
        Hearing hearing = new Hearing() {
            @Override
            public void onPartialResponse(PartialResponse partial, PartialResponseContext context) {
                context.streamingHandle().cancel();
                super.onPartialResponse(partial.text());
                cancelled.complete(context.streamingHandle().isCancelled());
            }
        };

        ConnectorStreamingChatModel.of(llm).chat("Go on", hearing);

        assertThat(cancelled.get(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        backend.traffic().awaitConnectionsOpen(0, PATIENCE);
        await().atMost(PATIENCE).until(() -> llm.statistics().connections().active() == 0);
        assertThat(hearing.heard).hasSize(1);
        assertThat(hearing.end).isNotDone();
    }

    @GenAiTest
    void tellsFailuresToTheHandler(LlmConnectionFactory llm, LlmSimulator backend) {
        backend.faults().always(Fault.status(401));
        Hearing hearing = new Hearing();
        Hearing impossible = new Hearing();

        StreamingChatModel model = ConnectorStreamingChatModel.builder()
                .factory(llm)
                .executor(Runnable::run)
                .build();
        model.chat("Hello", hearing);
        model.chat(List.of(UserMessage.from("Bob", "Hello")), impossible);

        assertThat(hearing.end)
                .failsWithin(Duration.ZERO)
                .withThrowableThat()
                .withCauseInstanceOf(dev.langchain4j.exception.AuthenticationException.class);
        assertThat(impossible.end)
                .failsWithin(Duration.ZERO)
                .withThrowableThat()
                .withCauseInstanceOf(UnsupportedFeatureException.class);
    }

    @GenAiTest
    void handlersThatThrowHearSoAndLeaveNoConnection(LlmConnectionFactory llm, LlmSimulator backend) {
        Hearing hearing = new Hearing() {
            @Override
            public void onPartialResponse(String text) {
                throw new IllegalArgumentException("cannot show " + text);
            }
        };
        backend.script().says("a lighthouse at dusk");

        ConnectorStreamingChatModel.builder()
                .factory(llm)
                .executor(Runnable::run)
                .build()
                .chat("What is it?", hearing);

        assertThat(hearing.end)
                .failsWithin(Duration.ZERO)
                .withThrowableThat()
                .withCauseInstanceOf(IllegalArgumentException.class)
                .withMessageContaining("cannot show");
        assertThat(llm.statistics().connections().active()).isZero();
    }

    @GenAiTest
    void saysThatTheExecutorIsFull(LlmConnectionFactory llm) {
        Hearing hearing = new Hearing();

        ConnectorStreamingChatModel.builder()
                .factory(llm)
                .executor(task -> {
                    throw new RejectedExecutionException("queue is full");
                })
                .build()
                .chat("Hello", hearing);

        assertThat(hearing.end)
                .failsWithin(Duration.ZERO)
                .withThrowableThat()
                .withCauseInstanceOf(RetriableException.class)
                .withMessageContaining("queue is full");
    }
}
