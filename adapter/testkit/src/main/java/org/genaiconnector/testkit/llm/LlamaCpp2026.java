package org.genaiconnector.testkit.llm;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.Set;
import org.genaiconnector.testkit.llm.Refusal.Kind;

/**
 * llama.cpp's server of August 2026: tools always and streamed, usage in a chunk of its own, the role in the first delta,
 * schemas kept to, bad requests refused with 400, and the list of models behind the key. A named tool choice is ignored.
 */
final class LlamaCpp2026 extends LlamaCpp {
    private static final Set<String> PUBLIC_PATHS = Set.of("/", "/health", "/v1/health");

    LlamaCpp2026(Settings settings) {
        super(settings);
    }

    @Override
    boolean hasResponses() {
        return true;
    }

    @Override
    void routes(Routes routes) {
        super.routes(routes);
        routes.add("GET", "/v1/health", call -> call.answer(200, jsonType(), "{\"status\":\"ok\"}"));
    }

    @Override
    Set<String> publicPaths() {
        return PUBLIC_PATHS;
    }

    @Override
    void authenticate(Call call) {
        if (call.header("X-Api-Key") == null || !settings.accepts(call.header("X-Api-Key"))) {
            super.authenticate(call);
        }
    }

    @Override
    void check(JsonNode body) {
        if (settings.embeddingsOnly()) {
            super.check(body);
        }
        JsonNode messages = body.path("messages");
        if (messages.isMissingNode()) {
            throw new Refusal(Kind.INVALID, "'messages' is required");
        }
        if (!messages.isArray()) {
            throw new Refusal(Kind.INVALID, "Expected 'messages' to be an array");
        }
        for (JsonNode message : messages) {
            check(message, message.path("content"));
        }
    }

    private static void check(JsonNode message, JsonNode content) {
        if (!content.isTextual() && !content.isArray() && !message.has("tool_calls")) {
            throw new Refusal(
                    Kind.INVALID, "Expected 'content' (ref: https://github.com/ggml-org/llama.cpp/issues/8367)");
        }
        for (JsonNode part : content) {
            String type = part.path("type").asText();
            if (type.equals("image_url")) {
                throw new Refusal(
                        Kind.INVALID,
                        "image input is not supported - hint: if this is unexpected, you may need to provide the mmproj");
            }
            if (!type.equals("text")) {
                throw new Refusal(Kind.INVALID, "unsupported content[].type");
            }
        }
    }

    @Override
    JsonNode toolChoice(JsonNode body) {
        JsonNode choice = body.path("tool_choice");
        return choice.isObject() ? MissingNode.getInstance() : choice;
    }

    /** The newer name counts more; a negative number means no limit. */
    @Override
    int maxTokens(JsonNode body) {
        int asked = body.path("max_completion_tokens").asInt(-1);
        return asked < 0 ? super.maxTokens(body) : asked;
    }

    @Override
    boolean json(JsonNode body) {
        return super.json(body)
                || body.path("response_format").path("type").asText().equals("json_schema");
    }

    @Override
    JsonNode schema(JsonNode body) {
        JsonNode schema = body.path("response_format").path("json_schema").path("schema");
        return schema.isObject() ? schema : super.schema(body);
    }

    @Override
    int fit(JsonNode body, int promptTokens) {
        if (promptTokens >= settings.contextSize()) {
            throw new Refusal(
                    Kind.TOO_LONG,
                    "request (" + promptTokens + " tokens) exceeds the available context size ("
                            + settings.contextSize() + " tokens), try increasing it");
        }
        return promptTokens;
    }

    @Override
    void refuse(Call call, Refusal refusal) throws IOException {
        if (refusal.kind() == Kind.TOO_LONG) {
            call.answer(status(refusal), jsonType(), error(refusal));
        } else {
            super.refuse(call, refusal);
        }
    }

    @Override
    int status(Refusal refusal) {
        return refusal.kind() == Kind.MISSING ? 400 : super.status(refusal);
    }

    @Override
    JsonNode error(Refusal refusal) {
        JsonNode error = super.error(refusal);
        if (refusal.kind() == Kind.TOO_LONG) {
            ((ObjectNode) error.path("error"))
                    .put("type", "exceed_context_size_error")
                    .put("n_ctx", settings.contextSize());
        }
        return error;
    }

    @Override
    String callId(ToolCall call) {
        return call.id();
    }

    @Override
    StreamStyle streamStyle() {
        return StreamStyle.OPENAI;
    }
}
