package org.genaiconnector.ra.json;

import jakarta.json.JsonException;
import java.nio.charset.StandardCharsets;

/** Decodes JSON strings that contain escapes. */
final class JsonEscapes {

    private JsonEscapes() {}

    /** Decodes the bytes between two quotation marks. */
    static String decode(byte[] json, int from, int to) {
        StringBuilder text = new StringBuilder(to - from);
        int copied = from;
        for (int i = from; i < to; i++) {
            if (json[i] == '\\') {
                text.append(new String(json, copied, i - copied, StandardCharsets.UTF_8));
                i++;
                if (json[i] == 'u') {
                    text.append(unit(json, i + 1, to));
                    i += 4;
                } else {
                    text.append(escaped(json[i]));
                }
                copied = i + 1;
            }
        }
        return text.append(new String(json, copied, to - copied, StandardCharsets.UTF_8))
                .toString();
    }

    private static char unit(byte[] json, int at, int to) {
        int unit = 0;
        for (int i = at; i < at + 4; i++) {
            int digit = i < to ? Character.digit(json[i], 16) : -1;
            if (digit < 0) {
                throw new JsonException("Not a hexadecimal digit after \\u");
            }
            unit = unit << 4 | digit;
        }
        return (char) unit;
    }

    private static char escaped(byte letter) {
        return switch (letter) {
            case 'n' -> '\n';
            case 't' -> '\t';
            case 'r' -> '\r';
            case 'b' -> '\b';
            case 'f' -> '\f';
            case '"', '\\', '/' -> (char) letter;
            default -> throw new JsonException("Not an escape: \\" + (char) letter);
        };
    }
}
