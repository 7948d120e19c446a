package org.genaiconnector.benchmarks;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * An LLM service that costs next to nothing: to every POST it says the same few words as OpenAI would, to everything else
 * an empty list. Keeps connections open; one thread for each.
 */
final class CannedServer implements AutoCloseable {
    private static final byte[] CHAT = answer("""
            {"id":"chatcmpl-BzxY4nWc2vTq0","object":"chat.completion","created":1764000000,"model":"gpt-4o-2024-08-06",\
            "choices":[{"index":0,"message":{"role":"assistant","content":"A lighthouse at dusk, its lamp just lit, above \
            a sea the colour of slate; one gull hangs in the wind.","refusal":null,"annotations":[]},"logprobs":null,\
            "finish_reason":"stop"}],"usage":{"prompt_tokens":19,"completion_tokens":27,"total_tokens":46,\
            "prompt_tokens_details":{"cached_tokens":0,"audio_tokens":0}},"service_tier":"default"}""");
    private static final byte[] LIST = answer("{\"object\":\"list\",\"data\":[]}");

    private final ServerSocket listener;
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();

    private CannedServer(ServerSocket listener) {
        this.listener = listener;
    }

    static CannedServer start() throws IOException {
        CannedServer server = new CannedServer(new ServerSocket(0, 1_000, InetAddress.getLoopbackAddress()));
        thread("canned-server", server::accept);
        return server;
    }

    /** The base address of the OpenAI protocol. */
    URI uri() {
        return URI.create("http://127.0.0.1:" + listener.getLocalPort() + "/v1");
    }

    private static byte[] answer(String json) {
        return ("HTTP/1.1 200 OK\r\nDate: Mon, 23 Nov 2026 12:00:00 GMT\r\nContent-Type: application/json\r\n"
                        + "x-request-id: req_5f2d9c\r\nContent-Length: "
                        + json.getBytes(StandardCharsets.UTF_8).length + "\r\n\r\n" + json)
                .getBytes(StandardCharsets.UTF_8);
    }

    private static void thread(String name, Runnable work) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        thread.start();
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                Socket socket = listener.accept();
                sockets.add(socket);
                thread("canned-server-connection", () -> serve(socket));
            } catch (SocketException e) {
                return; // closed
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            socket.setTcpNoDelay(true);
            InputStream in = new BufferedInputStream(socket.getInputStream());
            OutputStream out = socket.getOutputStream();
            for (String request = line(in); !request.isEmpty(); request = line(in)) {
                int length = 0;
                for (String header = line(in); !header.isEmpty(); header = line(in)) {
                    if (header.toLowerCase(Locale.ROOT).startsWith("content-length:")) {
                        length = Integer.parseInt(
                                header.substring("content-length:".length()).strip());
                    }
                }
                in.skipNBytes(length);
                out.write(request.startsWith("POST ") ? CHAT : LIST);
            }
        } catch (SocketException e) {
            // the client is gone, or this server is being closed
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            sockets.remove(socket);
        }
    }

    /** Empty at the end of a head, and at the end of the connection. */
    private static String line(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c = in.read(); c >= 0 && c != '\n'; c = in.read()) {
            if (c != '\r') {
                line.append((char) c);
            }
        }
        return line.toString();
    }

    @Override
    public void close() throws IOException {
        listener.close();
        for (Socket socket : sockets) {
            socket.close();
        }
    }
}
