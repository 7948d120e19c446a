package org.genaiconnector.ra.json;

/** The three bytes that some servers, most of them on Windows, put before their UTF-8, and that mean nothing. */
public final class ByteOrderMark {
    public static final int LENGTH = 3;

    private static final byte[] BYTES = {(byte) 0xef, (byte) 0xbb, (byte) 0xbf};

    private ByteOrderMark() {}

    public static boolean isAt(byte[] bytes, int from, int to) {
        return to - from >= LENGTH && begins(bytes, from, to);
    }

    /** Whether what there is may be one, so far. */
    public static boolean begins(byte[] bytes, int from, int to) {
        for (int i = 0; i < LENGTH && from + i < to; i++) {
            if (bytes[from + i] != BYTES[i]) {
                return false;
            }
        }
        return true;
    }
}
