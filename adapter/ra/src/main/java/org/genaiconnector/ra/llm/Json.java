package org.genaiconnector.ra.llm;

import jakarta.json.JsonArray;
import jakarta.json.JsonNumber;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import jakarta.json.spi.JsonProvider;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.OptionalLong;

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

    /** Empty for null, absence, other types and negative numbers. */
    static OptionalLong count(JsonObject object, String name) {
        return object.get(name) instanceof JsonNumber number && number.longValue() >= 0
                ? OptionalLong.of(number.longValue())
                : OptionalLong.empty();
    }

    static byte[] bytes(JsonObjectBuilder builder) {
        return builder.build().toString().getBytes(StandardCharsets.UTF_8);
    }
}
