package org.genaiconnector.ra.http;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

/** An HTTP proxy: forwards plain requests one by one, tunnels what is to be tunnelled, and may want a password. */
public final class TestProxy implements AutoCloseable {
    private final List<String> heads = new CopyOnWriteArrayList<>();
    private final RawServer server = RawServer.start(this::serve);
    private volatile String authorization;
    private volatile boolean keepsRefusedConnections;

    private TestProxy() {}

    public static TestProxy start() {
        return new TestProxy();
    }

    /** Refuses all others from now on, and closes their connections. */
    public TestProxy authorize(String user, String password) {
        authorization = BasicAuthorization.of(user, password);
        return this;
    }

    /** Keeps the connections that it refuses. */
    public TestProxy keepRefusedConnections() {
        keepsRefusedConnections = true;
        return this;
    }

    public int port() {
        return server.port();
    }

    /** How many connections it has accepted. */
    public int connections() {
        return server.connections();
    }

    /** The heads of the requests it has got: what it forwarded, what it tunnelled, what it refused. */
    public List<String> heads() {
        return List.copyOf(heads);
    }

    /** The request lines of {@link #heads}. */
    public List<String> lines() {
        return heads.stream().map(head -> head.lines().findFirst().orElse("")).toList();
    }

    @Override
    public void close() {
        server.close();
    }

    private void serve(Socket client) throws IOException {
        InputStream in = client.getInputStream();
        for (String head = RawServer.head(in); !head.isEmpty(); head = RawServer.head(in)) {
            heads.add(head);
            if (!isAuthorized(head)) {
                skipBody(head, in);
                String connection = keepsRefusedConnections ? "" : "Connection: close\r\n";
                write(
                        client,
                        "HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm=\"test\"\r\n"
                                + connection + "Content-Length: 9\r\n\r\nwho's it?");
                if (!keepsRefusedConnections) {
                    return;
                }
            } else if (head.startsWith("CONNECT ")) {
                tunnel(client, head.split(" ")[1]);
                return;
            } else {
                forward(client, head);
            }
        }
    }

    private boolean isAuthorized(String head) {
        return authorization == null
                || header(head, "Proxy-Authorization")
                        .filter(authorization::equals)
                        .isPresent();
    }

    private static void tunnel(Socket client, String authority) throws IOException {
        int colon = authority.lastIndexOf(':');
        Socket target;
        try {
            target = new Socket(authority.substring(0, colon), Integer.parseInt(authority.substring(colon + 1)));
        } catch (IOException e) {
            write(client, "HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n");
            return;
        }
        try (target) {
            write(client, "HTTP/1.1 200 Connection established\r\n\r\n");
            RawServer.daemon(() -> relay(target, client));
            relay(client, target);
        }
    }

    /** Until either side ends, which ends both. */
    private static void relay(Socket from, Socket to) {
        try (from;
                to) {
            InputStream in = from.getInputStream();
            byte[] buffer = new byte[8192];
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                to.getOutputStream().write(buffer, 0, n);
            }
        } catch (IOException e) {
            // closed by the other direction
        }
    }

    private static void forward(Socket client, String head) throws IOException {
        String[] line = head.lines().findFirst().orElseThrow().split(" ");
        URI uri = URI.create(line[1]);
        Socket target;
        try {
            target = new Socket(uri.getHost(), uri.getPort());
        } catch (IOException e) {
            skipBody(head, client.getInputStream());
            write(client, "HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n");
            return;
        }
        try (target) {
            String path = uri.getRawPath() + (uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery());
            String rest = head.substring(head.indexOf("\r\n"))
                    .replaceAll("(?im)^Proxy-[^\r]*\r\n", "")
                    .replaceFirst("\r\n\r\n$", "\r\nVia: 1.1 test\r\n\r\n");
            write(target, line[0] + " " + path + " HTTP/1.1" + rest);
            copyBody(head, client.getInputStream(), target.getOutputStream());
            String answer = RawServer.head(target.getInputStream());
            write(client, answer);
            copyBody(answer, target.getInputStream(), client.getOutputStream());
        }
    }

    private static void skipBody(String head, InputStream in) throws IOException {
        copyBody(head, in, OutputStream.nullOutputStream());
    }

    private static void copyBody(String head, InputStream in, OutputStream out) throws IOException {
        if (header(head, "Transfer-Encoding").isPresent()) {
            int size;
            do {
                String line = line(in);
                size = Integer.parseInt(line.strip(), 16);
                out.write(line.getBytes(StandardCharsets.ISO_8859_1));
                out.write(in.readNBytes(size + 2));
            } while (size > 0);
        } else {
            int length = header(head, "Content-Length").map(Integer::valueOf).orElse(0);
            out.write(in.readNBytes(length));
        }
        out.flush();
    }

    private static String line(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        while (!line.toString().endsWith("\r\n")) {
            line.append((char) in.read());
        }
        return line.toString();
    }

    private static Optional<String> header(String head, String name) {
        String start = name.toLowerCase(Locale.ROOT) + ":";
        return head.lines()
                .filter(line -> line.toLowerCase(Locale.ROOT).startsWith(start))
                .map(line -> line.substring(start.length()).strip())
                .findFirst();
    }

    private static void write(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
    }
}
