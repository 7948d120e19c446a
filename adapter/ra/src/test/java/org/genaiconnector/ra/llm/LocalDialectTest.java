package org.genaiconnector.ra.llm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jakarta.json.JsonObject;
import java.util.Set;
import java.util.stream.Stream;
import org.genaiconnector.FailureCategory;
import org.genaiconnector.GenAiException;
import org.genaiconnector.llm.ChatResponse;
import org.genaiconnector.llm.LlmModel;
import org.genaiconnector.ra.Traces;
import org.genaiconnector.ra.Traces.Exchange;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Reads every recorded answer of a real llama.cpp server that is no stream. */
class LocalDialectTest {
    private final LocalDialect dialect = TestDialects.local();

    static Stream<Exchange> chats() {
        return recorded("/chat/completions");
    }

    static Stream<Exchange> completions() {
        return recorded("/v1/completions");
    }

    static Stream<Exchange> modelLists() {
        return recorded("/v1/models");
    }

    static Stream<Exchange> refusals() {
        return Traces.exchanges("llm").stream()
                .filter(exchange -> exchange.answer().status() >= 400);
    }

    private static Stream<Exchange> recorded(String path) {
        return Traces.exchanges("llm").stream()
                .filter(exchange ->
                        exchange.path().endsWith(path) && exchange.answer().status() == 200)
                .filter(exchange -> !exchange.method().equals("OPTIONS") && !isStream(exchange));
    }

    private static boolean isStream(Exchange exchange) {
        return exchange.answer()
                .jsonObjectIfAny()
                .filter(body -> body.keySet().equals(Set.of("stream")))
                .isPresent();
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
