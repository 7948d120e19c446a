package org.genaiconnector.ra.llm;

import jakarta.json.JsonArray;
import jakarta.json.JsonException;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import jakarta.json.spi.JsonProvider;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.genaiconnector.llm.ChatMessage;
import org.genaiconnector.llm.ChatRequest;
import org.genaiconnector.llm.ContentPart;
import org.genaiconnector.llm.ProviderData;
import org.genaiconnector.llm.Role;
import org.genaiconnector.llm.TextPart;
import org.genaiconnector.llm.ToolCall;
import org.genaiconnector.llm.ToolChoice;
import org.genaiconnector.ra.http.LenientJson;

/** JSON of servers that leave things out, send null instead, or another type. */
final class Json {
    /** Looking it up costs more than using it. */
    static final JsonProvider PROVIDER = JsonProvider.provider();

    private Json() {}

    /** Empty for everything that is no object. */
    static JsonObject object(JsonValue value) {
        return value instanceof JsonObject object ? object : JsonValue.EMPTY_JSON_OBJECT;
    }

    /** Empty for everything that is no array. */
    static JsonArray array(JsonValue value) {
        return value instanceof JsonArray array ? array : JsonValue.EMPTY_JSON_ARRAY;
    }

    /** Empty for null, absence and other types. */
    static String string(JsonObject object, String name) {
        return object.get(name) instanceof JsonString text ? text.getString() : "";
    }

    /** Empty for null, absence, other types and the empty string. */
    static Optional<String> nonEmpty(JsonObject object, String name) {
        return Optional.of(string(object, name)).filter(text -> !text.isEmpty());
    }

    /** The choice of tools, unless it says nothing: services refuse it where there are no tools to choose from. */
    static Optional<ToolChoice> toolChoice(ChatRequest request) {
        boolean noTools = request.tools().isEmpty() && !request.extra().containsKey("tools");
        return request.toolChoice()
                .filter(choice -> !(noTools && (choice == ToolChoice.AUTO || choice == ToolChoice.NONE)));
    }

    /** Whether a message is nothing but text, which can be sent as a plain string. */
    static boolean isText(ChatMessage message) {
        for (ContentPart part : message.parts()) {
            if (!(part instanceof TextPart)) {
                return false;
            }
        }
        return true;
    }

    /** A turn of the model, which has at least one part even if it said nothing. */
    static ChatMessage assistant(List<ContentPart> parts, Optional<ProviderData> data) {
        return new ChatMessage(Role.ASSISTANT, parts.isEmpty() ? List.of(new TextPart("")) : parts, data);
    }

    /** The id of a tool call, made up if there is none. */
    static String callId(String given) {
        return given.isEmpty() ? "call_" + UUID.randomUUID() : given;
    }

    /**
     * A tool call's arguments for servers that want an object: what the model wrote, or that wrapped if it is none, in the
     * form that Anthropic's documentation proposes for it.
     */
    static JsonObject argumentsObject(ToolCall call) {
        return anObject(call.argumentsJson())
                .orElseGet(() -> PROVIDER.createObjectBuilder()
                        .add("INVALID_JSON", call.argumentsJson())
                        .build());
    }

    /** The same as text, to the letter where it is an object. */
    static String argumentsText(String arguments) {
        return anObject(arguments).isPresent()
                ? verbatim(arguments.getBytes(StandardCharsets.UTF_8))
                : argumentsObject(new ToolCall("", "", arguments)).toString();
    }

    private static Optional<JsonObject> anObject(String text) {
        try {
            return Optional.of(LenientJson.read(text))
                    .filter(JsonObject.class::isInstance)
                    .map(JsonObject.class::cast);
        } catch (JsonException notJson) {
            return Optional.empty(); // for the caller to wrap
        }
    }

    /** JSON as it is written, checked; what only Python takes for JSON is rewritten. */
    static String verbatim(byte[] json) {
        JsonValue value = LenientJson.read(json);
        String text = new String(json, StandardCharsets.UTF_8);
        return text.contains("NaN") || text.contains("Infinity") ? value.toString() : text;
    }
}
