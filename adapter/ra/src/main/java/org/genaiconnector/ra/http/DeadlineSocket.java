package org.genaiconnector.ra.http;

import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;

/**
 * Socket whose reads and writes end at a deadline. A timeout alone bounds the silence between two bytes that are read: a
 * server that sends one byte now and then, be it in the head of an answer or in a TLS handshake, or one that does not read
 * what it is sent, would hold a caller for ever.
 */
final class DeadlineSocket extends Socket {
    private final DeadlineSocketImpl impl;

    DeadlineSocket() throws IOException {
        this(new DeadlineSocketImpl());
    }

    private DeadlineSocket(DeadlineSocketImpl impl) throws SocketException {
        super(impl);
        this.impl = impl;
    }

    /** The first byte that came from the other side; negative if none has come. */
    int firstByte() {
        return impl.firstByte();
    }

    /** Bounds everything from now on. */
    void setDeadline(Deadline value) {
        impl.setDeadline(value);
    }
}
