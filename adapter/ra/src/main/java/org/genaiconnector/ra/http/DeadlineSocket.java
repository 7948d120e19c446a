package org.genaiconnector.ra.http;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;

/**
 * Socket whose reads end at a deadline. A timeout alone bounds the silence between two bytes; a server that sends one byte
 * now and then, be it in the head of an answer or in a TLS handshake, would hold a caller for ever.
 */
final class DeadlineSocket extends Socket {
    private volatile Deadline deadline;
    private volatile int timeout;

    /** Bounds all reads from now on. */
    void setDeadline(Deadline value) {
        deadline = value;
    }

    @Override
    public void setSoTimeout(int millis) throws SocketException {
        timeout = millis;
        super.setSoTimeout(millis);
    }

    @Override
    public int getSoTimeout() {
        return timeout;
    }

    @Override
    public InputStream getInputStream() throws IOException {
        return new FilterInputStream(super.getInputStream()) {
            @Override
            public int read() throws IOException {
                arm();
                return in.read();
            }

            @Override
            public int read(byte[] bytes, int offset, int length) throws IOException {
                arm();
                return in.read(bytes, offset, length);
            }
        };
    }

    private void arm() throws IOException {
        Deadline current = deadline;
        if (current == null) {
            return;
        }
        if (current.hasPassed()) {
            throw new SocketTimeoutException("The call timeout has passed");
        }
        int silence = timeout;
        int left = current.remainingMillis();
        if (silence == 0 || left < silence) {
            super.setSoTimeout(left);
        }
    }
}
