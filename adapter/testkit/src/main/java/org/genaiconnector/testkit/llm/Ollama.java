package org.genaiconnector.testkit.llm;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import org.genaiconnector.testkit.llm.Refusal.Kind;
import org.genaiconnector.testkit.llm.StreamStyle.Role;
import org.genaiconnector.testkit.llm.StreamStyle.Usage;

/** Ollama's OpenAI dialect (read from its source of August 2026). */
final class Ollama extends OpenAiFlavour {
    private static final int IDS = 999;

    Ollama(Settings settings) {
        super(settings);
    }

    @Override
    void headers(Call call) {}

    @Override
    void rateLimits(Call call) {}

    @Override
    boolean isStrict() {
        return false;
    }

    @Override
    void routes(Routes routes) {
        routes.add("GET", "/", call -> call.answer(200, "text/plain; charset=utf-8", "Ollama is running"))
                .add("GET", "/api/version", call -> call.answer(200, jsonType(), "{\"version\":\"0.20.0\"}"))
                .add("GET", "/api/tags", this::tags);
    }

    /** Fetches nothing: pictures must be in the request. */
    @Override
    void check(JsonNode body) {
        super.check(body);
        for (JsonNode url : body.path("messages").findValues("image_url")) {
            if (!url.path("url").asText().startsWith("data:")) {
                throw new Refusal(Kind.INVALID, "invalid image input");
            }
        }
    }

    private void tags(Call call) throws IOException {
        ObjectNode tags = Call.JSON.createObjectNode();
        ArrayNode models = tags.putArray("models");
        settings.listedModels()
                .forEach(name -> models.addObject().put("name", name).put("model", name));
        call.answer(200, jsonType(), tags);
    }

    @Override
    void refuse(Call call, Refusal refusal) throws IOException {
        switch (refusal.kind()) {
            case UNKNOWN_PATH -> call.answer(404, "text/plain", "404 page not found");
            case WRONG_METHOD -> call.answer(405, "text/plain", "405 method not allowed");
            default -> super.refuse(call, refusal);
        }
    }

    @Override
    JsonNode error(Refusal refusal) {
        String type =
                switch (status(refusal)) {
                    case 404 -> "not_found_error";
                    case 500, 503 -> "api_error";
                    default -> "invalid_request_error";
                };
        String message =
                refusal.kind() == Kind.UNKNOWN_MODEL ? "model not found, try pulling it first" : refusal.getMessage();
        ObjectNode body = Call.JSON.createObjectNode();
        body.putObject("error")
                .put("message", message)
                .put("type", type)
                .putNull("param")
                .putNull("code");
        return body;
    }

    /** max_completion_tokens is not known here. */
    @Override
    int maxTokens(JsonNode body) {
        return body.path("max_tokens").asInt(Integer.MAX_VALUE);
    }

    @Override
    int choices(JsonNode body) {
        return 1;
    }

    @Override
    JsonNode toolChoice(JsonNode body) {
        return MissingNode.getInstance();
    }

    /** Not unique. */
    @Override
    String id(Call call) {
        return "chatcmpl-" + call.number() % IDS;
    }

    @Override
    void decorate(ObjectNode answer) {
        answer.put("system_fingerprint", "fp_ollama");
    }

    @Override
    void decorateMessage(ObjectNode message, ObjectNode choice) {}

    @Override
    String ownedBy() {
        return "library";
    }

    @Override
    StreamStyle streamStyle() {
        return new StreamStyle(Role.ALWAYS, Usage.OWN_CHUNK, true, false);
    }
}
