package org.genaiconnector.langchain4j;

import static org.assertj.core.api.Assertions.assertThat;

import dev.langchain4j.agent.tool.P;
import dev.langchain4j.agent.tool.Tool;
import dev.langchain4j.memory.chat.MessageWindowChatMemory;
import dev.langchain4j.model.chat.Capability;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.openai.OpenAiChatModel;
import dev.langchain4j.model.openai.OpenAiStreamingChatModel;
import dev.langchain4j.service.AiServices;
import dev.langchain4j.service.Result;
import dev.langchain4j.service.SystemMessage;
import dev.langchain4j.service.TokenStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.genaiconnector.junit.GenAiExtension;
import org.genaiconnector.llm.LlmConnectionFactory;
import org.genaiconnector.testkit.llm.LlmSimulator;
import org.genaiconnector.testkit.llm.Profile;
import org.genaiconnector.testkit.llm.ToolCall;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** One application on LangChain4j's own OpenAI client, on the bridge, and on LangChain4j's models over pooled connections. */
class SameApplicationTest {
    @RegisterExtension
    final GenAiExtension genAi = new GenAiExtension()
            .llm(builder -> builder.profile(Profile.OPENAI).models("simulator"))
            .llmProperties(Map.of("provider", "OPENAI", "apiKey", "sk-test"));

    record Scene(String place, List<String> props) {}

    interface Assistant {
        @SystemMessage("Answer briefly.")
        Result<String> chat(String message);

        Scene scene(String message);

        TokenStream tell(String message);
    }

    static final class Tools {
        @Tool("Returns the weather of a city")
        String weather(@P("name of the city") String city) {
            return "rain in " + city;
        }
    }

    private static void script(LlmSimulator backend) {
        backend.script()
                .calls(new ToolCall("c1", "weather", "{\"city\": \"Oslo\"}"))
                .says("Yes, it rains in Oslo.")
                .says("{\"place\": \"harbour\", \"props\": [\"lamp\", \"boat\"]}")
                .says("Once upon a time there was a lighthouse.")
                .says("You asked about Oslo.");
    }

    /** What users of the application see: answers, tools that ran, tokens, pieces of a stream put together. */
    private static List<String> run(ChatModel chat, StreamingChatModel streaming) throws Exception {
        Assistant assistant = AiServices.builder(Assistant.class)
                .chatModel(chat)
                .streamingChatModel(streaming)
                .tools(new Tools())
                .chatMemory(MessageWindowChatMemory.withMaxMessages(50))
                .build();
        List<String> seen = new ArrayList<>();
        Result<String> umbrella = assistant.chat("Do I need an umbrella in Oslo?");
        seen.add(umbrella.content());
        seen.add(umbrella.finishReason() + " " + umbrella.tokenUsage().inputTokenCount() + " "
                + umbrella.tokenUsage().outputTokenCount());
        seen.add(umbrella.toolExecutions().get(0).result());
        seen.add(assistant.scene("A place at dusk").toString());
        StringBuilder pieces = new StringBuilder();
        CompletableFuture<String> end = new CompletableFuture<>();
        assistant
                .tell("A story")
                .onPartialResponse(pieces::append)
                .onCompleteResponse(
                        response -> end.complete(response.aiMessage().text() + " " + response.finishReason()))
                .onError(end::completeExceptionally)
                .start();
        seen.add(end.get(30, TimeUnit.SECONDS));
        seen.add(pieces.toString());
        seen.add(assistant.chat("What did I ask first?").content());
        return seen;
    }

    @Test
    void givesEqualAnswers(LlmConnectionFactory llm, LlmSimulator backend) throws Exception {
        script(backend);
        List<String> own = run(
                OpenAiChatModel.builder()
                        .baseUrl(backend.openAiUri().toString())
                        .apiKey("sk-test")
                        .modelName("simulator")
                        .supportedCapabilities(Set.of(Capability.RESPONSE_FORMAT_JSON_SCHEMA))
                        .build(),
                OpenAiStreamingChatModel.builder()
                        .baseUrl(backend.openAiUri().toString())
                        .apiKey("sk-test")
                        .modelName("simulator")
                        .build());
        script(backend);
        List<String> bridge = run(ConnectorChatModel.of(llm), ConnectorStreamingChatModel.of(llm));
        script(backend);
        List<String> pooled = run(
                OpenAiChatModel.builder()
                        .httpClientBuilder(ConnectorHttpClientBuilder.of(llm))
                        .baseUrl(llm.server().toString())
                        .apiKey("of-the-pool")
                        .modelName("simulator")
                        .supportedCapabilities(Set.of(Capability.RESPONSE_FORMAT_JSON_SCHEMA))
                        .build(),
                OpenAiStreamingChatModel.builder()
                        .httpClientBuilder(ConnectorHttpClientBuilder.of(llm))
                        .baseUrl(llm.server().toString())
                        .apiKey("of-the-pool")
                        .modelName("simulator")
                        .build());

        assertThat(own).contains("rain in Oslo", "You asked about Oslo.").hasSize(7);
        assertThat(bridge).isEqualTo(own);
        assertThat(pooled).isEqualTo(own);
        assertThat(backend.script().pending()).isZero();
    }
}
