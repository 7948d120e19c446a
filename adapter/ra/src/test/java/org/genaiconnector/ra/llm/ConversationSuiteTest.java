package org.genaiconnector.ra.llm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import jakarta.json.JsonObject;
import java.awt.Color;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.genaiconnector.FailureCategory;
import org.genaiconnector.GenAiException;
import org.genaiconnector.client.RecordSchema;
import org.genaiconnector.client.Tool;
import org.genaiconnector.client.ToolLoop;
import org.genaiconnector.llm.ChatMessage;
import org.genaiconnector.llm.ChatRequest;
import org.genaiconnector.llm.ChatResponse;
import org.genaiconnector.llm.CompletionRequest;
import org.genaiconnector.llm.Embedding;
import org.genaiconnector.llm.FinishReason;
import org.genaiconnector.llm.ImagePart;
import org.genaiconnector.llm.LlmConnection;
import org.genaiconnector.llm.LlmConnectionFactory;
import org.genaiconnector.llm.StreamEvent;
import org.genaiconnector.llm.TextPart;
import org.genaiconnector.llm.ToolCall;
import org.genaiconnector.llm.ToolChoice;
import org.genaiconnector.ra.json.LenientJson;
import org.genaiconnector.testkit.llm.LlmSimulator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Conversations, against the simulator in every dialect, or against a real service:
 *
 * <pre>
 * ./mvnw test -pl adapter/ra -am -Dtest=ConversationSuiteTest -Dsurefire.failIfNoSpecifiedTests=false \
 *     -Dllm.url=http://gpu-box:8000/v1 -Dllm.provider=LOCAL [-Dllm.model=...] [-Dllm.key=...]
 * </pre>
 *
 * <p>A real service may lack some features. What it refuses as unsupported is skipped, with its own message.
 */
class ConversationSuiteTest {
    private static final String URL = System.getProperty("llm.url");

    private static LlmSimulator simulator;

    record City(String city) {}

    /** A server and how it is spoken to. */
    record Target(Provider provider, LlmConnectionFactory factory) {
        @Override
        public String toString() {
            return provider + " at " + factory.server();
        }
    }

    static Stream<Target> targets() {
        if (URL != null) {
            Provider provider =
                    Provider.named(System.getProperty("llm.provider", "LOCAL")).orElseThrow();
            return Stream.of(target(provider, URI.create(URL), System.getProperty("llm.model")));
        }
        if (simulator == null) {
            simulator = LlmSimulator.start();
        }
        return Stream.of(
                target(Provider.OPENAI, simulator.openAiUri(), "tiny"),
                target(Provider.OPENAI_RESPONSES, simulator.openAiUri(), "tiny"),
                target(Provider.ANTHROPIC, simulator.anthropicUri(), "tiny"),
                target(Provider.LOCAL, simulator.openAiUri(), null));
    }

    private static Target target(Provider provider, URI url, String model) {
        LlmManagedConnectionFactory managed = new LlmManagedConnectionFactory();
        managed.setProvider(provider.name());
        managed.setServerUrl(url.toString());
        managed.setModel(model);
        managed.setApiKey(System.getProperty("llm.key"));
        return new Target(provider, (LlmConnectionFactory) managed.createConnectionFactory());
    }

    @AfterAll
    static void stop() {
        if (simulator != null) {
            simulator.close();
        }
    }

    @FunctionalInterface
    private interface Conversation {
        void on(LlmConnection connection) throws Exception;
    }

    private static void converse(Target target, Conversation conversation) throws Exception {
        try (LlmConnection connection = target.factory().getConnection()) {
            conversation.on(connection);
        } catch (GenAiException e) {
            if (URL != null
                    && List.of(FailureCategory.UNSUPPORTED, FailureCategory.INVALID_REQUEST, FailureCategory.SERVER)
                            .contains(e.category())) {
                abort("The server cannot do this: " + e.getMessage());
            }
            throw e;
        }
    }

    private static ChatRequest.Builder brief(String words) {
        return ChatRequest.builder().system("Be brief.").user(words).maxOutputTokens(300);
    }

    @ParameterizedTest
    @MethodSource("targets")
    void chats(Target target) throws Exception {
        converse(target, connection -> {
            ChatResponse answer = connection.chat(brief("Say hello.").build());
            assertThat(answer.text()).isNotBlank();
            assertThat(answer.finishReason()).isIn(FinishReason.STOP, FinishReason.LENGTH);
            assertThat(answer.usage().inputTokens().orElseThrow()).isPositive();

            ChatResponse next = connection.chat(brief("Say hello.")
                    .message(answer.message())
                    .user("And now goodbye.")
                    .build());
            assertThat(next.text()).isNotBlank();
        });
    }

    @ParameterizedTest
    @MethodSource("targets")
    void completes(Target target) throws Exception {
        converse(
                target,
                connection -> assertThat(connection
                                .complete(CompletionRequest.of("Once upon a time"))
                                .text())
                        .isNotBlank());
    }

    @ParameterizedTest
    @MethodSource("targets")
    void streams(Target target) throws Exception {
        converse(target, connection -> {
            List<StreamEvent> events = Streams.drain(connection.stream(
                    brief("Tell of lighthouses, in two sentences.").build()));
            ChatResponse whole = Streams.end(events);
            assertThat(events.stream()
                            .filter(StreamEvent.Text.class::isInstance)
                            .map(event -> ((StreamEvent.Text) event).text())
                            .collect(Collectors.joining()))
                    .isEqualTo(whole.text())
                    .isNotBlank();
            assertThat(whole.rawFinishReason()).isNotEmpty();
            assertThat(connection.chat(brief("Say hello.").build()).text())
                    .as("the connection is free again")
                    .isNotBlank();
        });
    }

    @ParameterizedTest
    @MethodSource("targets")
    void callsTools(Target target) throws Exception {
        Tool weather = Tool.of("weather", "Tells the weather of a city", City.class, city -> "Rain in " + city.city());
        converse(target, connection -> {
            ToolLoop.Result result = ToolLoop.of(weather)
                    .chat(
                            connection,
                            brief("How is the weather in Oslo?")
                                    .toolChoice(ToolChoice.REQUIRED)
                                    .build());
            assertThat(result.rounds()).isGreaterThan(1);
            assertThat(result.response().text()).isNotBlank();
        });
    }

    @ParameterizedTest
    @MethodSource("targets")
    void streamsToolCalls(Target target) throws Exception {
        ChatRequest request = brief("How is the weather in Oslo?")
                .tool(Tool.of("weather", "Tells the weather of a city", City.class, City::city)
                        .definition())
                .toolChoice(ToolChoice.tool("weather"))
                .build();
        converse(target, connection -> {
            List<StreamEvent> events = Streams.drain(connection.stream(request));
            ToolCall call = Streams.end(events).toolCalls().get(0);
            assertThat(call.name()).isEqualTo("weather");
            assertThat((JsonObject) LenientJson.read(call.argumentsJson())).containsKey("city");
            assertThat(events).contains(new StreamEvent.ToolCallCompleted(call));
        });
    }

    @ParameterizedTest
    @MethodSource("targets")
    void answersInTheSchemaOfARecord(Target target) throws Exception {
        converse(
                target,
                connection -> assertThat(RecordSchema.of(City.class)
                                .withRepairs(2)
                                .chat(
                                        connection,
                                        brief("Name a city in Norway, as JSON with the member city.")
                                                .build())
                                .city())
                        .isNotBlank());
    }

    @ParameterizedTest
    @MethodSource("targets")
    void looksAtPictures(Target target) throws Exception {
        BufferedImage image = new BufferedImage(32, 32, BufferedImage.TYPE_INT_RGB);
        image.createGraphics().fillRect(8, 8, 16, 16);
        image.setRGB(0, 0, Color.RED.getRGB());
        ByteArrayOutputStream png = new ByteArrayOutputStream();
        ImageIO.write(image, "png", png);
        converse(
                target,
                connection -> assertThat(connection
                                .chat(ChatRequest.builder()
                                        .message(ChatMessage.user(
                                                new TextPart("What is in this picture?"),
                                                ImagePart.of("image/png", png.toByteArray())))
                                        .maxOutputTokens(100)
                                        .build())
                                .text())
                        .isNotBlank());
    }

    @ParameterizedTest
    @MethodSource("targets")
    void embedsTexts(Target target) throws Exception {
        if (target.provider() == Provider.ANTHROPIC) {
            return; // has none, which is tested elsewhere
        }
        converse(target, connection -> {
            Embedding embedding = connection.embed(List.of("one", "two"));
            assertThat(embedding.vectors()).hasSize(2);
            assertThat(embedding.vectors().get(0))
                    .isNotEmpty()
                    .isNotEqualTo(embedding.vectors().get(1));
        });
    }

    @ParameterizedTest
    @MethodSource("targets")
    void listsModels(Target target) throws Exception {
        converse(target, connection -> assertThat(connection.listModels()).isNotEmpty());
    }
}
