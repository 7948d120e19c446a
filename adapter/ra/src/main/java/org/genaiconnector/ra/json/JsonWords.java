package org.genaiconnector.ra.json;

import java.nio.charset.StandardCharsets;

/** The words of JSON that are not strings: numbers, true, false, null, and Python's {@code NaN} and {@code Infinity}. */
final class JsonWords {

    private JsonWords() {}

    /** Whether a byte can be part of such a word. */
    static boolean isPart(byte b) {
        return b >= '0' && b <= '9' || b >= 'a' && b <= 'z' || b >= 'A' && b <= 'Z' || b == '-' || b == '+' || b == '.';
    }

    /** Whether the bytes are such a word. Of a number only the beginning is checked. */
    static boolean isWord(byte[] json, int from, int to) {
        if (from == to) {
            return false;
        }
        byte first = json[from];
        if (first >= '0' && first <= '9' || first == '-' && to - from > 1 && json[from + 1] != 'I') {
            return true;
        }
        return switch (first) {
            case 't' -> is(json, from, to, "true");
            case 'f' -> is(json, from, to, "false");
            case 'n' -> is(json, from, to, "null");
            case 'N' -> is(json, from, to, "NaN");
            case 'I' -> is(json, from, to, "Infinity");
            case '-' -> is(json, from, to, "-Infinity");
            default -> false;
        };
    }

    private static boolean is(byte[] json, int from, int to, String word) {
        if (to - from != word.length()) {
            return false;
        }
        for (int i = 0; i < word.length(); i++) {
            if (json[from + i] != word.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    /** The whole number of 0 or more that a value is, also if it is written as 3.0 or 3e2; -1 for other values. */
    static long count(byte[] json, int from, int to) {
        long value = 0;
        for (int i = from; i < to; i++) {
            int digit = json[i] - '0';
            if (digit < 0 || digit > 9 || value > Long.MAX_VALUE / 10 - 1) {
                double number = number(json, from, to);
                return number >= 0 && number < Long.MAX_VALUE ? (long) number : -1;
            }
            value = 10 * value + digit;
        }
        return value;
    }

    /** The finite number that a value is; NaN for other values. */
    static double number(byte[] json, int from, int to) {
        int first = json[from];
        if (first != '-' && (first < '0' || first > '9')) {
            return Double.NaN;
        }
        try {
            double value = Double.parseDouble(new String(json, from, to - from, StandardCharsets.ISO_8859_1));
            return Double.isFinite(value) ? value : Double.NaN;
        } catch (NumberFormatException notANumber) {
            return Double.NaN;
        }
    }
}
