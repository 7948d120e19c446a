package org.genaiconnector.ra.comfyui.workflow;

import java.util.ArrayList;
import java.util.List;

/**
 * Lists in the configuration, {@code name=input, name=input}. A name or an input that begins with a quotation mark goes to
 * the next one, commas and signs included, and on; within, two quotation marks stand for one. Others stand for themselves.
 */
final class QuotedList {
    private static final char QUOTE = '"';

    private QuotedList() {}

    /** The items between commas, as they are written; none is empty. */
    static List<String> items(String list) {
        List<String> items = new ArrayList<>();
        for (int start = 0; start <= list.length(); ) {
            int comma = find(list, ',', start);
            int end = comma < 0 ? list.length() : comma;
            String item = list.substring(start, end).strip();
            if (!item.isEmpty()) {
                items.add(item);
            }
            start = end + 1;
        }
        return items;
    }

    /** Where the first equals sign of an item is; -1 without. */
    static int sign(String item) {
        return find(item, '=', 0);
    }

    private static int find(String text, char border, int from) {
        boolean begins = true;
        for (int i = from; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == border) {
                return i;
            }
            int end = begins && c == QUOTE ? closing(text, i) : -1;
            i = Math.max(i, end);
            begins = c == '=' || begins && Character.isWhitespace(c);
        }
        return -1;
    }

    /** The quotation mark that ends what another one begins; -1 without. */
    private static int closing(String text, int opening) {
        int at = text.indexOf(QUOTE, opening + 1);
        while (at >= 0 && at + 1 < text.length() && text.charAt(at + 1) == QUOTE) {
            at = text.indexOf(QUOTE, at + 2);
        }
        return at;
    }

    /** A name or an input without its quotation marks. */
    static String plain(String part) {
        int end = part.startsWith("\"") ? closing(part, 0) : -1;
        return end < 0 ? part : part.substring(1, end).replace("\"\"", "\"") + part.substring(end + 1);
    }
}
