package org.genaiconnector.ra.json;

import java.nio.charset.StandardCharsets;

/**
 * A bounded cache of names of members and events, because the same few names come again and again. Thread-safe without a lock:
 * threads that overwrite each other's entries lose only a little time.
 */
public final class JsonNames {
    private static final int SIZE = 512;
    private static final int LONGEST = 40;
    private static final String[] KNOWN = new String[SIZE];

    private JsonNames() {}

    /** The string of some bytes of UTF-8. Escapes stay as they are. */
    public static String of(byte[] bytes, int from, int to) {
        int length = to - from;
        if (length == 0) {
            return "";
        }
        if (length > LONGEST) {
            return new String(bytes, from, length, StandardCharsets.UTF_8);
        }
        int hash = length;
        for (int i = from; i < to; i++) {
            hash = 31 * hash + bytes[i];
        }
        int slot = (hash ^ hash >>> 16) & SIZE - 1;
        String known = KNOWN[slot];
        if (known == null || !isSame(known, bytes, from, length)) {
            known = new String(bytes, from, length, StandardCharsets.UTF_8);
            KNOWN[slot] = known;
        }
        return known;
    }

    private static boolean isSame(String known, byte[] bytes, int from, int length) {
        if (known.length() != length) {
            return false;
        }
        for (int i = 0; i < length; i++) {
            if (known.charAt(i) != bytes[from + i]) { // so a name that is not ASCII never matches
                return false;
            }
        }
        return true;
    }
}
