package org.genaiconnector.ra.json;

import jakarta.json.JsonArray;
import jakarta.json.JsonNumber;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import jakarta.json.spi.JsonProvider;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Takes values out of the JSON of backends, which leave members out, send null in place of them, or another type. Every
 * argument may be null for a member that is missing; no method returns null.
 */
public final class JsonValues {
    /** The application server's provider. Finding it takes longer than using it. */
    public static final JsonProvider PROVIDER = JsonProvider.provider();

    private JsonValues() {}

    /** The value if it is an object, else an empty object. */
    public static JsonObject object(JsonValue value) {
        return value instanceof JsonObject object ? object : JsonValue.EMPTY_JSON_OBJECT;
    }

    /** The value if it is an array, else an empty array. */
    public static JsonArray array(JsonValue value) {
        return value instanceof JsonArray array ? array : JsonValue.EMPTY_JSON_ARRAY;
    }

    /** The elements of an array; none for other types. */
    public static Stream<JsonValue> elements(JsonValue value) {
        return array(value).stream();
    }

    /** The value if it is a string. */
    public static Optional<String> string(JsonValue value) {
        return value instanceof JsonString text ? Optional.of(text.getString()) : Optional.empty();
    }

    /** A member if it is a string, else an empty string. */
    public static String string(JsonObject object, String name) {
        return object.get(name) instanceof JsonString text ? text.getString() : "";
    }

    /** A member if it is a string with at least one character. */
    public static Optional<String> nonEmpty(JsonObject object, String name) {
        return Optional.of(string(object, name)).filter(text -> !text.isEmpty());
    }

    /** The characters of a string, an empty string for null, and for everything else its JSON text. */
    public static String text(JsonValue value) {
        return value == null || value == JsonValue.NULL ? "" : string(value).orElseGet(value::toString);
    }

    /** The value if it is a number, else 0. */
    public static double decimal(JsonValue value) {
        return value instanceof JsonNumber number ? number.doubleValue() : 0;
    }

    /** The value if it is a number, without its fraction, else 0. */
    public static long number(JsonValue value) {
        return value instanceof JsonNumber number ? number.longValue() : 0;
    }

    /**
     * Checks a JSON text and returns it as it is written, except that Python's {@code NaN} and {@code Infinity} become null.
     *
     * @param json the text in UTF-8
     * @return strict JSON
     * @throws jakarta.json.JsonException if it is not JSON
     */
    public static String verbatim(byte[] json) {
        JsonValue value = LenientJson.read(json);
        String text = new String(json, StandardCharsets.UTF_8);
        return text.contains("NaN") || text.contains("Infinity") ? value.toString() : text;
    }
}
