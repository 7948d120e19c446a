package org.genaiconnector.testkit.llm;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.time.Duration;

/** LM Studio's server, which runs on Node. */
final class LmStudio extends OpenAiFlavour {
    LmStudio(Settings settings) {
        super(settings);
    }

    @Override
    Duration keepAlive() {
        return Duration.ofSeconds(5);
    }

    @Override
    void headers(Call call) {
        call.answerHeader("X-Powered-By", "Express").answerHeader("Keep-Alive", "timeout=5");
    }

    @Override
    void rateLimits(Call call) {}

    @Override
    boolean isStrict() {
        return false;
    }

    @Override
    void check(JsonNode body) {
        super.check(body);
        if (body.path("tool_choice").isObject()) {
            throw new Refusal(
                    Refusal.Kind.INVALID,
                    "Invalid tool_choice type: 'object'. Supported string values: none, auto, required",
                    "tool_choice");
        }
    }

    /** What is not there is answered 200 with an error text. */
    @Override
    void refuse(Call call, Refusal refusal) throws IOException {
        switch (refusal.kind()) {
            case UNKNOWN_PATH, WRONG_METHOD ->
                call.answer(
                        200,
                        jsonType(),
                        Call.JSON
                                .createObjectNode()
                                .put(
                                        "error",
                                        "Unexpected endpoint or method. (" + call.method() + " " + call.path() + ")"));
            default -> super.refuse(call, refusal);
        }
    }

    @Override
    int maxTokens(JsonNode body) {
        return body.path("max_tokens").asInt(Integer.MAX_VALUE);
    }

    @Override
    void decorate(ObjectNode answer) {
        answer.put("system_fingerprint", answer.path("model").asText());
    }

    /** No call is an empty list. */
    @Override
    void decorateMessage(ObjectNode message, ObjectNode choice) {
        message.withArray("tool_calls");
    }

    @Override
    String ownedBy() {
        return "organization_owner";
    }
}
