package org.genaiconnector.ra.comfyui.jobs;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A gateway before a server that forwards everything but WebSockets, and of prompts tells what it likes: it can give up
 * before its server answers, or without having asked it.
 */
final class FaultyGateway implements AutoCloseable {
    private final HttpServer front;
    private final ExecutorService threads = Executors.newCachedThreadPool(task -> {
        Thread thread = new Thread(task, "gateway");
        thread.setDaemon(true);
        return thread;
    });
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final URI server;
    private final AtomicInteger prompts = new AtomicInteger();
    private volatile PromptRule rule = PromptRule.FORWARDED;

    /** Handles a prompt; completes with the status that the client gets, 0 for the backend's own answer. */
    @FunctionalInterface
    interface PromptRule {
        PromptRule FORWARDED = forward -> {
            forward.run();
            return CompletableFuture.completedFuture(0);
        };

        /** @param forward sends the prompt to the backend and waits for its answer */
        CompletableFuture<Integer> handle(Runnable forward);
    }

    FaultyGateway(URI server) throws IOException {
        this.server = server;
        front = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        front.setExecutor(threads);
        front.createContext("/", this::serve);
        front.start();
    }

    URI uri() {
        return URI.create("http://127.0.0.1:" + front.getAddress().getPort());
    }

    void ofPrompts(PromptRule next) {
        rule = next;
    }

    /** Forwards prompts, and answers with this status all the same. */
    void answerPrompts(int status) {
        ofPrompts(forward -> {
            forward.run();
            return CompletableFuture.completedFuture(status);
        });
    }

    /** Answers prompts with this status at once, and forwards them when the future completes. */
    void giveUpOnPrompts(int status, CompletableFuture<Void> later) {
        ofPrompts(forward -> {
            later.thenRunAsync(forward, threads);
            return CompletableFuture.completedFuture(status);
        });
    }

    /** How many came from the client. */
    int prompts() {
        return prompts.get();
    }

    private void serve(HttpExchange exchange) throws IOException {
        try (exchange) {
            byte[] body = exchange.getRequestBody().readAllBytes();
            URI target = server.resolve(exchange.getRequestURI());
            if (exchange.getRequestMethod().equals("POST") && target.getPath().endsWith("/prompt")) {
                prompts.incrementAndGet();
                CompletableFuture<HttpResponse<byte[]>> answer = new CompletableFuture<>();
                int status = rule.handle(() -> answer.complete(forward(exchange.getRequestMethod(), target, body)))
                        .join();
                if (status != 0) {
                    exchange.sendResponseHeaders(status, -1);
                    return;
                }
                answer(exchange, answer.join());
            } else {
                answer(exchange, forward(exchange.getRequestMethod(), target, body));
            }
        }
    }

    private static void answer(HttpExchange exchange, HttpResponse<byte[]> answer) throws IOException {
        exchange.sendResponseHeaders(answer.statusCode(), answer.body().length == 0 ? -1 : answer.body().length);
        exchange.getResponseBody().write(answer.body());
    }

    private HttpResponse<byte[]> forward(String method, URI target, byte[] body) {
        try {
            return client.send(
                    HttpRequest.newBuilder(target)
                            .header("Content-Type", "application/json")
                            .method(method, HttpRequest.BodyPublishers.ofByteArray(body))
                            .build(),
                    HttpResponse.BodyHandlers.ofByteArray());
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        front.stop(0);
        threads.shutdownNow();
    }
}
