package org.genaiconnector.ra.llm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jakarta.json.JsonArray;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import org.genaiconnector.FailureCategory;
import org.genaiconnector.GenAiException;
import org.genaiconnector.llm.ChatResponse;
import org.genaiconnector.llm.Embedding;
import org.genaiconnector.llm.EmbeddingRequest;
import org.genaiconnector.llm.LlmModel;
import org.genaiconnector.ra.Traces;
import org.genaiconnector.ra.Traces.Exchange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Reads every recorded answer of a real llama.cpp that is not a stream. */
class LocalDialectTest {
    private final OpenAiDialect dialect = TestDialects.local();

    static Stream<Exchange> chats() {
        return recorded("/chat/completions");
    }

    static Stream<Exchange> completions() {
        return recorded("/v1/completions");
    }

    static Stream<Exchange> modelLists() {
        return recorded("/v1/models");
    }

    static Stream<Exchange> embeddings() {
        return recorded("/v1/embeddings");
    }

    static Stream<Exchange> refusals() {
        return Traces.exchanges("llm").stream()
                .filter(exchange -> exchange.answer().status() >= 400);
    }

    private static Stream<Exchange> recorded(String path) {
        return Traces.exchanges("llm").stream()
                .filter(exchange ->
                        exchange.path().endsWith(path) && exchange.answer().status() == 200)
                .filter(exchange -> !exchange.method().equals("OPTIONS") && !exchange.isStream());
    }

    @ParameterizedTest
    @MethodSource("chats")
    void readsEveryChat(Exchange exchange) throws Exception {
        ChatResponse response = dialect.readChat(exchange.answer());
        JsonObject body = exchange.answer().jsonObject();
        JsonObject choice = body.getJsonArray("choices").getJsonObject(0);

        assertThat(response.model()).isEqualTo(body.getString("model"));
        assertThat(response.rawFinishReason()).isEqualTo(choice.getString("finish_reason"));
        assertThat(response.text())
                .isEqualTo(
                        choice.getJsonObject("message").isNull("content")
                                ? ""
                                : choice.getJsonObject("message").getString("content"));
        assertThat(response.usage().totalTokens())
                .hasValue(body.getJsonObject("usage").getInt("total_tokens"));
    }

    @ParameterizedTest
    @MethodSource("completions")
    void readsEveryCompletion(Exchange exchange) throws Exception {
        ChatResponse response = dialect.readCompletion(exchange.answer());

        assertThat(response.text())
                .isEqualTo(exchange.answer()
                        .jsonObject()
                        .getJsonArray("choices")
                        .getJsonObject(0)
                        .getString("text"));
    }

    @ParameterizedTest
    @MethodSource("modelLists")
    void readsEveryListOfModels(Exchange exchange) throws Exception {
        assertThat(dialect.readModels(exchange.answer()).models())
                .extracting(LlmModel::id)
                .containsExactly("tiny-random");
    }

    @ParameterizedTest
    @MethodSource("embeddings")
    void readsEveryEmbedding(Exchange exchange) throws Exception {
        JsonObject body = exchange.answer().jsonObject();
        int texts = body.getJsonArray("data").size();
        Embedding embedding = dialect.readEmbedding(
                exchange.answer(), EmbeddingRequest.of(Collections.nCopies(texts, "one of them")));

        assertThat(embedding.usage().inputTokens())
                .hasValue(body.getJsonObject("usage").getInt("prompt_tokens"));
        assertThat(embedding.vectors()).hasSameSizeAs(body.getJsonArray("data"));
        for (int i = 0; i < embedding.vectors().size(); i++) {
            assertThat(embedding.vectors().get(i))
                    .isEqualTo(vector(body.getJsonArray("data").getJsonObject(i).get("embedding")));
        }
    }

    /** Numbers, or base64 of little-endian floats. */
    private static float[] vector(JsonValue value) {
        if (value instanceof JsonString base64) {
            FloatBuffer floats = ByteBuffer.wrap(Base64.getDecoder().decode(base64.getString()))
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .asFloatBuffer();
            float[] vector = new float[floats.remaining()];
            floats.get(vector);
            return vector;
        }
        JsonArray numbers = (JsonArray) value;
        float[] vector = new float[numbers.size()];
        for (int i = 0; i < vector.length; i++) {
            vector[i] = Float.parseFloat(numbers.get(i).toString());
        }
        return vector;
    }

    /** What the adapter never asks a local server, and what was recorded for the simulator's sake. */
    @Test
    void leavesNoAnswerOut() {
        Set<String> neverAsked = Set.of("/health", "/props", "/completion");
        List<Exchange> read = Stream.of(chats(), completions(), modelLists(), embeddings(), refusals())
                .flatMap(Function.identity())
                .toList();
        assertThat(Traces.exchanges("llm").stream()
                        .filter(exchange -> !exchange.isStream()
                                && !exchange.method().equals("OPTIONS")
                                && !neverAsked.contains(exchange.path())))
                .allMatch(
                        exchange -> read.stream().anyMatch(one -> one.toString().equals(exchange.toString())));
    }

    @ParameterizedTest
    @MethodSource("refusals")
    void givesEveryRefusalItsCategory(Exchange exchange) {
        assertThatThrownBy(() -> {
                    throw LlmFailures.read(exchange.answer());
                })
                .isInstanceOfSatisfying(
                        GenAiException.class,
                        failure -> assertThat(failure.category())
                                .isEqualTo(
                                        switch (exchange.answer().status()) {
                                            case 400 -> FailureCategory.INVALID_REQUEST;
                                            case 401 -> FailureCategory.AUTHENTICATION;
                                            case 404 -> FailureCategory.NOT_FOUND;
                                            case 501 -> FailureCategory.UNSUPPORTED;
                                            case 503 -> FailureCategory.UNAVAILABLE;
                                            default -> FailureCategory.SERVER;
                                        }))
                .hasMessageNotContaining("sk-test-1234");
    }
}
