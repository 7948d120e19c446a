package org.genaiconnector.testkit;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ThreadLocalRandom;

/**
 * TCP ports for server processes that need a number before they start, such as an application server. A port that is free now
 * may be another program's a moment later. A reserved one is not: it is below the range from which the system chooses for
 * programs that ask for any port, and until this JVM ends it holds the UDP port of the same number, which other callers of
 * this class see.
 *
 * <p>Unlike {@link ReservedPort} this leaves the TCP port itself alone, so it works for servers that bind without
 * {@code SO_REUSEADDR} and on all systems; but it does not keep a port over restarts of a server.
 */
public final class FreePort {
    private static final int FIRST = 20_000;
    /** Below the any-port ranges of Linux (from 32768) and of macOS and Windows (from 49152). */
    private static final int LAST = 29_999;

    private static final int ATTEMPTS = 1_000;

    private static final Queue<DatagramSocket> HELD = new ConcurrentLinkedQueue<>();

    private FreePort() {}

    /**
     * Reserves a port of the loopback address until this JVM ends; safe for any number of threads and JVMs at once.
     *
     * @return 20000 to 29999, free and never returned before
     * @throws IOException if no free port can be found
     */
    public static int reserve() throws IOException {
        IOException last = null;
        for (int i = 0; i < ATTEMPTS; i++) {
            int port = ThreadLocalRandom.current().nextInt(FIRST, LAST + 1);
            try {
                hold(port);
                return port;
            } catch (IOException e) {
                last = e; // it is taken: another one
            }
        }
        throw new IOException("no free port from " + FIRST + " to " + LAST, last);
    }

    private static void hold(int port) throws IOException {
        DatagramSocket mark = new DatagramSocket(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        try {
            // at all addresses: the server may bind them, and a program may have the port at another one
            new ServerSocket(port).close();
            HELD.add(mark);
        } catch (IOException e) {
            mark.close();
            throw e;
        }
    }
}
