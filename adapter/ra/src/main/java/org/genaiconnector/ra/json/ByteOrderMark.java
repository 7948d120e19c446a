package org.genaiconnector.ra.json;

/** The byte order mark of UTF-8: three bytes without a meaning, which some backends, most of them on Windows, send first. */
public final class ByteOrderMark {
    public static final int LENGTH = 3;

    private static final byte[] BYTES = {(byte) 0xef, (byte) 0xbb, (byte) 0xbf};

    private ByteOrderMark() {}

    public static boolean isAt(byte[] bytes, int from, int to) {
        return to - from >= LENGTH && begins(bytes, from, to);
    }

    /** Whether the bytes are a byte order mark or the beginning of one. */
    public static boolean begins(byte[] bytes, int from, int to) {
        for (int i = 0; i < LENGTH && from + i < to; i++) {
            if (bytes[from + i] != BYTES[i]) {
                return false;
            }
        }
        return true;
    }
}
