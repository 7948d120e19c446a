package org.genaiconnector.testkit.comfyui;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;

/** A WebSocket client that keeps what it gets. Text messages are strings, binary ones byte arrays. */
final class TestSocket implements WebSocket.Listener {
    static final int BROKEN = 1006;

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final List<Object> messages = new ArrayList<>();
    private final CompletableFuture<Integer> closed = new CompletableFuture<>();
    private final StringBuilder text = new StringBuilder();
    private final ByteArrayOutputStream binary = new ByteArrayOutputStream();
    private WebSocket socket;

    static TestSocket open(HttpClient client, URI server, String path) {
        TestSocket socket = new TestSocket();
        URI address = URI.create(server.toString().replace("http", "ws") + path);
        socket.socket = client.newWebSocketBuilder().buildAsync(address, socket).join();
        return socket;
    }

    @Override
    public synchronized CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
        text.append(data);
        if (last) {
            messages.add(text.toString());
            text.setLength(0);
            notifyAll();
        }
        from.request(1);
        return null;
    }

    @Override
    public synchronized CompletionStage<?> onBinary(WebSocket from, ByteBuffer data, boolean last) {
        byte[] bytes = new byte[data.remaining()];
        data.get(bytes);
        binary.writeBytes(bytes);
        if (last) {
            messages.add(binary.toByteArray());
            binary.reset();
            notifyAll();
        }
        from.request(1);
        return null;
    }

    @Override
    public CompletionStage<?> onClose(WebSocket from, int code, String reason) {
        closed.complete(code);
        return null;
    }

    @Override
    public void onError(WebSocket from, Throwable error) {
        closed.complete(BROKEN);
    }

    @Override
    public synchronized CompletionStage<?> onPong(WebSocket from, ByteBuffer payload) {
        messages.add("pong");
        notifyAll();
        from.request(1);
        return null;
    }

    void ping() {
        socket.sendPing(ByteBuffer.wrap(new byte[] {1})).join();
    }

    void send(String message) {
        socket.sendText(message, true).join();
    }

    /** Closes with 1000 and waits for the answer; all messages sent before it have arrived then. */
    void close() {
        socket.sendClose(WebSocket.NORMAL_CLOSURE, "").join();
        awaitClose();
    }

    /**
     * The code that the socket was closed with, {@link #BROKEN} without a close frame. The client does not always notice by
     * itself that the connection was cut, so it is asked to write, which fails if the other end is gone.
     */
    int awaitClose() {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            try {
                return closed.get(1, TimeUnit.SECONDS);
            } catch (TimeoutException e) {
                if (System.nanoTime() - end > 0) {
                    throw new AssertionError("The socket did not close", e);
                }
                socket.sendPing(ByteBuffer.wrap(new byte[] {2})).whenComplete(this::written);
            } catch (InterruptedException | ExecutionException e) {
                throw new AssertionError("The socket did not close", e);
            }
        }
    }

    private void written(WebSocket to, Throwable failure) {
        Throwable cause = failure instanceof CompletionException wrapper ? wrapper.getCause() : failure;
        if (cause instanceof IOException) {
            closed.complete(BROKEN);
        }
    }

    synchronized List<Object> messages() {
        return List.copyOf(messages);
    }

    /** Waits until {@code enough} holds for the messages so far; false if it does not within half a minute. */
    synchronized boolean await(Predicate<List<Object>> enough) {
        long end = System.nanoTime() + PATIENCE.toNanos();
        try {
            while (!enough.test(messages)) {
                long left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
                if (left <= 0) {
                    return false;
                }
                wait(left);
            }
            return true;
        } catch (InterruptedException e) {
            throw new AssertionError("Interrupted while waiting for messages", e);
        }
    }

    /** Waits for a text message that contains {@code part}. */
    void awaitText(String part) {
        if (!await(all -> all.stream().anyMatch(m -> m instanceof String s && s.contains(part)))) {
            throw new AssertionError("No message with " + part + " in " + messages());
        }
    }
}
