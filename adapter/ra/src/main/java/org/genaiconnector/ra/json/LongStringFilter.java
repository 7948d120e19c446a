package org.genaiconnector.ra.json;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Set;

/**
 * Reads a JSON text without the long strings of some of its members: prompts hold pictures inline, megabytes each, and a queue
 * of sixty of them does not fit in memory. It cuts strings and keeps everything else, also text that is not JSON.
 */
public final class LongStringFilter extends FilterInputStream {
    /** Longer than any name, class or error text. */
    private static final int LONGEST_STRING = 16 * 1024;

    /** How deep members are looked for; deeper names are not those of the protocol. */
    private static final int DEEPEST_NAME = 2;

    private final Set<String> bulky;
    private final byte[] input = new byte[8 * 1024];
    private int inputLength;
    private int inputAt;

    private int depth;

    /** The depth of the container that holds the bulky member, -1 outside. */
    private int bulkAt = -1;

    private boolean bulkNext;
    private final StringBuilder name = new StringBuilder();
    private boolean inString;
    private boolean escaped;
    private int unicode;
    private int length;

    /**
     * Filters a stream.
     *
     * @param in JSON in UTF-8
     * @param bulky names of the members whose strings are cut
     */
    public LongStringFilter(InputStream in, Set<String> bulky) {
        super(in);
        this.bulky = bulky;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int most) throws IOException {
        if (most == 0) {
            return 0;
        }
        int kept = 0;
        while (kept == 0) {
            if (inputAt == inputLength) {
                inputLength = super.read(input, 0, input.length);
                inputAt = 0;
                if (inputLength < 0) {
                    inputLength = 0;
                    return -1;
                }
            }
            while (inputAt < inputLength && kept < most) {
                byte next = input[inputAt++];
                if (keeps(next)) {
                    bytes[offset + kept++] = next;
                } else if (!escaped && unicode == 0) {
                    passOver();
                }
            }
        }
        return kept;
    }

    /** Within a string that is cut: goes on to what may end it, many times faster than byte by byte. */
    private void passOver() {
        int at = inputAt;
        while (at < inputLength && input[at] != '"' && input[at] != '\\') {
            at++;
        }
        inputAt = at;
    }

    private boolean keeps(byte b) {
        return inString ? keepsOfString(b) : keepsOutside(b);
    }

    private boolean keepsOutside(byte b) {
        switch (b) {
            case '"' -> {
                inString = true;
                length = 0;
                name.setLength(0);
            }
            case ':' -> bulkNext = bulkAt < 0 && depth <= DEEPEST_NAME && bulky.contains(name.toString());
            case '{', '[' -> {
                if (bulkNext) {
                    bulkAt = depth;
                    bulkNext = false;
                }
                depth++;
            }
            case '}', ']' -> {
                depth--;
                bulkAt = depth <= bulkAt ? -1 : bulkAt;
            }
            case ',' -> bulkNext = false;
            default -> {
                // part of a number or a word
            }
        }
        return true;
    }

    /** Cuts only where a character begins. */
    private boolean keepsOfString(byte b) {
        boolean starts = !escaped && unicode == 0 && (b & 0xc0) != 0x80;
        if (starts && b == '"') {
            inString = false;
            return true;
        }
        boolean cut = length >= LONGEST_STRING && bulkAt >= 0 && (starts || length > LONGEST_STRING);
        if (unicode > 0) {
            unicode--;
        } else if (escaped) {
            escaped = false;
            unicode = b == 'u' ? 4 : 0;
        } else if (b == '\\') {
            escaped = true;
        }
        if (length < 64 && depth <= DEEPEST_NAME) {
            name.append((char) (b & 0xff));
        }
        if (cut) {
            length = LONGEST_STRING + 1; // from here on nothing is kept
            return false;
        }
        length = Math.min(length + 1, LONGEST_STRING);
        return true;
    }

    @Override
    public boolean markSupported() {
        return false;
    }
}
