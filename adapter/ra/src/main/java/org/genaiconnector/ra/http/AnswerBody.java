package org.genaiconnector.ra.http;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/** Reads bodies into memory, into one array of the announced size where there is one. */
final class AnswerBody {
    private static final int UNANNOUNCED = 4 * 1024;

    /** Largest announced size for which memory is allocated at once; beyond, memory grows with the received bytes. */
    private static final int BELIEVED = 1024 * 1024;

    private AnswerBody() {}

    /**
     * Reads a body to its end, or to the first byte beyond a limit.
     *
     * @param announced its size, negative if unknown
     * @param limit most bytes
     * @return one byte more than the limit if there are more than that
     */
    static byte[] read(InputStream content, int announced, int limit) throws IOException {
        byte[] body = new byte[announced < 0 ? UNANNOUNCED : Math.min(announced, BELIEVED)];
        int size = 0;
        while (size <= limit) {
            int n = content.read(body, size, body.length - size);
            if (n < 0) {
                return size == body.length ? body : Arrays.copyOf(body, size);
            }
            size += n;
            if (size == body.length) {
                int next = content.read(); // usually the end
                if (next < 0) {
                    return body;
                }
                body = Arrays.copyOf(body, Math.max(UNANNOUNCED, 2 * size));
                body[size++] = (byte) next;
            }
        }
        return Arrays.copyOf(body, limit + 1);
    }
}
