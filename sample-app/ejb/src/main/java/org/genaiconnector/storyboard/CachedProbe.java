package org.genaiconnector.storyboard;

import jakarta.resource.ResourceException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Probes a backend, one probe at a time, and remembers the answer for a while. Safe for any number of threads. */
final class CachedProbe {

    private static final Duration FRESH = Duration.ofSeconds(5);
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    /** Asks; returns if the backend answers. */
    @FunctionalInterface
    interface Question {
        void ask() throws ResourceException;
    }

    private final String backend;
    private final Question question;
    private CompletableFuture<Probe> current;
    private long answeredAt;

    CachedProbe(String backend, Question question) {
        this.backend = backend;
        this.question = question;
    }

    /** The last answer if it is fresh, else a new one; a backend that does not answer within two seconds is not up. */
    Probe result(Executor executor) {
        try {
            return current(executor).get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            return new Probe(backend, false, "no answer within " + PATIENCE.toMillis() + " ms");
        } catch (ExecutionException e) {
            return new Probe(backend, false, e.getCause().toString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new Probe(backend, false, "interrupted");
        }
    }

    /** Begins to ask if it is time to, and waits for nothing. */
    void begin(Executor executor) {
        current(executor);
    }

    private synchronized CompletableFuture<Probe> current(Executor executor) {
        if (current == null || current.isDone() && System.nanoTime() - answeredAt > FRESH.toNanos()) {
            current = CompletableFuture.supplyAsync(this::ask, executor);
        }
        return current;
    }

    private Probe ask() {
        try {
            question.ask();
            return new Probe(backend, true, "");
        } catch (ResourceException e) {
            return new Probe(backend, false, Failure.of(e).map(Failure::message).orElse(e.getMessage()));
        } finally {
            answered();
        }
    }

    private synchronized void answered() {
        answeredAt = System.nanoTime();
    }
}
