package org.genaiconnector.langchain4j;

import static dev.langchain4j.http.client.sse.ServerSentEventListenerUtils.ignoringExceptions;

import dev.langchain4j.exception.HttpException;
import dev.langchain4j.exception.InvalidRequestException;
import dev.langchain4j.exception.RetriableException;
import dev.langchain4j.http.client.HttpClient;
import dev.langchain4j.http.client.HttpRequest;
import dev.langchain4j.http.client.SuccessfulHttpResponse;
import dev.langchain4j.http.client.sse.ServerSentEventListener;
import dev.langchain4j.http.client.sse.ServerSentEventParser;
import jakarta.resource.ResourceException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.genaiconnector.FailureCategory;
import org.genaiconnector.GenAiException;
import org.genaiconnector.llm.LlmConnection;
import org.genaiconnector.llm.RawAnswer;
import org.genaiconnector.llm.RawRequest;

/** LangChain4j's HTTP client over a pool of connections. Any thread may use it. */
final class ConnectorHttpClient implements HttpClient {
    private final Pool pool;
    private final Executor executor;
    private final Duration readTimeout;

    /** @param readTimeout of whole answers; null for the pool's */
    ConnectorHttpClient(Pool pool, Executor executor, Duration readTimeout) {
        this.pool = pool;
        this.executor = executor;
        this.readTimeout = readTimeout;
    }

    /** Work with an answer. */
    @FunctionalInterface
    private interface Reader<T> {
        T read(RawAnswer answer) throws IOException;
    }

    @Override
    public SuccessfulHttpResponse execute(HttpRequest request) {
        return exchange(
                raw(request).withTimeout(readTimeout),
                answer -> response(answer).body(answer.content().readAllBytes()).build());
    }

    private static SuccessfulHttpResponse.Builder response(RawAnswer answer) {
        return SuccessfulHttpResponse.builder().statusCode(answer.status()).headers(answer.headers());
    }

    @Override
    public void execute(HttpRequest request, ServerSentEventParser parser, ServerSentEventListener listener) {
        RawRequest raw = raw(request);
        try {
            executor.execute(() -> stream(raw, parser, listener));
        } catch (RejectedExecutionException e) {
            listener.onError(
                    new RetriableException("The executor has no thread for this stream: " + e.getMessage(), e));
        }
    }

    private void stream(RawRequest request, ServerSentEventParser parser, ServerSentEventListener listener) {
        try {
            exchange(request, answer -> {
                SuccessfulHttpResponse head = response(answer).build();
                ignoringExceptions(() -> listener.onOpen(head));
                parser.parse(answer.content(), listener);
                return head;
            });
        } catch (RuntimeException e) {
            ignoringExceptions(() -> listener.onError(e));
            return;
        }
        ignoringExceptions(listener::onClose);
    }

    /** Failures with a status are what LangChain4j's models expect of their clients; they make exceptions of it. */
    private <T> T exchange(RawRequest request, Reader<T> reader) {
        try {
            return pool.call(connection -> read(connection, request, reader));
        } catch (RuntimeException e) {
            if (e.getCause() instanceof GenAiException failure
                    && failure.status().isPresent()) {
                HttpException refused = new HttpException(failure.status().getAsInt(), failure.getMessage());
                refused.addSuppressed(failure); // not as the cause: LangChain4j goes by the innermost cause
                throw refused;
            }
            throw e;
        }
    }

    private static <T> T read(LlmConnection connection, RawRequest request, Reader<T> reader) throws ResourceException {
        try (RawAnswer answer = connection.exchange(request)) {
            return reader.read(answer);
        } catch (IOException e) {
            throw e.getCause() instanceof ResourceException failure
                    ? failure
                    : new GenAiException(FailureCategory.TRUNCATED, "The answer broke off: " + e.getMessage(), e);
        }
    }

    private RawRequest raw(HttpRequest request) {
        if (!request.formDataFields().isEmpty() || !request.formDataFiles().isEmpty()) {
            throw Failures.unsupported("A request with form data (" + request.url() + ")");
        }
        return Failures.valid(() -> {
            RawRequest raw = RawRequest.of(request.method().name(), path(request.url()));
            String type = "application/json";
            for (Map.Entry<String, List<String>> header : request.headers().entrySet()) {
                String value = String.join(",", header.getValue());
                if (header.getKey().equalsIgnoreCase("Content-Type")) {
                    type = value;
                } else if (RawRequest.isHeader(header.getKey())) { // credentials and the like are the pool's
                    raw = raw.withHeader(header.getKey(), value);
                }
            }
            return request.body() == null
                    ? raw
                    : raw.withBody(type, request.body().getBytes(StandardCharsets.UTF_8));
        });
    }

    private String path(String url) {
        String server = pool.factory().server().toString().replaceFirst("/+$", "");
        if (!url.startsWith(server + "/")) {
            throw new InvalidRequestException(
                    "The model calls " + url.replaceFirst("\\?.*", "") + ", and the connections of the pool lead to "
                            + server + ": set baseUrl of the model to that address");
        }
        return url.substring(server.length());
    }
}
