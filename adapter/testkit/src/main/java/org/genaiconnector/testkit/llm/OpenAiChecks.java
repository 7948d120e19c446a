package org.genaiconnector.testkit.llm;

import com.fasterxml.jackson.databind.JsonNode;
import org.genaiconnector.testkit.llm.Refusal.Kind;

/** What OpenAI itself finds wrong with a chat request. */
final class OpenAiChecks {
    /** Names of models that think before they answer and therefore refuse some parameters. */
    private static final String REASONING_MODELS = "(o\\d|gpt-5).*";

    private OpenAiChecks() {}

    static void messages(JsonNode messages) {
        if (messages.isMissingNode()) {
            throw new Refusal(Kind.MISSING, "Missing required parameter: 'messages'.", "messages");
        }
        if (!messages.isArray() || messages.isEmpty()) {
            throw new Refusal(
                    Kind.INVALID, "Invalid type for 'messages': expected an array of at least one object.", "messages");
        }
        for (int i = 0; i < messages.size(); i++) {
            if (!messages.get(i).path("role").isTextual()) {
                String field = "messages[" + i + "].role";
                throw new Refusal(Kind.MISSING, "Missing required parameter: '" + field + "'.", field);
            }
        }
    }

    static void options(JsonNode body) {
        number(body, "temperature", 2);
        number(body, "top_p", 1);
        if (body.path("stop").size() > 4) {
            throw new Refusal(Kind.INVALID, "Invalid 'stop': array too long. Expected at most 4 elements.", "stop");
        }
        if (body.has("stream_options") && !body.path("stream").asBoolean()) {
            throw new Refusal(
                    Kind.INVALID,
                    "The 'stream_options' parameter is only allowed when 'stream' is enabled.",
                    "stream_options");
        }
    }

    private static void number(JsonNode body, String field, double most) {
        JsonNode value = body.path(field);
        if (value.isMissingNode() || value.isNull()) {
            return;
        }
        if (!value.isNumber()) {
            throw new Refusal(Kind.INVALID, "Invalid type for '" + field + "': expected a decimal.", field);
        }
        if (value.asDouble() < 0 || value.asDouble() > most) {
            throw new Refusal(Kind.INVALID, "Invalid '" + field + "': expected a value from 0 to " + most + ".", field);
        }
    }

    static void reasoningModel(JsonNode body) {
        if (!body.path("model").asText().matches(REASONING_MODELS)) {
            return;
        }
        if (body.has("max_tokens")) {
            throw new Refusal(
                    Kind.UNSUPPORTED,
                    "Unsupported parameter: 'max_tokens' is not supported with this model. Use "
                            + "'max_completion_tokens' instead.",
                    "max_tokens");
        }
        if (body.path("temperature").asDouble(1) != 1) {
            throw new Refusal(
                    Kind.UNSUPPORTED,
                    "Unsupported value: 'temperature' does not support this value with this model. Only the default "
                            + "(1) value is supported.",
                    "temperature");
        }
    }
}
