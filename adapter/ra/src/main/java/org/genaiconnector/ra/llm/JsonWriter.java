package org.genaiconnector.ra.llm;

import jakarta.json.JsonException;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import org.genaiconnector.ra.json.JsonScanner;

/**
 * Writes a JSON object as bytes, front to back.
 *
 * <pre>{@code
 * json.beginObject().member("role", "user").name("content").beginArray() ... .endArray().endObject();
 * }</pre>
 *
 * <p>It is up to the caller to end what it began. For one thread.
 */
final class JsonWriter {
    private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);
    private static final int MALFORMED = '?';

    private byte[] bytes = new byte[512];
    private int size;
    private int depth;
    private final List<Member> members = new ArrayList<>();

    /** A member of the outermost object, and where it begins. */
    private record Member(String name, int start) {}

    JsonWriter beginObject() {
        separate();
        depth++;
        return put('{');
    }

    JsonWriter endObject() {
        depth--;
        return put('}');
    }

    JsonWriter beginArray() {
        separate();
        depth++;
        return put('[');
    }

    JsonWriter endArray() {
        depth--;
        return put(']');
    }

    /** The name of a member, whose value comes next. */
    JsonWriter name(String name) {
        separate();
        if (depth == 1) {
            members.add(new Member(name, size));
        }
        quoted(name);
        return put(':');
    }

    JsonWriter member(String name, String value) {
        return name(name).value(value);
    }

    JsonWriter member(String name, boolean value) {
        return name(name).ascii(Boolean.toString(value));
    }

    JsonWriter member(String name, long value) {
        return name(name).ascii(Long.toString(value));
    }

    /** Finite; written as a number of any language would be. */
    JsonWriter member(String name, double value) {
        return name(name)
                .ascii(
                        value == Math.rint(value) && Math.abs(value) < 1e15
                                ? Long.toString((long) value)
                                : Double.toString(value));
    }

    JsonWriter member(String name, JsonValue value) {
        return name(name).value(value);
    }

    JsonWriter value(String text) {
        separate().quoted(text);
        return this;
    }

    JsonWriter value(JsonValue value) {
        return verbatim(value.toString());
    }

    /** A value that is JSON already. */
    JsonWriter verbatim(String value) {
        byte[] written = value.getBytes(StandardCharsets.UTF_8);
        separate().copy(written, 0, written.length);
        return this;
    }

    JsonWriter nothing() {
        return ascii("null");
    }

    /** A string of base64 behind a prefix, which may hold anything: a media type is often what an upload says. */
    JsonWriter base64(String prefix, byte[] data) {
        separate().quoted(prefix);
        size--; // the string goes on
        byte[] encoded = Base64.getEncoder().encode(data);
        copy(encoded, 0, encoded.length);
        return put('"');
    }

    /** An object that is JSON already, as a stored conversation has it: nothing may follow it. */
    JsonWriter object(String object) {
        return verbatim(checked(object));
    }

    private static String checked(String object) {
        JsonScanner json = new JsonScanner(object.getBytes(StandardCharsets.UTF_8));
        try {
            json.skip();
            json.end();
        } catch (JsonException e) {
            throw new IllegalArgumentException("Provider data is no JSON object: " + e.getMessage(), e);
        }
        return object;
    }

    /** The members of such an object. */
    JsonWriter members(String object) {
        String inside = checked(object).strip();
        inside = inside.substring(1, inside.length() - 1).strip();
        return inside.isEmpty() ? this : verbatim(inside);
    }

    /** What was written. */
    String text() {
        return new String(bytes, 0, size, StandardCharsets.UTF_8);
    }

    /**
     * The object that was written.
     *
     * @param omitted names of members that are left out
     * @param extra members that are added to the object, and win; those that are null leave a member out
     */
    byte[] bytes(Set<String> omitted, JsonObject extra) {
        if (omitted.isEmpty() && extra.isEmpty()) {
            return Arrays.copyOf(bytes, size);
        }
        JsonWriter merged = new JsonWriter().beginObject();
        for (int i = 0; i < members.size(); i++) {
            Member member = members.get(i);
            if (!omitted.contains(member.name()) && !extra.containsKey(member.name())) {
                int end = i + 1 < members.size() ? members.get(i + 1).start() : size; // behind a comma or the bracket
                merged.separate().copy(bytes, member.start(), end - 1);
            }
        }
        extra.forEach((name, value) -> {
            if (value.getValueType() != JsonValue.ValueType.NULL) {
                merged.member(name, value);
            }
        });
        merged.endObject();
        return Arrays.copyOf(merged.bytes, merged.size);
    }

    private void copy(byte[] from, int start, int end) {
        require(end - start);
        System.arraycopy(from, start, bytes, size, end - start);
        size += end - start;
    }

    /** A comma between two members, two elements, but not behind what opens or names something. */
    private JsonWriter separate() {
        int last = size == 0 ? '{' : bytes[size - 1];
        return last == '{' || last == '[' || last == ':' ? this : put(',');
    }

    private JsonWriter ascii(String word) {
        separate();
        append(word);
        return this;
    }

    private void append(String ascii) {
        require(ascii.length());
        for (int i = 0; i < ascii.length(); i++) {
            bytes[size++] = (byte) ascii.charAt(i);
        }
    }

    private JsonWriter put(int b) {
        require(1);
        bytes[size++] = (byte) b;
        return this;
    }

    private void require(int more) {
        if (more > bytes.length - size) {
            bytes = Arrays.copyOf(bytes, Math.max(size + more, 2 * bytes.length));
        }
    }

    private void quoted(String text) {
        int length = text.length();
        require(length + 2);
        bytes[size++] = '"';
        for (int i = 0; i < length; i++) {
            char c = text.charAt(i);
            if (c >= ' ' && c < 0x7f && c != '"' && c != '\\') {
                if (size == bytes.length) {
                    require(length - i + 1);
                }
                bytes[size++] = (byte) c;
            } else if (Character.isHighSurrogate(c) && i + 1 < length && Character.isLowSurrogate(text.charAt(i + 1))) {
                i++;
                unicode(Character.toCodePoint(c, text.charAt(i)));
            } else {
                special(c);
            }
        }
        put('"');
    }

    private void special(char c) {
        require(6);
        switch (c) {
            case '"', '\\' -> escape(c);
            case '\n' -> escape('n');
            case '\r' -> escape('r');
            case '\t' -> escape('t');
            default -> {
                if (c < ' ') {
                    append("\\u00");
                    bytes[size++] = HEX[c >> 4];
                    bytes[size++] = HEX[c & 15];
                } else {
                    unicode(Character.isSurrogate(c) ? MALFORMED : c);
                }
            }
        }
    }

    private void escape(int letter) {
        bytes[size++] = '\\';
        bytes[size++] = (byte) letter;
    }

    private void unicode(int c) {
        require(4);
        if (c < 0x80) {
            bytes[size++] = (byte) c;
        } else if (c < 0x800) {
            bytes[size++] = (byte) (0xc0 | c >> 6);
            bytes[size++] = (byte) (0x80 | c & 0x3f);
        } else if (c < 0x10000) {
            bytes[size++] = (byte) (0xe0 | c >> 12);
            bytes[size++] = (byte) (0x80 | c >> 6 & 0x3f);
            bytes[size++] = (byte) (0x80 | c & 0x3f);
        } else {
            bytes[size++] = (byte) (0xf0 | c >> 18);
            bytes[size++] = (byte) (0x80 | c >> 12 & 0x3f);
            bytes[size++] = (byte) (0x80 | c >> 6 & 0x3f);
            bytes[size++] = (byte) (0x80 | c & 0x3f);
        }
    }
}
