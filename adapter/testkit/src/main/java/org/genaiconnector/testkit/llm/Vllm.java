package org.genaiconnector.testkit.llm;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.time.Duration;
import org.genaiconnector.testkit.llm.Refusal.Kind;

/** vLLM's server, which runs on uvicorn. */
final class Vllm extends OpenAiFlavour {
    Vllm(Settings settings) {
        super(settings);
    }

    @Override
    Duration keepAlive() {
        return Duration.ofSeconds(5);
    }

    @Override
    boolean listensWhileLoading() {
        return false;
    }

    @Override
    void headers(Call call) {
        call.answerHeader("Server", "uvicorn");
    }

    @Override
    void rateLimits(Call call) {}

    @Override
    boolean isStrict() {
        return false;
    }

    @Override
    void routes(Routes routes) {
        routes.add("GET", "/health", call -> call.answer(200, null, ""))
                .add("GET", "/ping", call -> call.answer(200, null, ""))
                .add("GET", "/version", call -> call.answer(200, jsonType(), "{\"version\":\"0.11.0\"}"));
    }

    /** Only the protocol's own paths are guarded. */
    @Override
    void authenticate(Call call) {
        if (call.path().startsWith("/v1")) {
            super.authenticate(call);
        }
    }

    @Override
    void refuse(Call call, Refusal refusal) throws IOException {
        switch (refusal.kind()) {
            case MISSING_KEY, WRONG_KEY -> call.answer(401, jsonType(), "{\"error\":\"Unauthorized\"}");
            case UNKNOWN_PATH -> call.answer(404, jsonType(), "{\"detail\":\"Not Found\"}");
            case WRONG_METHOD -> call.answer(405, jsonType(), "{\"detail\":\"Method Not Allowed\"}");
            default -> super.refuse(call, refusal);
        }
    }

    @Override
    JsonNode error(Refusal refusal) {
        int status = status(refusal);
        String type =
                switch (status) {
                    case 404 -> "NotFoundError";
                    case 500 -> "InternalServerError";
                    default -> "BadRequestError";
                };
        ObjectNode body = Call.JSON.createObjectNode();
        body.putObject("error")
                .put("message", refusal.getMessage())
                .put("type", type)
                .put("param", refusal.param())
                .put("code", status);
        return body;
    }

    /** Without a name the model that is served answers. */
    @Override
    void checkModel(JsonNode body) {
        if (body.hasNonNull("model") && !settings.hasModel(body.get("model").asText())) {
            throw new Refusal(
                    Kind.UNKNOWN_MODEL, "The model `" + body.get("model").asText() + "` does not exist.", "model");
        }
    }

    @Override
    void decorate(ObjectNode answer) {}

    @Override
    void decorateMessage(ObjectNode message, ObjectNode choice) {
        message.putNull("reasoning");
        choice.putNull("stop_reason");
    }

    @Override
    String ownedBy() {
        return "vllm";
    }
}
