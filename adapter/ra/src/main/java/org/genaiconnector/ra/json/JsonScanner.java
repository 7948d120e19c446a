package org.genaiconnector.ra.json;

import jakarta.json.JsonException;
import jakarta.json.JsonValue;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Reads JSON front to back without making a tree of it, for answers come by the million and most of what they hold is of no
 * interest. Tolerant of types: what is asked for as a string and is none counts as absent, as do members that nobody asks
 * for. Takes Python's {@code NaN} and {@code Infinity} for null. For one thread.
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
 * <p>Every value must be taken: read, entered to its end, or skipped. What is no JSON ends in {@link JsonException}; of what is
 * skipped only the brackets, strings and words are looked at.
 */
public final class JsonScanner {
    private final byte[] json;
    private final int start;
    private final int end;
    private int position;
    private int depth;
    private long objects;
    private String name;

    /** The whole array, but for a byte order mark. */
    public JsonScanner(byte[] json) {
        this(json, ByteOrderMark.isAt(json, 0, json.length) ? ByteOrderMark.LENGTH : 0, json.length);
    }

    /**
     * A part of an array, which must not change meanwhile.
     *
     * @param start of the first byte
     * @param end behind the last byte
     */
    public JsonScanner(byte[] json, int start, int end) {
        this.json = json;
        this.start = start;
        this.end = end;
        this.position = start;
    }

    /** Enters an object and goes to its first member; skips what is none. Tells whether there is a member. */
    public boolean enterObject() {
        return enter('{', '}', 1);
    }

    /** Enters an array and goes to its first element; skips what is none. Tells whether there is an element. */
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

    /** Goes to the next member or element of what was entered last; leaves it if there is none. */
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

    /** The name of the present member, as it is written. */
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

    /** A string; empty for everything else. */
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

    /** A string that comes again and again, such as a type; empty for everything else. */
    public String word() {
        if (peek() != '"') {
            skip();
            return "";
        }
        int from = position + 1;
        skipString();
        return JsonNames.of(json, from, position - 1);
    }

    /** A whole number of 0 or more; -1 for everything else. */
    public long count() {
        int from = position();
        skip();
        long value = 0;
        for (int i = from; i < position; i++) {
            int digit = json[i] - '0';
            if (digit < 0 || digit > 9 || value > Long.MAX_VALUE / 10 - 1) {
                return fraction(from);
            }
            value = 10 * value + digit;
        }
        return value;
    }

    /** Some write 3.0, or 3e2. */
    private long fraction(int from) {
        double value = number(from);
        return value >= 0 && value < Long.MAX_VALUE ? (long) value : -1;
    }

    /** A number; NaN for everything else. */
    public double number() {
        int from = position();
        skip();
        return number(from);
    }

    private double number(int from) {
        int first = json[from];
        if (first != '-' && (first < '0' || first > '9')) {
            return Double.NaN;
        }
        try {
            double value = Double.parseDouble(new String(json, from, position - from, StandardCharsets.ISO_8859_1));
            return Double.isFinite(value) ? value : Double.NaN;
        } catch (NumberFormatException notANumber) {
            return Double.NaN;
        }
    }

    /** Any value, as a tree. */
    public JsonValue tree() {
        return LenientJson.read(bytes());
    }

    /** Any value as it is written. */
    public String raw() {
        return new String(bytes(), StandardCharsets.UTF_8);
    }

    /** Any value as it is written, in an array of its own. */
    public byte[] bytes() {
        int from = position();
        skip();
        return Arrays.copyOfRange(json, from, position);
    }

    /** Any value, to be read later, perhaps more than once. */
    public JsonScanner later() {
        int from = position();
        skip();
        return new JsonScanner(json, from, position);
    }

    /** Passes over a value of any kind and depth. */
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
        while (position < end && isInWord(json[position])) {
            position++;
        }
        if (position == from || !isWord(from)) {
            throw malformed();
        }
    }

    private static boolean isInWord(byte b) {
        return b >= '0' && b <= '9' || b >= 'a' && b <= 'z' || b >= 'A' && b <= 'Z' || b == '-' || b == '+' || b == '.';
    }

    private boolean isWord(int from) {
        byte first = json[from];
        if (first >= '0' && first <= '9' || first == '-' && position - from > 1 && json[from + 1] != 'I') {
            return true;
        }
        return switch (first) {
            case 't' -> is(from, "true");
            case 'f' -> is(from, "false");
            case 'n' -> is(from, "null");
            case 'N' -> is(from, "NaN");
            case 'I' -> is(from, "Infinity");
            case '-' -> is(from, "-Infinity");
            default -> false;
        };
    }

    private boolean is(int from, String word) {
        if (position - from != word.length()) {
            return false;
        }
        for (int i = 0; i < word.length(); i++) {
            if (json[from + i] != word.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    /** Passes over a string; tells whether it is free of escapes. */
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

    /** Fails if there is anything but white space left. */
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
        return new JsonException("No JSON at byte " + (at - start));
    }
}
