package org.genaiconnector.ra.llm;

import jakarta.json.JsonException;
import jakarta.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.UUID;
import org.genaiconnector.llm.ChatRequest;
import org.genaiconnector.llm.ToolCall;
import org.genaiconnector.llm.ToolChoice;
import org.genaiconnector.ra.json.JsonValues;
import org.genaiconnector.ra.json.LenientJson;

/** What all dialects do with tool calls that services or models leave incomplete. */
final class ToolCalls {

    private ToolCalls() {}

    /** The choice of tools; empty if it has no effect, because services refuse a choice without tools. */
    static Optional<ToolChoice> choice(ChatRequest request) {
        boolean noTools = request.tools().isEmpty() && !request.extra().containsKey("tools");
        return request.toolChoice()
                .filter(choice -> !(noTools && (choice == ToolChoice.AUTO || choice == ToolChoice.NONE)));
    }

    /** The id of a call; a new one if the service gave none. */
    static String id(String given) {
        return given.isEmpty() ? "call_" + UUID.randomUUID() : given;
    }

    /**
     * The arguments of a call for services that require an object.
     *
     * @return what the model wrote; if that is not an object, it is wrapped in one, in the form that Anthropic's documentation
     *     proposes
     */
    static JsonObject argumentsObject(ToolCall call) {
        return object(call.argumentsJson())
                .orElseGet(() -> JsonValues.PROVIDER
                        .createObjectBuilder()
                        .add("INVALID_JSON", call.argumentsJson())
                        .build());
    }

    /** The same as text, character by character what the model wrote if that is an object. */
    static String argumentsText(String arguments) {
        return object(arguments).isPresent()
                ? JsonValues.verbatim(arguments.getBytes(StandardCharsets.UTF_8))
                : argumentsObject(new ToolCall("", "", arguments)).toString();
    }

    private static Optional<JsonObject> object(String text) {
        try {
            return Optional.of(LenientJson.read(text))
                    .filter(JsonObject.class::isInstance)
                    .map(JsonObject.class::cast);
        } catch (JsonException notJson) {
            return Optional.empty(); // the caller wraps it
        }
    }
}
