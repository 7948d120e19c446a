package org.genaiconnector.langchain4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.langchain4j.agent.tool.P;
import dev.langchain4j.agent.tool.Tool;
import dev.langchain4j.agent.tool.ToolSpecification;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.AudioContent;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.ChatMessageDeserializer;
import dev.langchain4j.data.message.ChatMessageSerializer;
import dev.langchain4j.data.message.ImageContent;
import dev.langchain4j.data.message.PdfFileContent;
import dev.langchain4j.data.message.SystemMessage;
import dev.langchain4j.data.message.TextContent;
import dev.langchain4j.data.message.ToolExecutionResultMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.exception.AuthenticationException;
import dev.langchain4j.exception.ContentFilteredException;
import dev.langchain4j.exception.InvalidRequestException;
import dev.langchain4j.exception.LangChain4jException;
import dev.langchain4j.exception.TimeoutException;
import dev.langchain4j.exception.UnsupportedFeatureException;
import dev.langchain4j.memory.chat.MessageWindowChatMemory;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.listener.ChatModelErrorContext;
import dev.langchain4j.model.chat.listener.ChatModelListener;
import dev.langchain4j.model.chat.listener.ChatModelRequestContext;
import dev.langchain4j.model.chat.listener.ChatModelResponseContext;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ResponseFormat;
import dev.langchain4j.model.chat.request.ToolChoice;
import dev.langchain4j.model.chat.request.json.JsonObjectSchema;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.openai.OpenAiChatRequestParameters;
import dev.langchain4j.model.output.FinishReason;
import dev.langchain4j.service.AiServices;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.io.StringReader;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.genaiconnector.GenAiException;
import org.genaiconnector.junit.GenAiExtension;
import org.genaiconnector.junit.TestAdapter;
import org.genaiconnector.llm.LlmConnectionFactory;
import org.genaiconnector.llm.ReasoningEffort;
import org.genaiconnector.testkit.Fault;
import org.genaiconnector.testkit.llm.LlmSimulator;
import org.genaiconnector.testkit.llm.Profile;
import org.genaiconnector.testkit.llm.ToolCall;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** LangChain4j's requests, answers and failures through the adapter, in front of a simulated service. */
class ConnectorChatModelTest {
    private static final String PNG = "iVBORw0KGgo=";

    @RegisterExtension
    final GenAiExtension genAi = new GenAiExtension()
            .llm(builder -> builder.profile(Profile.OPENAI).models("simulator"))
            .llmProperties(Map.of("provider", "OPENAI", "apiKey", "sk-test", "maxRetries", "0"));

    private static JsonObject lastBody(LlmSimulator backend) {
        var posts = backend.traffic().requests(request -> request.method().equals("POST"));
        return Json.createReader(new StringReader(posts.get(posts.size() - 1).bodyText()))
                .readObject();
    }

    private static ChatRequest asking(dev.langchain4j.model.chat.request.ChatRequestParameters parameters) {
        return ChatRequest.builder()
                .messages(UserMessage.from("Hello"))
                .parameters(parameters)
                .build();
    }

    @Test
    void answersWithUsageAndReason(LlmConnectionFactory llm, LlmSimulator backend) {
        backend.script().says("a lighthouse");

        ChatResponse response =
                ConnectorChatModel.of(llm).chat(SystemMessage.from("Be brief"), UserMessage.from("What is it?"));

        assertThat(response.aiMessage().text()).isEqualTo("a lighthouse");
        assertThat(response.finishReason()).isEqualTo(FinishReason.STOP);
        assertThat(response.modelName()).isEqualTo("simulator");
        assertThat(response.tokenUsage().inputTokenCount()).isPositive();
        assertThat(response.tokenUsage().totalTokenCount())
                .isEqualTo(response.tokenUsage().inputTokenCount()
                        + response.tokenUsage().outputTokenCount());
        assertThat(response.metadata())
                .isInstanceOfSatisfying(
                        ConnectorResponseMetadata.class,
                        metadata -> assertThat(metadata.original().text()).isEqualTo("a lighthouse"));
    }

    @Test
    void sendsEveryParameter(LlmConnectionFactory llm, LlmSimulator backend) {
        ToolSpecification tool = ToolSpecification.builder()
                .name("weather")
                .description("Returns the weather")
                .parameters(JsonObjectSchema.builder()
                        .addStringProperty("city")
                        .required("city")
                        .build())
                .build();

        ConnectorChatModel.builder()
                .factory(llm)
                .temperature(0.1)
                .maxOutputTokens(99)
                .build()
                .chat(asking(ConnectorChatRequestParameters.builder()
                        .temperature(0.2)
                        .topP(0.9)
                        .frequencyPenalty(0.3)
                        .presencePenalty(0.4)
                        .stopSequences("END")
                        .toolSpecifications(tool)
                        .toolChoice(ToolChoice.AUTO)
                        .responseFormat(ResponseFormat.TEXT)
                        .seed(7L)
                        .parallelToolCalls(false)
                        .timeout(Duration.ofSeconds(20))
                        .caller("alice")
                        .extra(Map.of("user", "u1"))
                        .build()));

        assertThat(lastBody(backend).toString())
                .contains(
                        "\"temperature\":0.2", "\"top_p\":0.9", "\"frequency_penalty\":0.3", "\"presence_penalty\":0.4")
                .contains("\"stop\":[\"END\"]", "\"seed\":7", "\"parallel_tool_calls\":false", "\"user\":\"u1\"")
                .contains("tokens\":99")
                .contains("\"name\":\"weather\"", "\"required\":[\"city\"]");
    }

    @Test
    void sendsReasoningEffort(LlmConnectionFactory llm, LlmSimulator backend) {
        ConnectorChatModel.of(llm)
                .chat(asking(ConnectorChatRequestParameters.builder()
                        .reasoningEffort(ReasoningEffort.LOW)
                        .build()));

        assertThat(lastBody(backend).getString("reasoning_effort")).isEqualTo("low");
    }

    @Test
    void sendsImagesAndDocuments(LlmConnectionFactory llm, LlmSimulator backend) {
        ConnectorChatModel.of(llm)
                .chat(UserMessage.from(
                        TextContent.from("What is this?"),
                        ImageContent.from(PNG, "image/png"),
                        ImageContent.from(URI.create("https://example.org/cat.png")),
                        PdfFileContent.from("JVBERi0=", "application/pdf")));

        assertThat(lastBody(backend).toString())
                .contains("data:image/png;base64," + PNG)
                .contains("https://example.org/cat.png")
                .contains("JVBERi0=");
    }

    @Test
    void namesWhatItCannotSend(LlmConnectionFactory llm) {
        ChatModel model = ConnectorChatModel.of(llm);

        assertThatThrownBy(() -> model.chat(UserMessage.from("Bob", "Hello")))
                .isInstanceOf(UnsupportedFeatureException.class)
                .hasMessageContaining("name of a UserMessage (Bob)");
        assertThatThrownBy(() -> model.chat(UserMessage.from(AudioContent.from("AAAA", "audio/wav"))))
                .isInstanceOf(UnsupportedFeatureException.class)
                .hasMessageContaining("AUDIO");
        assertThatThrownBy(() -> model.chat(
                        UserMessage.from(ImageContent.from(PNG, "image/png", ImageContent.DetailLevel.HIGH))))
                .isInstanceOf(UnsupportedFeatureException.class)
                .hasMessageContaining("detail level HIGH");
        assertThatThrownBy(() -> model.chat(UserMessage.from(PdfFileContent.from(URI.create("http://h/a.pdf")))))
                .isInstanceOf(UnsupportedFeatureException.class)
                .hasMessageContaining("http://h/a.pdf");
        assertThatThrownBy(() -> model.chat(
                        asking(OpenAiChatRequestParameters.builder().seed(7).build())))
                .isInstanceOf(UnsupportedFeatureException.class)
                .hasMessageContaining("OpenAiChatRequestParameters");
        assertThatThrownBy(() -> model.chat(asking(ConnectorChatRequestParameters.builder()
                        .temperature(-1.0)
                        .build())))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("temperature");
        assertThatThrownBy(() -> model.chat(SystemMessage.from("Be brief")))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("user message");
    }

    @ParameterizedTest
    @CsvSource({
        "400, dev.langchain4j.exception.InvalidRequestException",
        "401, dev.langchain4j.exception.AuthenticationException",
        "403, dev.langchain4j.exception.AuthenticationException",
        "404, dev.langchain4j.exception.ModelNotFoundException",
        "408, dev.langchain4j.exception.TimeoutException",
        "429, dev.langchain4j.exception.RateLimitException",
        "500, dev.langchain4j.exception.InternalServerException",
        "503, dev.langchain4j.exception.InternalServerException",
        "529, dev.langchain4j.exception.InternalServerException",
        "402, dev.langchain4j.exception.NonRetriableException"
    })
    void failsWithLangChain4jsExceptions(int status, Class<?> type, LlmConnectionFactory llm, LlmSimulator backend) {
        backend.faults().always(Fault.status(status));

        assertThatThrownBy(() -> ConnectorChatModel.of(llm).chat("Hello"))
                .isInstanceOf(type)
                .isInstanceOf(LangChain4jException.class)
                .hasCauseInstanceOf(GenAiException.class);
    }

    @Test
    void failsWhenTheTimeIsOver(LlmConnectionFactory llm, LlmSimulator backend) {
        backend.faults().always(Fault.silence());

        assertThatThrownBy(() -> ConnectorChatModel.builder()
                        .factory(llm)
                        .timeout(Duration.ofMillis(50))
                        .build()
                        .chat("Hello"))
                .isInstanceOf(TimeoutException.class);
    }

    @Test
    void failsLikeOtherModelsIfTheModelRefuses(LlmConnectionFactory llm, LlmSimulator backend) {
        backend.script().json("""
                {"id": "1", "object": "chat.completion", "model": "simulator", "choices": [{"index": 0,
                 "finish_reason": "stop", "message": {"role": "assistant", "content": null, "refusal": "I will not"}}]}""");

        assertThatThrownBy(() -> ConnectorChatModel.of(llm).chat("Hello"))
                .isInstanceOf(ContentFilteredException.class)
                .hasMessage("I will not");
    }

    /** One that remembers what it hears, and throws. */
    static final class Listener implements ChatModelListener {
        final List<String> heard = new ArrayList<>();

        @Override
        public void onRequest(ChatModelRequestContext context) {
            heard.add("request");
            throw new IllegalStateException("not now");
        }

        @Override
        public void onResponse(ChatModelResponseContext context) {
            heard.add("response " + context.chatResponse().aiMessage().text());
            throw new IllegalStateException("not now");
        }

        @Override
        public void onError(ChatModelErrorContext context) {
            heard.add("error " + context.error().getClass().getSimpleName());
            throw new IllegalStateException("not now");
        }
    }

    @Test
    void listenersThatThrowDoNoHarm(LlmConnectionFactory llm, LlmSimulator backend) {
        Listener listener = new Listener();
        ChatModel model = ConnectorChatModel.builder()
                .factory(llm)
                .listeners(List.of(listener))
                .build();
        backend.script().says("fine");

        assertThat(model.chat("Hello")).isEqualTo("fine");
        backend.faults().next(Fault.status(401));
        assertThatThrownBy(() -> model.chat("Hello")).isInstanceOf(AuthenticationException.class);

        assertThat(listener.heard)
                .containsExactly("request", "response fine", "request", "error AuthenticationException");
    }

    record Scene(String text, int lights) {}

    interface Assistant {
        String chat(String message);

        Scene scene(String message);
    }

    static final class Tools {
        @Tool("Returns the weather of a city")
        String weather(@P("city") String city) {
            if (city.equals("Atlantis")) {
                throw new IllegalArgumentException("no such city");
            }
            return "rain in " + city;
        }
    }

    @Test
    void servesAssistantsWithToolsMemoryAndRecords(LlmConnectionFactory llm, LlmSimulator backend) {
        Assistant assistant = AiServices.builder(Assistant.class)
                .chatModel(ConnectorChatModel.of(llm))
                .tools(new Tools())
                .chatMemory(MessageWindowChatMemory.withMaxMessages(20))
                .build();
        backend.script()
                .calls(
                        new ToolCall("c1", "weather", "{\"city\": \"Oslo\"}"),
                        new ToolCall("c2", "weather", "{\"city\": \"Atlantis\"}"))
                .says("It rains in Oslo")
                .says("{\"text\": \"a lighthouse\", \"lights\": 2}");

        assertThat(assistant.chat("Do I need an umbrella?")).isEqualTo("It rains in Oslo");
        assertThat(lastBody(backend).toString()).contains("rain in Oslo", "no such city", "c1", "c2");
        assertThat(assistant.scene("What do you see?")).isEqualTo(new Scene("a lighthouse", 2));
        assertThat(lastBody(backend).toString())
                .contains("Do I need an umbrella?")
                .contains("json_schema", "\"lights\":{\"type\":\"integer\"}");
    }

    /** Anthropic requires signed thoughts back with the results of the tools that followed them. */
    @Test
    void keepsSignaturesThroughMemoriesThatAreStored(TestAdapter adapter, LlmSimulator backend) {
        LlmConnectionFactory llm = adapter.llm(Map.of(
                "provider",
                "ANTHROPIC",
                "serverUrl",
                backend.anthropicUri().toString(),
                "model",
                "simulator",
                "apiKey",
                "sk-test"));
        ChatModel model = ConnectorChatModel.of(llm);
        backend.script()
                .thinks("They want the weather.")
                .calls(new ToolCall("t1", "weather", "{\"city\": \"Oslo\"}"))
                .says("It rains");
        ToolSpecification tool = ToolSpecification.builder()
                .name("weather")
                .parameters(JsonObjectSchema.builder().addStringProperty("city").build())
                .build();
        List<ChatMessage> conversation = new ArrayList<>(List.of(UserMessage.from("Oslo?")));

        AiMessage answer = model.chat(ChatRequest.builder()
                        .messages(conversation)
                        .toolSpecifications(tool)
                        .build())
                .aiMessage();
        assertThat(answer.thinking()).isEqualTo("They want the weather.");
        conversation.add(answer);
        conversation.add(ToolExecutionResultMessage.from("t1", "weather", "rain"));
        List<ChatMessage> stored =
                ChatMessageDeserializer.messagesFromJson(ChatMessageSerializer.messagesToJson(conversation));
        ChatResponse end = model.chat(
                ChatRequest.builder().messages(stored).toolSpecifications(tool).build());

        assertThat(end.aiMessage().text()).isEqualTo("It rains");
        assertThat(lastBody(backend).toString()).contains("\"signature\"", "They want the weather.");
    }

    @Test
    void sendsWhatTheApplicationHasChanged(TestAdapter adapter, LlmSimulator backend) {
        ChatModel model = ConnectorChatModel.of(adapter.llm(Map.of(
                "provider",
                "ANTHROPIC",
                "serverUrl",
                backend.anthropicUri().toString(),
                "model",
                "simulator",
                "apiKey",
                "sk-test")));
        backend.script().thinks("Hm.").says("blue").says("fine");
        AiMessage answer = model.chat(UserMessage.from("Colour?")).aiMessage();

        model.chat(UserMessage.from("Colour?"), answer.withText("red"), UserMessage.from("Why?"));

        assertThat(lastBody(backend).toString()).contains("\"red\"").doesNotContain("blue");
    }
}
