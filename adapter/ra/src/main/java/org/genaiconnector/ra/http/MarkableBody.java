package org.genaiconnector.ra.http;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.io.entity.HttpEntityWrapper;

/**
 * The body of an answer, which supports marks: Jersey's connector puts a buffer of 8 kB around any other body, which is
 * more garbage than the rest of a short call. Keeps only the bytes read behind a mark: one byte at most, usually none.
 */
final class MarkableBody extends FilterInputStream {
    private static final byte[] NOTHING = {};

    private byte[] kept = NOTHING;
    private int count;
    private int next;
    private boolean marked;

    MarkableBody(InputStream in) {
        super(in);
    }

    static HttpEntity of(HttpEntity entity) {
        return new HttpEntityWrapper(entity) {
            @Override
            public InputStream getContent() throws IOException {
                return new MarkableBody(super.getContent());
            }
        };
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        if (next < count) {
            int again = Math.min(length, count - next);
            System.arraycopy(kept, next, bytes, offset, again);
            next += again;
            return again;
        }
        int read = in.read(bytes, offset, length);
        if (marked && read > 0) {
            keep(bytes, offset, read);
        }
        return read;
    }

    private void keep(byte[] bytes, int offset, int length) {
        if (length > kept.length - count) {
            marked = false; // read farther than promised
            count = 0;
        } else {
            System.arraycopy(bytes, offset, kept, count, length);
            count += length;
        }
        next = count;
    }

    @Override
    public long skip(long n) throws IOException {
        byte[] passed = new byte[(int) Math.min(n, 8_192)];
        int read = n <= 0 ? 0 : read(passed, 0, passed.length);
        return Math.max(0, read);
    }

    @Override
    public int available() throws IOException {
        return count - next + in.available();
    }

    @Override
    public boolean markSupported() {
        return true;
    }

    @Override
    public synchronized void mark(int limit) {
        byte[] unread = Arrays.copyOfRange(kept, next, count);
        kept = Arrays.copyOf(unread, unread.length + limit);
        count = unread.length;
        next = 0;
        marked = true;
    }

    @Override
    public synchronized void reset() throws IOException {
        if (!marked) {
            throw new IOException("There is no mark, or it is too far back");
        }
        next = 0;
    }
}
