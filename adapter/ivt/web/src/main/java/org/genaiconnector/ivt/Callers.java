package org.genaiconnector.ivt;

import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Callers at the same time. They have threads of their own: those of an application server may be few, or made only after seconds
 * (Open Liberty), and the checks would measure that.
 */
final class Callers implements AutoCloseable {
    private final ExecutorService threads = Executors.newCachedThreadPool(task -> {
        Thread thread = new Thread(task, "genai-connector-ivt");
        thread.setDaemon(true);
        return thread;
    });

    <T> Future<T> start(Callable<T> call) {
        return threads.submit(call);
    }

    /** Ends the threads; interrupts those that still wait. */
    @Override
    public void close() {
        threads.shutdownNow();
    }
}
