package org.genaiconnector.tests;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/** Threads that repeat the same call concurrently. */
public final class RepeatedCalls implements AutoCloseable {
    private static final long SECONDS = 30;

    private final ExecutorService threads;
    private final CountDownLatch start = new CountDownLatch(1);
    private final AtomicBoolean stopped = new AtomicBoolean();
    private final List<Future<Outcome>> members = new ArrayList<>();

    private RepeatedCalls(int size) {
        threads = Executors.newFixedThreadPool(size);
    }

    /**
     * What all threads have done together.
     *
     * @param done number of calls that succeeded
     * @param failures exceptions of the other calls
     */
    public record Outcome(int done, List<Exception> failures) {}

    /** Every thread makes the call this number of times. */
    public static Outcome each(int size, int times, Callable<?> call) throws Exception {
        try (RepeatedCalls calls = new RepeatedCalls(size)) {
            calls.begin(size, times, call);
            return calls.outcome();
        }
    }

    /** Every thread repeats the call until {@link #stop}. */
    public static RepeatedCalls untilStopped(int size, Callable<?> call) {
        RepeatedCalls calls = new RepeatedCalls(size);
        calls.begin(size, Integer.MAX_VALUE, call);
        return calls;
    }

    private void begin(int size, int times, Callable<?> call) {
        for (int i = 0; i < size; i++) {
            members.add(threads.submit(() -> repeat(times, call)));
        }
        start.countDown();
    }

    private Outcome repeat(int times, Callable<?> call) throws InterruptedException {
        start.await();
        int done = 0;
        List<Exception> failures = new ArrayList<>();
        for (int i = 0; i < times && !stopped.get(); i++) {
            try {
                call.call();
                done++;
            } catch (Exception e) {
                failures.add(e);
            }
        }
        return new Outcome(done, failures);
    }

    /**
     * Lets every thread finish what it is doing.
     *
     * @throws java.util.concurrent.TimeoutException if one of them hangs
     */
    public Outcome stop() throws Exception {
        stopped.set(true);
        return outcome();
    }

    private Outcome outcome() throws Exception {
        int done = 0;
        List<Exception> failures = new ArrayList<>();
        for (Future<Outcome> member : members) {
            Outcome outcome = result(member);
            done += outcome.done();
            failures.addAll(outcome.failures());
        }
        return new Outcome(done, failures);
    }

    private static Outcome result(Future<Outcome> member) throws Exception {
        try {
            return member.get(SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw new AssertionError(e.getCause());
        }
    }

    @Override
    public void close() {
        stopped.set(true);
        threads.shutdownNow();
    }
}
