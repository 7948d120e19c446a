package org.genaiconnector.ra.llm;

import jakarta.json.JsonArray;
import jakarta.json.JsonException;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import jakarta.json.spi.JsonProvider;
import java.util.Optional;
import org.genaiconnector.llm.ChatMessage;
import org.genaiconnector.llm.ContentPart;
import org.genaiconnector.llm.TextPart;
import org.genaiconnector.llm.ToolCall;
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

    /** Whether a message is nothing but text, which can be sent as a plain string. */
    static boolean isText(ChatMessage message) {
        for (ContentPart part : message.parts()) {
            if (!(part instanceof TextPart)) {
                return false;
            }
        }
        return true;
    }

    /**
     * A tool call's arguments for servers that want an object: what the model wrote, or that wrapped if it is none, in the
     * form that Anthropic's documentation proposes for it.
     */
    static JsonObject argumentsObject(ToolCall call) {
        try {
            if (LenientJson.read(call.argumentsJson()) instanceof JsonObject object) {
                return object;
            }
        } catch (JsonException notJson) {
            // goes back as it is, in the wrapping
        }
        return PROVIDER.createObjectBuilder()
                .add("INVALID_JSON", call.argumentsJson())
                .build();
    }
}
