package org.genaiconnector.ra.http;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** The body of an {@link OpenAnswer}: limited in size, with classified failures. */
final class AnswerContent extends FilterInputStream {
    private final OpenAnswer answer;
    private long most = Long.MAX_VALUE;
    private long count;
    private volatile boolean complete;

    /** @param body as the exchange gives it */
    AnswerContent(InputStream body, OpenAnswer answer) {
        super(body);
        this.answer = answer;
    }

    /** Bounds the number of bytes. */
    void limit(long bytes) {
        most = bytes;
    }

    /** Tells whether the end has been read. */
    boolean isComplete() {
        return complete;
    }

    /** Reads to the end if that is near: there is usually nothing behind the protocol's last piece. */
    void passOver() {
        try {
            byte[] buffer = new byte[1024];
            for (int i = 0; i < 64 && !complete; i++) {
                complete = in.read(buffer, 0, buffer.length) < 0;
            }
        } catch (IOException
                | RuntimeException e) { // the latter out of HttpClient, or because another thread closes it
            complete = false; // so the socket is given up; the answer itself is whole
        }
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        if (complete) {
            return -1;
        }
        try {
            int n = in.read(bytes, offset, length);
            complete = n < 0;
            count += Math.max(0, n);
            if (count > most) {
                throw answer.tooLarge(most);
            }
            return n;
        } catch (BrokenAnswerException e) {
            throw e;
        } catch (IOException e) {
            throw answer.broken(e);
        } catch (RuntimeException e) { // out of HttpClient: nothing that it declares
            throw answer.broken(new IOException(e));
        }
    }

    @Override
    public long skip(long n) throws IOException {
        long left = n;
        byte[] buffer = new byte[8192];
        while (left > 0) {
            int read = read(buffer, 0, (int) Math.min(buffer.length, left));
            if (read < 0) {
                break;
            }
            left -= read;
        }
        return n - left;
    }

    @Override
    public void close() {
        answer.close();
    }
}
