package org.genaiconnector.ra.json;

import jakarta.json.JsonException;
import jakarta.json.JsonValue;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Reads JSON front to back without making a tree, because streams have thousands of events and most of their members are not
 * needed. Tolerant of types: a value of another type than requested counts as absent. Reads Python's {@code NaN} and
 * {@code Infinity} as null. Not thread-safe.
 *
 * <p>Not JSON-P's parser: clients that use it allocate about 4 kB per streamed event instead of 0.5 kB
 * ({@code docs/benchmarks.md}), and it refuses what Python writes.
 *
 * <pre>{@code
 * for (boolean more = json.enterObject(); more; more = json.next()) {
 *     switch (json.name()) {
 *         case "id" -> id = json.string();
 *         default -> json.skip();
 *     }
 * }
 * }</pre>
 *
 * <p>The caller must consume every value: read it, enter it to its end, or skip it. Text that is not JSON ends in a
 * {@link JsonException}; in skipped values only brackets, strings and words are checked.
 */
public final class JsonScanner {
    private final byte[] json;
    private final int start;
    private final int end;
    private int position;
    private int depth;
    private long objects;
    private String name;

    /** Reads a whole array, without its byte order mark. */
    public JsonScanner(byte[] json) {
        this(json, ByteOrderMark.isAt(json, 0, json.length) ? ByteOrderMark.LENGTH : 0, json.length);
    }

    /**
     * Reads a part of an array, which must not change meanwhile.
     *
     * @param start index of the first byte
     * @param end index after the last byte
     */
    public JsonScanner(byte[] json, int start, int end) {
        this.json = json;
        this.start = start;
        this.end = end;
        this.position = start;
    }

    /** Enters an object and goes to its first member; skips other types. Returns whether there is a member. */
    public boolean enterObject() {
        return enter('{', '}', 1);
    }

    /** Enters an array and goes to its first element; skips other types. Returns whether there is an element. */
    public boolean enterArray() {
        return enter('[', ']', 0);
    }

    private boolean enter(int open, int close, long kind) {
        if (peek() != open) {
            skip();
            return false;
        }
        if (depth == Long.SIZE) {
            throw malformed();
        }
        position++;
        if (peek() == close) {
            position++;
            return false;
        }
        objects = objects & ~(1L << depth) | kind << depth;
        depth++;
        member();
        return true;
    }

    /** Goes to the next member or element of the object or array entered last, and returns true; leaves it at its end. */
    public boolean next() {
        boolean inObject = (objects >>> depth - 1 & 1) == 1;
        int c = peek();
        position++;
        if (c == ',') {
            member();
            return true;
        }
        if (c != (inObject ? '}' : ']')) {
            throw malformed();
        }
        depth--;
        return false;
    }

    private void member() {
        if ((objects >>> depth - 1 & 1) == 1) {
            if (peek() != '"') {
                throw malformed();
            }
            int from = position + 1;
            skipString();
            name = JsonNames.of(json, from, position - 1);
            expect(':');
        }
    }

    /** The name of the current member. Escapes stay as they are. */
    public String name() {
        return name;
    }

    /** Whether the value is null. */
    public boolean isNull() {
        int c = peek();
        return c == 'n' || c == 'N';
    }

    /** Whether the value is true. */
    public boolean isTrue() {
        return peek() == 't';
    }

    /** Whether the value is a string. */
    public boolean isString() {
        return peek() == '"';
    }

    /** Whether the value is an object. */
    public boolean isObject() {
        return peek() == '{';
    }

    /** Whether the value is an array. */
    public boolean isArray() {
        return peek() == '[';
    }

    /** Reads a string; empty for other types. */
    public String string() {
        if (peek() != '"') {
            skip();
            return "";
        }
        int from = position + 1;
        boolean plain = skipString();
        return plain
                ? new String(json, from, position - 1 - from, StandardCharsets.UTF_8)
                : JsonEscapes.decode(json, from, position - 1);
    }

    /** Reads a string that comes again and again, such as a type, without decoding escapes; empty for other types. */
    public String word() {
        if (peek() != '"') {
            skip();
            return "";
        }
        int from = position + 1;
        skipString();
        return JsonNames.of(json, from, position - 1);
    }

    /** Reads a whole number of 0 or more; -1 for other values. */
    public long count() {
        int from = position();
        skip();
        return JsonWords.count(json, from, position);
    }

    /** Reads a finite number; NaN for other values. */
    public double number() {
        int from = position();
        skip();
        return JsonWords.number(json, from, position);
    }

    /** Reads any value as a tree. */
    public JsonValue tree() {
        return LenientJson.read(bytes());
    }

    /** Reads any value as its JSON text. */
    public String raw() {
        return new String(bytes(), StandardCharsets.UTF_8);
    }

    /** Reads any value as its JSON text in UTF-8, in a new array. */
    public byte[] bytes() {
        int from = position();
        skip();
        return Arrays.copyOfRange(json, from, position);
    }

    /** Skips a value and returns a scanner for it, which uses the same array. */
    public JsonScanner later() {
        int from = position();
        skip();
        return new JsonScanner(json, from, position);
    }

    /** Skips a value of any type and depth. */
    public void skip() {
        int open = 0;
        do {
            switch (peek()) {
                case '{', '[' -> {
                    position++;
                    open++;
                }
                case '}', ']' -> {
                    position++;
                    open--;
                    if (open < 0) {
                        throw malformed();
                    }
                }
                case ',', ':' -> {
                    if (open == 0) {
                        throw malformed();
                    }
                    position++;
                }
                case '"' -> skipString();
                default -> skipWord();
            }
        } while (open > 0);
    }

    private void skipWord() {
        int from = position;
        while (position < end && JsonWords.isPart(json[position])) {
            position++;
        }
        if (!JsonWords.isWord(json, from, position)) {
            throw malformed();
        }
    }

    /** Skips a string and returns whether it is free of escapes. */
    private boolean skipString() {
        boolean plain = true;
        for (int i = position + 1; i < end; i++) {
            byte b = json[i];
            if (b == '"') {
                position = i + 1;
                return plain;
            }
            if (b == '\\') {
                plain = false;
                i++;
            } else if (b >= 0 && b < ' ') {
                throw malformed(i);
            }
        }
        throw malformed(end);
    }

    private void expect(int wanted) {
        if (peek() != wanted) {
            throw malformed();
        }
        position++;
    }

    /** Throws {@link JsonException} if anything but white space is left. */
    public void end() {
        while (position < end) {
            if (json[position] > ' ' || json[position] < 0) {
                throw malformed();
            }
            position++;
        }
    }

    private int position() {
        peek();
        return position;
    }

    private int peek() {
        while (position < end) {
            byte b = json[position];
            if (b != ' ' && b != '\n' && b != '\r' && b != '\t') {
                return b;
            }
            position++;
        }
        throw malformed();
    }

    private JsonException malformed() {
        return malformed(position);
    }

    private JsonException malformed(int at) {
        return new JsonException("Not JSON at byte " + (at - start));
    }
}
