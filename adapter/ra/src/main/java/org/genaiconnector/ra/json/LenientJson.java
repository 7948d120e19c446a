package org.genaiconnector.ra.json;

import jakarta.json.JsonException;
import jakarta.json.JsonReader;
import jakarta.json.JsonReaderFactory;
import jakarta.json.JsonValue;
import jakarta.json.spi.JsonProvider;
import jakarta.json.stream.JsonParsingException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * Reads JSON as backends write it. Python emits bare {@code NaN}, {@code Infinity} and {@code -Infinity} (seen in ComfyUI's
 * {@code /object_info}, history and events), which strict parsers refuse. Strict JSON costs nothing extra: only a text that
 * fails is looked at again.
 */
public final class LenientJson {
    // finding the provider takes longer than parsing a small answer
    private static final JsonReaderFactory READERS = JsonProvider.provider().createReaderFactory(Map.of());

    /** Parsson's own limit. Johnzon has none and overflows the stack, whose end depends on what is on it already. */
    private static final int DEEPEST = 1_000;

    private LenientJson() {}

    /**
     * Whether arrays and objects of a text are nested too deeply to be read.
     *
     * @param utf8 the whole text
     * @return true from a depth of 1,001 on
     */
    public static boolean isTooDeep(byte[] utf8) {
        int depth = 0;
        boolean inString = false;
        for (int i = 0; i < utf8.length && (depth > 0 || utf8.length - i > DEEPEST); i++) {
            switch (utf8[i]) {
                case '"' -> inString = !inString;
                case '\\' -> i++;
                case '[', '{' -> depth += inString ? 0 : 1;
                case ']', '}' -> depth -= inString ? 0 : 1;
                default -> {
                    // does not nest
                }
            }
            if (depth > DEEPEST) {
                return true;
            }
        }
        return false;
    }

    /**
     * Reads a JSON text.
     *
     * @param utf8 the whole text
     * @return the value, with null for {@code NaN} and {@code Infinity}
     * @throws JsonException if the text is not JSON or exceeds the parser's limits
     */
    public static JsonValue read(byte[] utf8) {
        if (isTooDeep(utf8)) {
            throw new JsonException("Arrays and objects are nested more than " + DEEPEST + " deep");
        }
        try {
            return strict(utf8);
        } catch (JsonParsingException e) {
            byte[] mended = replaceNonNumbers(utf8);
            if (mended == utf8) {
                throw e;
            }
            return strict(mended);
        }
    }

    /**
     * Reads a JSON text.
     *
     * @param text the whole text
     * @return the value, as from {@link #read(byte[])}
     * @throws JsonException as {@link #read(byte[])}
     */
    public static JsonValue read(String text) {
        return read(text.getBytes(StandardCharsets.UTF_8));
    }

    private static JsonValue strict(byte[] utf8) {
        // from a string, because decoding a stream takes a buffer of 8 kB
        String text = new String(utf8, StandardCharsets.UTF_8);
        if (text.startsWith("\ufeff")) { // a byte order mark, from backends on Windows
            text = text.substring(1);
        }
        try (JsonReader reader = READERS.createReader(new StringReader(text))) {
            return reader.readValue();
        } catch (JsonException e) {
            throw e;
        } catch (RuntimeException e) { // how Parsson reports its limits, such as for numbers
            throw new JsonException(e.getMessage(), e);
        }
    }

    /** Replaces the three words outside strings by null; returns the same array if it has none. */
    private static byte[] replaceNonNumbers(byte[] utf8) {
        StringBuilder text = null;
        String source = null;
        boolean inString = false;
        int copied = 0;
        for (int i = 0; i < utf8.length; i++) {
            byte b = utf8[i];
            if (inString) {
                if (b == '\\') {
                    i++;
                } else if (b == '"') {
                    inString = false;
                }
            } else if (b == '"') {
                inString = true;
            } else if (b == 'N' || b == 'I' || b == '-') {
                if (source == null) {
                    // one char per byte keeps the positions equal and the bytes unharmed
                    source = new String(utf8, StandardCharsets.ISO_8859_1);
                }
                int length = nonNumber(source, i);
                if (length > 0) {
                    text = text == null ? new StringBuilder(utf8.length) : text;
                    text.append(source, copied, i).append("null");
                    i += length - 1;
                    copied = i + 1;
                }
            }
        }
        return text == null
                ? utf8
                : text.append(source, copied, utf8.length).toString().getBytes(StandardCharsets.ISO_8859_1);
    }

    private static int nonNumber(String source, int at) {
        for (String word : new String[] {"NaN", "Infinity", "-Infinity"}) {
            if (source.startsWith(word, at)) {
                return word.length();
            }
        }
        return 0;
    }
}
