package org.genaiconnector.testkit.llm;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Set;
import org.genaiconnector.testkit.llm.Refusal.Kind;

/** What llama.cpp of February 2025 finds wrong with a chat request, in its words. */
final class LlamaCppChecks {

    private LlamaCppChecks() {}

    static void chat(JsonNode body, Settings settings) {
        if (settings.embeddingsOnly()) {
            throw new Refusal(
                    Kind.UNSUPPORTED, "This server does not support completions. Start it without `--embeddings`");
        }
        if (!body.isObject()) {
            throw failed("[json.exception.type_error.304] cannot use at() with array");
        }
        checkTools(body, settings);
        checkFormat(body.path("response_format").path("type"));
        JsonNode messages = body.path("messages");
        if (messages.isMissingNode()) {
            throw failed("[json.exception.out_of_range.403] key 'messages' not found");
        }
        if (!messages.isArray()) {
            throw unparsable("Expected 'messages' to be an array, got " + messages, messages);
        }
        for (JsonNode message : messages) {
            checkContent(message.path("content"), messages);
        }
        if (body.path("n").asInt(1) > 1) {
            throw failed("Only one completion choice is allowed");
        }
    }

    private static void checkTools(JsonNode body, Settings settings) {
        if (body.path("tools").isEmpty()) {
            return;
        }
        if (body.path("stream").asBoolean()) {
            throw failed("Cannot use tools with stream");
        }
        if (!settings.jinja()) {
            throw failed("tools param requires --jinja flag");
        }
    }

    private static void checkFormat(JsonNode type) {
        if (!type.isMissingNode()
                && !Set.of("text", "json_object", "json_schema").contains(type.asText())) {
            throw failed("response_format type must be one of \"text\" or \"json_object\", but got: " + type.asText());
        }
    }

    private static void checkContent(JsonNode content, JsonNode messages) {
        if (content.isMissingNode()) {
            throw unparsable("Expected 'content' (ref: https://github.com/ggml-org/llama.cpp/issues/8367)", messages);
        }
        for (JsonNode part : content) {
            if (!part.path("type").asText().equals("text")) {
                throw unparsable("Unsupported content part type: " + part.path("type"), messages);
            }
        }
    }

    private static Refusal unparsable(String why, JsonNode messages) {
        return failed("Failed to parse messages: " + why + "; messages = " + messages.toPrettyString());
    }

    private static Refusal failed(String message) {
        return new Refusal(Kind.FAILED, message);
    }
}
