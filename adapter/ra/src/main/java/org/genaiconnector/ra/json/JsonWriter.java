package org.genaiconnector.ra.json;

import jakarta.json.JsonException;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import jakarta.json.stream.JsonGenerator;
import jakarta.json.stream.JsonGeneratorFactory;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.Set;

/**
 * Writes a JSON object front to back.
 *
 * <pre>{@code
 * json.beginObject().member("role", "user").name("content").beginArray() ... .endArray().endObject();
 * }</pre>
 *
 * <p>A {@link JsonGenerator} does the work. This class adds what a generator cannot do: values that are JSON already and must
 * keep every byte, because a service compares them with what it sent; base64 without a copy; members that win over others.
 * The caller ends what it began. For one thread.
 */
public final class JsonWriter {
    // finding the provider takes longer than writing a request
    private static final JsonGeneratorFactory GENERATORS = JsonValues.PROVIDER.createGeneratorFactory(Map.of());

    private static final String EMPTY_STRING = "\"\"";
    private static final String EMPTY_MEMBER = "\"\":\"\"";

    private final StringWriter written = new StringWriter(512);
    private final JsonGenerator json = GENERATORS.createGenerator(written);
    private String text;

    /** Begins an object, as a value. */
    public JsonWriter beginObject() {
        json.writeStartObject();
        return this;
    }

    /** Ends the object that was begun last. */
    public JsonWriter endObject() {
        json.writeEnd();
        return this;
    }

    /** Begins an array, as a value. */
    public JsonWriter beginArray() {
        json.writeStartArray();
        return this;
    }

    /** Ends the array that was begun last. */
    public JsonWriter endArray() {
        json.writeEnd();
        return this;
    }

    /** Writes the name of a member, whose value comes next. */
    public JsonWriter name(String name) {
        json.writeKey(name);
        return this;
    }

    /** Writes a member. */
    public JsonWriter member(String name, String value) {
        json.write(name, value);
        return this;
    }

    /** Writes a member. */
    public JsonWriter member(String name, boolean value) {
        json.write(name, value);
        return this;
    }

    /** Writes a member. */
    public JsonWriter member(String name, long value) {
        json.write(name, value);
        return this;
    }

    /** Writes a member; the number must be finite. Whole numbers have no fraction, since some services read integers only. */
    public JsonWriter member(String name, double value) {
        if (value == Math.rint(value) && Math.abs(value) < 1e15) {
            return member(name, (long) value);
        }
        json.write(name, value);
        return this;
    }

    /** Writes a member. */
    public JsonWriter member(String name, JsonValue value) {
        json.write(name, value);
        return this;
    }

    /** Writes a string; half of a surrogate pair becomes a question mark. */
    public JsonWriter value(String text) {
        json.write(text);
        return this;
    }

    /** Writes a value. */
    public JsonWriter value(JsonValue value) {
        json.write(value);
        return this;
    }

    /** Writes null. */
    public JsonWriter nothing() {
        json.writeNull();
        return this;
    }

    /** Writes a value that is JSON already, and is not checked. */
    public JsonWriter verbatim(String value) {
        json.write("");
        return replace(EMPTY_STRING, value);
    }

    /**
     * Writes an object that is JSON already, such as a block of a stored conversation.
     *
     * @throws IllegalArgumentException if it is not one JSON value
     */
    public JsonWriter object(String object) {
        return verbatim(checked(object));
    }

    /**
     * Writes the members of such an object into the object that was begun last.
     *
     * @throws IllegalArgumentException if it is not one JSON value
     */
    public JsonWriter members(String object) {
        String inside = checked(object).strip();
        inside = inside.substring(1, inside.length() - 1).strip();
        if (inside.isEmpty()) {
            return this;
        }
        json.write("", "");
        return replace(EMPTY_MEMBER, inside);
    }

    /** Writes a string of base64 behind a prefix, which may hold any characters. */
    public JsonWriter base64(String prefix, byte[] data) {
        json.write(prefix);
        replace("\"", Base64.getEncoder().encodeToString(data)); // the string goes on
        written.append('"');
        return this;
    }

    /** Puts a text in the place of what the generator wrote last, so that the generator knows that there is a value. */
    private JsonWriter replace(String last, String text) {
        json.flush();
        StringBuffer buffer = written.getBuffer();
        buffer.setLength(buffer.length() - last.length());
        buffer.append(text);
        return this;
    }

    private static String checked(String object) {
        JsonScanner json = new JsonScanner(object.getBytes(StandardCharsets.UTF_8));
        try {
            json.skip();
            json.end();
        } catch (JsonException e) {
            throw new IllegalArgumentException("Provider data is not a JSON object: " + e.getMessage(), e);
        }
        return object;
    }

    /** The object that was written, which must be complete. Nothing can be written after it. */
    public String text() {
        if (text == null) {
            json.close(); // only once: the provider takes its buffer back
            text = written.toString();
        }
        return text;
    }

    /**
     * The object that was written, which must be complete, in UTF-8. Nothing can be written after it.
     *
     * @param omitted names of members of the outermost object that are left out
     * @param extra members that are added to the outermost object; they win, and those that are null leave a member out
     */
    public byte[] bytes(Set<String> omitted, JsonObject extra) {
        byte[] bytes = text().getBytes(StandardCharsets.UTF_8);
        if (omitted.isEmpty() && extra.isEmpty()) {
            return bytes;
        }
        JsonWriter merged = new JsonWriter().beginObject();
        JsonScanner members = new JsonScanner(bytes);
        for (boolean more = members.enterObject(); more; more = members.next()) {
            String name = members.name();
            if (omitted.contains(name) || extra.containsKey(name)) {
                members.skip();
            } else {
                merged.name(name).verbatim(members.raw());
            }
        }
        extra.forEach((name, value) -> {
            if (value.getValueType() != JsonValue.ValueType.NULL) {
                merged.member(name, value);
            }
        });
        return merged.endObject().text().getBytes(StandardCharsets.UTF_8);
    }
}
