package org.genaiconnector.benchmarks.server;

import jakarta.resource.ResourceException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;

/** Borrows and gives back, again and again. */
final class Borrower {

    /** A source of connections. */
    @FunctionalInterface
    interface Source {
        AutoCloseable borrow() throws ResourceException;
    }

    private Borrower() {}

    /** Nanoseconds for one borrow and its release on the calling thread, the average of many. */
    static double nanos(Source source, int count) throws Exception {
        long start = System.nanoTime();
        repeat(source, count);
        return (System.nanoTime() - start) / (double) count;
    }

    /** Nanoseconds of elapsed time for one borrow and its release, while several threads do so. */
    static double nanos(Source source, int count, int threads, ExecutorService executor)
            throws InterruptedException, ExecutionException {
        Callable<Void> share = () -> {
            repeat(source, count / threads);
            return null;
        };
        List<Callable<Void>> shares = new ArrayList<>();
        for (int i = 0; i < threads; i++) {
            shares.add(share);
        }
        long start = System.nanoTime();
        for (Future<Void> done : executor.invokeAll(shares)) {
            done.get();
        }
        return (System.nanoTime() - start) / (double) count;
    }

    private static void repeat(Source source, int count) throws Exception {
        for (int i = 0; i < count; i++) {
            source.borrow().close();
        }
    }
}
