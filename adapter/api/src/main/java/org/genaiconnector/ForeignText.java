package org.genaiconnector;

/**
 * Makes text from elsewhere, such as a backend's error message, fit for a log, an exception or a page. Removes
 * everything that moves a cursor, begins a line, changes the direction of writing or is invisible, and cuts long text.
 * Does not escape: HTML and JSON have their own rules.
 *
 * <p>Every {@link GenAiException} cleans its message with it.
 */
public final class ForeignText {
    /** Characters of a foreign text that are enough to understand it within a message. */
    public static final int MOST = 500;

    private static final char ESCAPE = '\u001b';
    private static final char ESCAPE_AND_BRACKET = '\u009b';
    private static final char BELL = '\u0007';
    private static final int UNKNOWN = 0xFFFD;

    private ForeignText() {}

    /**
     * A text on one line.
     *
     * @param text may be null
     * @return at most {@value #MOST} characters of it, followed by the full length if that is not all; null for null
     */
    public static String line(String text) {
        return line(text, MOST);
    }

    /**
     * A text on one line: control characters, line breaks and runs of blanks become one blank each, terminal sequences
     * and invisible characters are removed, unpaired surrogates become U+FFFD.
     *
     * @param text may be null
     * @param most longest result, without the remark on how many characters there were
     * @return null for null
     */
    public static String line(String text, int most) {
        if (text == null || isPlain(text)) {
            return cut(text, most);
        }
        return cut(clean(text, false).toString().strip(), most);
    }

    /**
     * A text that keeps its line breaks, as {@code \n}, its tabs and its blanks; all else is as in {@link #line}.
     *
     * @param text may be null
     * @param most longest result, without the remark on how many characters there were
     * @return null for null
     */
    public static String lines(String text, int most) {
        return text == null || isPlain(text)
                ? cut(text, most)
                : cut(clean(text, true).toString(), most);
    }

    /** Whether the text needs no change, which is the usual case. */
    private static boolean isPlain(String text) {
        char last = ' ';
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < ' ' || c > '~' || c == ' ' && last == ' ') {
                return false;
            }
            last = c;
        }
        return text.isEmpty() || last != ' ';
    }

    private static String cut(String text, int most) {
        if (text == null || text.length() <= most) {
            return text;
        }
        int end = most > 0 && Character.isHighSurrogate(text.charAt(most - 1)) ? most - 1 : most;
        return text.substring(0, end) + "... (" + text.length() + " characters in all)";
    }

    private static StringBuilder clean(String text, boolean lines) {
        StringBuilder clean = new StringBuilder(Math.min(text.length(), 8_192));
        int i = 0;
        while (i < text.length()) {
            int c = text.codePointAt(i);
            int end = i + Character.charCount(c);
            if (c == ESCAPE || c == ESCAPE_AND_BRACKET) {
                end = endOfSequence(text, i);
            } else if (lines && isLineEnd(c)) {
                end = c == '\r' && end < text.length() && text.charAt(end) == '\n' ? end + 1 : end;
                clean.append('\n');
            } else if (lines && (c == '\t' || c == ' ')) {
                clean.append((char) c);
            } else if (isBlank(c)) {
                blank(clean, lines);
            } else if (!isInvisible(c)) {
                clean.appendCodePoint(isCharacter(c) ? c : UNKNOWN);
            }
            i = end;
        }
        return clean;
    }

    private static void blank(StringBuilder clean, boolean lines) {
        if (lines || clean.length() > 0 && clean.charAt(clean.length() - 1) != ' ') {
            clean.append(' ');
        }
    }

    private static boolean isLineEnd(int c) {
        return c == '\n' || c == '\r' || c == 0x0B || c == 0x0C || c == 0x85 || c == 0x2028 || c == 0x2029;
    }

    private static boolean isBlank(int c) {
        return Character.isISOControl(c) || Character.isSpaceChar(c) || c == 0x2800; // the last is Braille's
    }

    /**
     * The index behind a terminal's escape sequence: CSI and OSC with their parameters, else the escape and one
     * character.
     */
    private static int endOfSequence(String text, int start) {
        int i = start + 1;
        if (text.charAt(start) == ESCAPE) {
            if (i >= text.length()) {
                return i;
            }
            char kind = text.charAt(i);
            if (kind == ']' || kind == 'P' || kind == '^' || kind == '_' || kind == 'X') {
                return endOfString(text, i + 1);
            }
            if (kind != '[') {
                return kind > ' ' && kind <= '~' ? i + 1 : i;
            }
            i++;
        }
        while (i < text.length() && text.charAt(i) >= ' ' && text.charAt(i) < '@') {
            i++;
        }
        return i < text.length() && text.charAt(i) >= '@' && text.charAt(i) <= '~' ? i + 1 : i;
    }

    /**
     * The index behind the terminator. Without a terminator only the escape itself is removed, so that it cannot hide
     * the rest.
     */
    private static int endOfString(String text, int start) {
        for (int i = start; i < text.length() && text.charAt(i) != '\n'; i++) {
            char c = text.charAt(i);
            if (c == BELL || c == '\u009c') {
                return i + 1;
            }
            if (c == ESCAPE) {
                return i + 1 < text.length() && text.charAt(i + 1) == '\\' ? i + 2 : i;
            }
        }
        return start;
    }

    /** What Unicode calls default ignorable, and the rest of the format characters: directions, joiners, tags. */
    private static boolean isInvisible(int c) {
        return Character.getType(c) == Character.FORMAT
                || c == 0x034F
                || c == 0x115F
                || c == 0x1160
                || c == 0x17B4
                || c == 0x17B5
                || c >= 0x180B && c <= 0x180F
                || c >= 0x2060 && c <= 0x206F
                || c == 0x3164
                || c >= 0xFE00 && c <= 0xFE0F
                || c == 0xFFA0
                || c >= 0xFFF0 && c <= 0xFFF8
                || c >= 0xE0000 && c <= 0xE0FFF;
    }

    private static boolean isCharacter(int c) {
        int type = Character.getType(c);
        return type != Character.SURROGATE && type != Character.UNASSIGNED;
    }
}
