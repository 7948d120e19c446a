package org.genaiconnector.ivt;

import jakarta.resource.ResourceException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.genaiconnector.Credentials;
import org.genaiconnector.GenAiException;
import org.genaiconnector.ivt.simulators.Backends;
import org.genaiconnector.llm.ChatRequest;
import org.genaiconnector.llm.ChatResponse;
import org.genaiconnector.llm.ChatStream;
import org.genaiconnector.llm.LlmConnection;
import org.genaiconnector.llm.LlmConnectionFactory;
import org.genaiconnector.llm.StreamEvent;

/** The checks of a pool of LLM connections. */
final class LlmChecks {
    private static final Duration LONGEST_CHAT = Duration.ofSeconds(20);
    private static final Duration LONGEST_BORROW = Duration.ofSeconds(10);
    private static final Duration LONGEST_RECOVERY = Duration.ofSeconds(10);
    private static final Duration DELAY = Duration.ofMillis(500);
    private static final int CALLERS_PER_CONNECTION = 5;
    private static final double MOST_OVER_IDEAL = 1.15;
    private static final int MORE_MEASUREMENTS = 2;

    private final Pool<LlmConnectionFactory> pool;
    private final LlmConnectionFactory factory;
    private final Callers callers;
    private final Usage usage;
    private final Duration longestWait;

    /**
     * Of one pool.
     *
     * @param longestWait how long the check of an exhausted pool waits for the pool's own timeout
     */
    LlmChecks(Pool<LlmConnectionFactory> pool, Callers callers, Usage usage, Duration longestWait) {
        this.pool = pool;
        this.factory = pool.factory();
        this.callers = callers;
        this.usage = usage;
        this.longestWait = longestWait;
    }

    void run(Checks checks) {
        if (checks.run(pool.name(), "borrow", this::borrow)) {
            checks.run(pool.name(), "chat", () -> chat(factory.getConnection()));
            checks.run(pool.name(), "stream", this::stream);
            checks.run(pool.name(), "early close of a stream", this::earlyClose);
            checks.run(pool.name(), "key per call", this::keyPerCall);
            checks.run(pool.name(), "exhausted pool", this::exhausted);
            checks.run(pool.name(), "ideal time", this::idealTime);
            checks.run(pool.name(), "dead connections", this::deadConnections);
            checks.run(pool.name(), "backend down and up", this::downAndUp);
        }
    }

    private String borrow() throws ResourceException, FailedException {
        LlmConnection connection = factory.getConnection();
        connection.close();
        connection.close(); // twice is nothing
        try {
            connection.listModels();
        } catch (GenAiException e) {
            return "a handle that is closed refuses calls: " + e.getMessage();
        }
        throw new FailedException("A connection handle can be used after its close");
    }

    private ChatRequest request() {
        usage.chat();
        return ChatRequest.builder()
                .user("Reply with the word ok.")
                .maxOutputTokens(Usage.MOST_OUTPUT_TOKENS)
                .timeout(LONGEST_CHAT)
                .build();
    }

    private String chat(LlmConnection borrowed) throws GenAiException {
        try (LlmConnection connection = borrowed) {
            return described(connection.chat(request()));
        }
    }

    private String described(ChatResponse response) {
        usage.answer(response);
        return response.model() + " answered, finish reason " + response.finishReason();
    }

    private String stream() throws ResourceException, FailedException {
        int pieces = 0;
        try (ChatStream stream = factory.stream(request())) {
            while (stream.hasNext()) {
                StreamEvent event = stream.next();
                if (event instanceof StreamEvent.End end) {
                    return pieces + " pieces; " + described(end.response());
                }
                pieces++;
            }
        }
        throw new FailedException("The stream ended without a last event");
    }

    private String earlyClose() throws ResourceException, FailedException {
        ChatStream stream = factory.stream(request());
        if (stream.hasNext()) {
            stream.next();
        }
        long start = System.nanoTime();
        stream.close();
        long millis = (System.nanoTime() - start) / 1_000_000;
        factory.getConnection().close();
        if (millis > 2_000) {
            throw new FailedException("Closing the stream took " + millis + " ms");
        }
        return "closed after its first event in " + millis + " ms; the pool lends connections";
    }

    private String keyPerCall() throws Exception {
        Backends simulators = pool.simulated();
        chat(factory.getConnection());
        Optional<String> own = simulators.latestKey();
        for (String key : List.of("ivt-key-1", "ivt-key-2", "ivt-key-1")) {
            chat(factory.getConnection(Credentials.apiKey(key)));
            requireKey(Optional.of(key), simulators.latestKey());
        }
        chat(factory.getConnection());
        requireKey(own, simulators.latestKey());
        return "the backend got two keys of callers, and the pool's own again";
    }

    private static void requireKey(Optional<String> expected, Optional<String> actual) throws FailedException {
        if (!expected.equals(actual)) {
            throw new FailedException(
                    "The backend got the key " + actual.orElse("none") + " instead of " + expected.orElse("none"));
        }
    }

    private int maximum() throws SkippedException {
        return pool.maximum()
                .orElseThrow(
                        () -> new SkippedException("takes all connections of the pool for a moment, so it runs only if"
                                + " the parameter maximum gives the pool's size"));
    }

    private String exhausted() throws Exception {
        int maximum = maximum();
        CountDownLatch held = new CountDownLatch(maximum);
        CountDownLatch release = new CountDownLatch(1);
        List<Future<Boolean>> holders = new ArrayList<>();
        for (int i = 0; i < maximum; i++) {
            holders.add(callers.start(() -> {
                LlmConnection connection = factory.getConnection();
                try {
                    held.countDown();
                    return release.await(2 * longestWait.toMillis(), TimeUnit.MILLISECONDS);
                } finally {
                    connection.close();
                }
            }));
        }
        try {
            if (!held.await(LONGEST_BORROW.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new FailedException(
                        "Only " + (maximum - held.getCount()) + " of " + maximum + " connections could be borrowed");
            }
            return oneMore(release);
        } finally {
            release.countDown();
            for (Future<Boolean> holder : holders) {
                holder.get(LONGEST_BORROW.toMillis(), TimeUnit.MILLISECONDS);
            }
        }
    }

    private String oneMore(CountDownLatch release) throws Exception {
        long start = System.nanoTime();
        Future<Boolean> extra = callers.start(() -> {
            factory.getConnection().close();
            return true;
        });
        try {
            extra.get(longestWait.toMillis(), TimeUnit.MILLISECONDS);
            throw new FailedException("The pool lent more connections than its maximum");
        } catch (ExecutionException e) {
            return "refused after " + (System.nanoTime() - start) / 1_000_000 + " ms: " + Checks.text(e.getCause());
        } catch (TimeoutException e) {
            release.countDown();
            extra.get(LONGEST_BORROW.toMillis(), TimeUnit.MILLISECONDS);
            return "a caller more waits, and gets the first connection that is returned; the pool's own timeout is above "
                    + longestWait.toSeconds() + " s";
        }
    }

    private String idealTime() throws Exception {
        Backends simulators = pool.simulated();
        int count = maximum() * CALLERS_PER_CONNECTION;
        long ideal = DELAY.toMillis() * CALLERS_PER_CONNECTION;
        simulators.delayLlm(DELAY);
        try {
            long took = together(count);
            for (int more = 0; more < MORE_MEASUREMENTS && took > ideal * MOST_OVER_IDEAL; more++) {
                took = together(count); // something else may have needed the processor
            }
            String figures = count + " callers of " + DELAY.toMillis() + " ms each on " + maximum()
                    + " connections took " + took + " ms, ideal " + ideal + " ms";
            if (took > ideal * MOST_OVER_IDEAL || took < ideal) {
                throw new FailedException(figures);
            }
            return figures;
        } finally {
            simulators.delayLlm(Duration.ZERO);
        }
    }

    private long together(int count) throws Exception {
        long start = System.nanoTime();
        List<Future<String>> running = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            running.add(callers.start(() -> chat(factory.getConnection())));
        }
        for (Future<String> call : running) {
            call.get(LONGEST_CHAT.toMillis(), TimeUnit.MILLISECONDS);
        }
        return (System.nanoTime() - start) / 1_000_000;
    }

    private String deadConnections() throws Exception {
        Backends simulators = pool.simulated();
        chat(factory.getConnection());
        simulators.breakLlmConnections();
        chat(factory.getConnection());
        return "the backend reset all connections, and the next call succeeded";
    }

    private String downAndUp() throws Exception {
        Backends simulators = pool.simulated();
        simulators.acceptLlmConnections(false);
        simulators.breakLlmConnections();
        String failure;
        try {
            chat(factory.getConnection());
            throw new FailedException("A call succeeded although the backend was down");
        } catch (ResourceException e) {
            failure = Checks.text(e);
        } finally {
            simulators.acceptLlmConnections(true);
        }
        long start = System.nanoTime();
        ResourceException last = null;
        while (System.nanoTime() - start < LONGEST_RECOVERY.toNanos()) {
            try {
                chat(factory.getConnection());
                return "down: " + failure + "; up again: a call succeeded after "
                        + (System.nanoTime() - start) / 1_000_000 + " ms";
            } catch (ResourceException e) {
                last = e;
                TimeUnit.MILLISECONDS.sleep(100); // before the next attempt
            }
        }
        throw new FailedException("No call succeeds although the backend is up again", last);
    }
}
