package org.genaiconnector.testkit;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** One TCP connection that sends requests as written and shows every byte of the answers; no library in between. */
public final class RawHttp implements AutoCloseable {
    private final Socket socket = new Socket();
    private final InputStream in;

    /** An answer as read from the wire; header names in lower case. */
    public record Answer(int status, Map<String, String> headers, String body, List<String> chunks) {
        public String header(String name) {
            return headers.get(name);
        }
    }

    public RawHttp(URI server) throws IOException {
        this(server, Duration.ofSeconds(10));
    }

    public RawHttp(URI server, Duration readTimeout) throws IOException {
        socket.connect(new InetSocketAddress(server.getHost(), server.getPort()), 2000);
        socket.setSoTimeout((int) readTimeout.toMillis());
        socket.setTcpNoDelay(true);
        in = new BufferedInputStream(socket.getInputStream());
    }

    /** How long reading waits from now on. */
    public RawHttp waitFor(Duration readTimeout) throws IOException {
        socket.setSoTimeout((int) readTimeout.toMillis());
        return this;
    }

    public RawHttp get(String path) throws IOException {
        return send("GET", path, Map.of(), null);
    }

    public RawHttp post(String path, String json) throws IOException {
        return send("POST", path, Map.of("Content-Type", "application/json"), json);
    }

    public RawHttp send(String method, String path, Map<String, String> headers, String body) throws IOException {
        byte[] bytes = body == null ? new byte[0] : body.getBytes(StandardCharsets.UTF_8);
        Map<String, String> all = new LinkedHashMap<>();
        all.put("Host", "localhost");
        all.putAll(headers);
        if (body != null) {
            all.put("Content-Length", String.valueOf(bytes.length));
        }
        StringBuilder head = new StringBuilder(method + " " + path + " HTTP/1.1\r\n");
        all.forEach(
                (name, value) -> head.append(name).append(": ").append(value).append("\r\n"));
        ByteArrayOutputStream request = new ByteArrayOutputStream();
        request.writeBytes(head.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1));
        request.writeBytes(bytes);
        socket.getOutputStream().write(request.toByteArray());
        return this;
    }

    /** Reads one whole answer; fails where the answer breaks off. */
    public Answer answer() throws IOException {
        return answer(false);
    }

    /** Reads the answer to a HEAD request, which has no body. */
    public Answer headAnswer() throws IOException {
        return answer(true);
    }

    /** Reads everything up to the end of stream. */
    public String rest() throws IOException {
        return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }

    /** Reads one byte; -1 at the end of stream. */
    public int read() throws IOException {
        return in.read();
    }

    /** Reads exactly so many bytes. */
    public String read(int bytes) throws IOException {
        byte[] read = in.readNBytes(bytes);
        if (read.length < bytes) {
            throw new EOFException("the connection ended after " + read.length + " of " + bytes + " bytes");
        }
        return new String(read, StandardCharsets.UTF_8);
    }

    /** Reads a line up to CR LF, without it. */
    public String line() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int b; (b = in.read()) != '\n'; ) {
            if (b < 0) {
                throw new EOFException("the connection ended in the line: " + line);
            }
            if (b != '\r') {
                line.write(b);
            }
        }
        return line.toString(StandardCharsets.UTF_8);
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }

    private Answer answer(boolean head) throws IOException {
        int status = Integer.parseInt(line().split(" ", 3)[1]);
        Map<String, String> headers = new LinkedHashMap<>();
        for (String line = line(); !line.isEmpty(); line = line()) {
            int colon = line.indexOf(':');
            headers.put(
                    line.substring(0, colon).toLowerCase(Locale.ROOT),
                    line.substring(colon + 1).strip());
        }
        List<String> chunks = head ? List.of() : chunks(headers);
        return new Answer(status, headers, String.join("", chunks), chunks);
    }

    private List<String> chunks(Map<String, String> headers) throws IOException {
        if (!"chunked".equals(headers.get("transfer-encoding"))) {
            return List.of(read(Integer.parseInt(headers.getOrDefault("content-length", "0"))));
        }
        List<String> chunks = new ArrayList<>();
        for (int size; (size = Integer.parseInt(line(), 16)) > 0; line()) {
            chunks.add(read(size));
        }
        line();
        return chunks;
    }
}
