package org.genaiconnector.ra.toy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/** A toy service on 127.0.0.1. */
final class ToyServer implements AutoCloseable {
    private final List<String> authorizations = new CopyOnWriteArrayList<>();
    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();

    private volatile int status = 200;
    private volatile boolean broken;
    private volatile CountDownLatch gate = new CountDownLatch(0);
    private final CountDownLatch held = new CountDownLatch(1);

    ToyServer() {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.setExecutor(threads);
        server.createContext("/capitals", this::answer);
        server.start();
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            authorizations.add(String.valueOf(exchange.getRequestHeaders().getFirst("Authorization")));
            String text = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            if (gate.getCount() > 0) {
                held.countDown();
                gate.await();
            }
            if (broken) {
                throw new IOException("the test wants the connection to break");
            }
            byte[] body = text.toUpperCase(Locale.ROOT).getBytes(StandardCharsets.UTF_8);
            if (body.length == 0) {
                exchange.sendResponseHeaders(status, -1);
            } else {
                exchange.sendResponseHeaders(status, body.length);
                exchange.getResponseBody().write(body);
            }
        } catch (InterruptedException e) {
            throw new IOException("the test is over", e);
        }
    }

    /** The status of all answers from now on. */
    void answerWith(int newStatus) {
        status = newStatus;
        broken = false;
    }

    /** From now on closes the connection of every request without an answer. */
    void breakConnections() {
        broken = true;
    }

    /** From now on keeps answers back until {@link #release}. */
    void hold() {
        gate = new CountDownLatch(1);
    }

    /** Waits until an answer is kept back. */
    void awaitHeld() throws InterruptedException {
        if (!held.await(10, TimeUnit.SECONDS)) {
            throw new AssertionError("no request has come");
        }
    }

    void release() {
        gate.countDown();
    }

    /** The {@code Authorization} headers of all requests, {@code null} where there was none. */
    List<String> authorizations() {
        return List.copyOf(authorizations);
    }

    URI uri() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
