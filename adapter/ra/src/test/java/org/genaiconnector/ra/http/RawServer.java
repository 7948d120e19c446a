package org.genaiconnector.ra.http;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;

/** A server on 127.0.0.1 that runs a script of the test on each connection, to behave as no real server can be made to. */
public final class RawServer implements AutoCloseable {
    private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();

    private final ServerSocket listening;
    private final Script script;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final AtomicInteger connections = new AtomicInteger();

    /** What is done with a connection, on a thread of its own; the connection is closed at the end. */
    @FunctionalInterface
    public interface Script {
        /** A connection. Breaking off is no error. */
        void serve(Socket socket) throws IOException;
    }

    private RawServer(ServerSocket listening, Script script) {
        this.listening = listening;
        this.script = script;
    }

    /** Listens on a free port. */
    public static RawServer start(Script script) {
        try {
            return start(new ServerSocket(0, 50, LOOPBACK), script);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static RawServer start(ServerSocket listening, Script script) {
        RawServer server = new RawServer(listening, script);
        daemon(server::accept);
        return server;
    }

    /** Accepts TLS with client certificates that it trusts. */
    public static RawServer mutualTls(SSLContext context, String protocol, Script script) throws IOException {
        SSLServerSocket listening =
                (SSLServerSocket) context.getServerSocketFactory().createServerSocket(0, 50, LOOPBACK);
        listening.setNeedClientAuth(true);
        listening.setEnabledProtocols(new String[] {protocol});
        return start(listening, script);
    }

    /** Answers every request of every connection with the same bytes, requests without body only. */
    public static RawServer answering(String answer) {
        return start(answers(answer));
    }

    /** Answers one request of every connection with the same bytes, and closes the connection. */
    static RawServer answeringOnce(String answer) {
        return start(socket -> {
            head(socket.getInputStream());
            socket.getOutputStream().write(answer.getBytes(StandardCharsets.UTF_8));
        });
    }

    /** Answers every request with the same bytes, requests without body only. */
    public static Script answers(String answer) {
        return socket -> {
            while (!head(socket.getInputStream()).isEmpty()) {
                socket.getOutputStream().write(answer.getBytes(StandardCharsets.UTF_8));
            }
        };
    }

    /** The head of a message up to and with the empty line; empty at the end of the connection. */
    public static String head(InputStream in) throws IOException {
        ByteArrayOutputStream head = new ByteArrayOutputStream();
        int end = 0; // the last four bytes
        while (end != ('\r' << 24 | '\n' << 16 | '\r' << 8 | '\n')) {
            int b = in.read();
            if (b < 0 && head.size() == 0) {
                return "";
            }
            if (b < 0) {
                throw new EOFException();
            }
            head.write(b);
            end = end << 8 | b;
        }
        return head.toString(StandardCharsets.ISO_8859_1);
    }

    static void daemon(Runnable task) {
        Thread thread = new Thread(task, "raw server");
        thread.setDaemon(true);
        thread.start();
    }

    private void accept() {
        while (!listening.isClosed()) {
            try {
                Socket socket = listening.accept();
                open.add(socket);
                connections.incrementAndGet();
                daemon(() -> serve(socket));
            } catch (IOException e) {
                return; // closed
            }
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            script.serve(socket);
        } catch (IOException e) {
            // the other side has gone, or the test is over
        } finally {
            open.remove(socket);
        }
    }

    public int port() {
        return listening.getLocalPort();
    }

    public URI uri(String scheme) {
        return URI.create(scheme + "://127.0.0.1:" + port());
    }

    /** How many connections have been accepted. */
    public int connections() {
        return connections.get();
    }

    /** How many of them are still being served. */
    public int openConnections() {
        return open.size();
    }

    @Override
    public void close() {
        try {
            listening.close();
            for (Socket socket : open) {
                socket.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
