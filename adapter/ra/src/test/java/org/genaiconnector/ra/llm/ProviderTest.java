package org.genaiconnector.ra.llm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jakarta.json.JsonObject;
import jakarta.resource.spi.SecurityException;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.genaiconnector.FailureCategory;
import org.genaiconnector.GenAiException;
import org.genaiconnector.client.Tool;
import org.genaiconnector.client.ToolLoop;
import org.genaiconnector.llm.ChatMessage;
import org.genaiconnector.llm.ChatRequest;
import org.genaiconnector.llm.ChatResponse;
import org.genaiconnector.llm.GenerationOptions;
import org.genaiconnector.llm.ImagePart;
import org.genaiconnector.llm.LlmConnection;
import org.genaiconnector.llm.ReasoningEffort;
import org.genaiconnector.llm.ResponseFormat;
import org.genaiconnector.llm.ToolChoice;
import org.genaiconnector.llm.ToolDefinition;
import org.genaiconnector.ra.DocumentSection;
import org.genaiconnector.ra.json.LenientJson;
import org.genaiconnector.testkit.llm.LlmSimulator;
import org.genaiconnector.testkit.llm.Profile;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

/** Every provider of the table against a simulator that refuses what the real service refuses. */
class ProviderTest {
    private static final String KEY = "sk-simulated-0123456789";
    private static final Map<Provider, Profile> PROFILES = new EnumMap<>(Map.of(
            Provider.LOCAL, Profile.VLLM,
            Provider.AZURE, Profile.AZURE,
            Provider.OPENROUTER, Profile.OPENROUTER,
            Provider.GROQ, Profile.GROQ,
            Provider.DEEPSEEK, Profile.DEEPSEEK,
            Provider.MISTRAL, Profile.MISTRAL,
            Provider.GEMINI, Profile.GEMINI,
            Provider.TOGETHER, Profile.TOGETHER,
            Provider.XAI, Profile.XAI,
            Provider.VLLM, Profile.VLLM));

    static {
        PROFILES.put(Provider.OLLAMA, Profile.OLLAMA);
        PROFILES.put(Provider.LLAMA_CPP, Profile.LLAMACPP_2026);
        PROFILES.put(Provider.LM_STUDIO, Profile.LMSTUDIO);
    }

    private static final JsonObject CLOSED = (JsonObject)
            LenientJson.read(
                    "{\"type\":\"object\",\"properties\":{\"a\":{\"type\":\"string\"}},\"required\":[\"a\"],\"additionalProperties\":false}");
    private static final List<ToolDefinition> TOOLS =
            List.of(ToolDefinition.of("weather", "Weather", CLOSED), ToolDefinition.of("clock", "Time", CLOSED));

    private LlmSimulator server;

    record City(String name) {}

    @AfterEach
    void close() {
        if (server != null) {
            server.close();
        }
    }

    private LlmManagedConnectionFactory factory(Provider provider) {
        server = LlmSimulator.builder()
                .profile(PROFILES.getOrDefault(provider, Profile.OPENAI))
                .apiKeys(KEY)
                .start();
        LlmManagedConnectionFactory managed = SimulatedLlm.factory(provider, server);
        if (provider == Provider.AZURE) {
            managed.setServerUrl(server.uri() + "/openai/v1");
        }
        managed.setApiKey(KEY);
        managed.setProbeOnCreate(true);
        managed.setMaxRetries(0);
        return managed;
    }

    /** What a service of this kind is said to take. */
    private static GenerationOptions options(Provider provider) {
        GenerationOptions.Builder all = GenerationOptions.builder()
                .maxOutputTokens(200)
                .temperature(0.5)
                .topP(0.9);
        boolean isChat = provider.protocol() == Protocol.CHAT;
        if (isChat && !provider.has(Quirk.NO_SEED)) {
            all.seed(7);
        }
        if (isChat && !provider.has(Quirk.NO_PENALTIES)) {
            all.frequencyPenalty(0.1).presencePenalty(0.1);
        }
        if (provider.protocol() != Protocol.RESPONSES && !provider.has(Quirk.NO_TOP_K)) {
            all.topK(5);
        }
        return all.build();
    }

    @ParameterizedTest
    @EnumSource
    void takesWhatItIsSentWholeStreamedAndAfterCallsOfTools(Provider provider) throws Exception {
        try (LlmConnection connection = SimulatedLlm.connection(factory(provider))) {
            ChatRequest.Builder asking =
                    ChatRequest.builder().user("Say it in JSON").options(options(provider));
            if (!provider.has(Quirk.NO_SCHEMAS)) {
                asking.responseFormat(ResponseFormat.schema("answer", CLOSED));
            }
            ChatResponse whole = connection.chat(asking.build());
            assertThat(whole.text()).isNotEmpty();
            ChatResponse streamed = Streams.end(Streams.drain(connection.stream(asking.build())));
            assertThat(streamed.text()).isEqualTo(whole.text());
            assertThat(streamed.usage().outputTokens())
                    .as("tokens of the stream")
                    .isPresent();
            assertThat(connection.listModels()).isNotEmpty();

            ChatResponse calling = connection.chat(ChatRequest.builder()
                    .user("What time is it?")
                    .tools(TOOLS)
                    .toolChoice(ToolChoice.tool("clock"))
                    .build());
            if (provider != Provider.OLLAMA) { // which ignores every choice
                assertThat(calling.toolCalls()).extracting(call -> call.name()).containsExactly("clock");
            }
            ToolLoop loop = ToolLoop.of(Tool.of("weather", "Weather", City.class, city -> "rain in " + city.name()));
            assertThat(loop.chat(connection, ChatRequest.of("How is the weather?"))
                            .response()
                            .text())
                    .isNotEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource(names = "OLLAMA", mode = Mode.EXCLUDE) // which takes any key
    void noticesAWrongKeyWhenAConnectionIsMade(Provider provider) {
        LlmManagedConnectionFactory managed = factory(provider);
        managed.setApiKey("sk-wrong-0123456789");
        assertThatThrownBy(() -> managed.createManagedConnection(null, null)).isInstanceOf(SecurityException.class);
    }

    @ParameterizedTest
    @CsvSource({
        "OPENAI, topK, top_k",
        "AZURE, topK, top_k",
        "GROQ, topK, top_k",
        "DEEPSEEK, topK, top_k",
        "MISTRAL, topK, top_k",
        "XAI, topK, top_k",
        "GEMINI, topK, top_k",
        "GEMINI, seed, seed",
        "GEMINI, frequencyPenalty, frequency_penalty",
        "GEMINI, presencePenalty, presence_penalty",
        "DEEPSEEK, schema, response_format"
    })
    void whatAServiceLacksIsNamedOrLeftOut(Provider provider, String option, String member) throws Exception {
        LlmManagedConnectionFactory managed = factory(provider);
        try (LlmConnection connection = SimulatedLlm.connection(managed)) {
            assertThatThrownBy(() -> connection.chat(with(option)))
                    .isInstanceOfSatisfying(
                            GenAiException.class,
                            e -> assertThat(e.category()).isEqualTo(FailureCategory.INVALID_REQUEST))
                    .hasMessageContaining(option)
                    .hasMessageContaining(provider.title())
                    .hasMessageContaining("unsupportedFields");
        }
        LlmManagedConnectionFactory dropping = SimulatedLlm.factory(provider, server);
        dropping.setServerUrl(managed.getServerUrl());
        dropping.setApiKey(KEY);
        dropping.setUnsupportedFields("DROP");
        try (LlmConnection connection = SimulatedLlm.connection(dropping)) {
            assertThat(connection.chat(with(option)).text()).isNotEmpty();
        }
        assertThat(lastBody()).doesNotContainKey(member);
    }

    private static ChatRequest with(String option) {
        ChatRequest.Builder builder = ChatRequest.builder().user("Hi");
        return switch (option) {
            case "topK" -> builder.topK(4).build();
            case "seed" -> builder.seed(4).build();
            case "frequencyPenalty" -> builder.frequencyPenalty(1).build();
            case "presencePenalty" -> builder.presencePenalty(1).build();
            default ->
                builder.responseFormat(ResponseFormat.schema("a", CLOSED)).build();
        };
    }

    private JsonObject lastBody() {
        List<JsonObject> bodies = server.traffic().requests().stream()
                .filter(request -> request.method().equals("POST"))
                .map(request -> (JsonObject) LenientJson.read(request.body()))
                .toList();
        return bodies.get(bodies.size() - 1);
    }

    // ---- the peculiarities of single services

    private JsonObject sent(Provider provider, UnaryOperator<ChatRequest.Builder> request) throws Exception {
        try (LlmConnection connection = SimulatedLlm.connection(factory(provider))) {
            connection.chat(request.apply(ChatRequest.builder().user("Hi")).build());
        }
        return lastBody();
    }

    @Test
    void mistralHasAnotherNameForTheSeedAndCountsUnasked() throws Exception {
        assertThat(sent(Provider.MISTRAL, builder -> builder.seed(7)).getInt("random_seed"))
                .isEqualTo(7);
    }

    @Test
    void deepSeekStopsThinkingByASwitch() throws Exception {
        JsonObject body = sent(Provider.DEEPSEEK, builder -> builder.reasoningEffort(ReasoningEffort.NONE));
        assertThat(body.getJsonObject("thinking").getString("type")).isEqualTo("disabled");
        assertThat(body).doesNotContainKey("reasoning_effort");
    }

    @Test
    void groqGetsNoStrictSchemas() throws Exception {
        JsonObject body =
                sent(Provider.GROQ, builder -> builder.responseFormat(ResponseFormat.schema("answer", CLOSED)));
        assertThat(body.getJsonObject("response_format").getJsonObject("json_schema"))
                .doesNotContainKey("strict");
    }

    @Test
    void optionsThatXaiRefusesInCamelCaseAreLearned() throws Exception {
        LlmManagedConnectionFactory managed = factory(Provider.XAI);
        managed.setModel("grok-4");
        managed.setUnsupportedFields("DROP");
        try (LlmConnection connection = SimulatedLlm.connection(managed)) {
            ChatRequest request = ChatRequest.builder()
                    .user("Hi")
                    .presencePenalty(1)
                    .temperature(1)
                    .build();
            assertThat(connection.chat(request).text()).isNotEmpty();
        }
        assertThat(lastBody()).doesNotContainKey("presence_penalty").containsKey("temperature");
    }

    @Test
    void ollamaIsNotAskedToFetchPictures() throws Exception {
        try (LlmConnection connection = SimulatedLlm.connection(factory(Provider.OLLAMA))) {
            ChatRequest request = ChatRequest.of(
                    ChatMessage.user("What is this?", ImagePart.of(URI.create("https://example.com/cat.png"))));
            assertThatThrownBy(() -> connection.chat(request))
                    .hasMessageContaining("An ImagePart with an address")
                    .hasMessageContaining("Ollama");
        }
    }

    @Test
    void azuresOlderAddressesHaveADeploymentAndAVersion() throws Exception {
        LlmManagedConnectionFactory managed = factory(Provider.AZURE);
        managed.setServerUrl(server.uri() + "/openai/deployments/gpt?api-version=2024-10-21");
        try (LlmConnection connection = SimulatedLlm.connection(managed)) {
            assertThat(connection.chat(ChatRequest.of("Hi")).text()).isNotEmpty();
        }
        assertThat(server.traffic().requests())
                .allSatisfy(request -> assertThat(request.header("api-key")).contains(KEY));
    }

    // ---- the table

    @ParameterizedTest
    @CsvSource({
        "openai, OPENAI",
        "Local, LOCAL",
        "OPEN_AI, ",
        "llama.cpp, LLAMA_CPP",
        "llama-cpp, LLAMA_CPP",
        "LM Studio, ",
        "lm-studio, LM_STUDIO",
        " xai , XAI",
        "'', ",
        "gpt, "
    })
    void namesAreFoundInAnyForm(String name, Provider provider) {
        assertThat(Provider.named(name)).isEqualTo(Optional.ofNullable(provider));
    }

    @Test
    void theDocumentShowsTheTable() throws IOException {
        List<String> lines = new ArrayList<>(List.of(
                "| `provider` | service | protocol | `serverUrl` unless set | key in | peculiar |",
                "|---|---|---|---|---|---|"));
        for (Provider provider : Provider.values()) {
            lines.add(String.format(
                    "| `%s` | %s | %s | %s | `%s` | %s |",
                    provider,
                    provider.title(),
                    provider.protocol().words(),
                    provider.defaultUrl().map(url -> "`" + url + "`").orElse("required"),
                    provider.keyHeader().words(),
                    provider.quirks().stream().map(Quirk::words).collect(Collectors.joining("; "))));
        }
        new DocumentSection("reference.md", "providers").assertHas(lines);
    }
}
