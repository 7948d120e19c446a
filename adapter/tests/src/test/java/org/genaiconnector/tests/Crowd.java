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

/** Threads that do the same again and again, all at once. */
public final class Crowd implements AutoCloseable {
    private static final long SECONDS = 30;

    private final ExecutorService threads;
    private final CountDownLatch start = new CountDownLatch(1);
    private final AtomicBoolean enough = new AtomicBoolean();
    private final List<Future<Outcome>> members = new ArrayList<>();

    private Crowd(int size) {
        threads = Executors.newFixedThreadPool(size);
    }

    /**
     * What all of them have done together.
     *
     * @param done how often it worked
     * @param failures what was thrown when it did not
     */
    public record Outcome(int done, List<Exception> failures) {}

    /** Every thread does the deed so many times. */
    public static Outcome each(int size, int times, Callable<?> deed) throws Exception {
        try (Crowd crowd = new Crowd(size)) {
            crowd.begin(size, times, deed);
            return crowd.outcome();
        }
    }

    /** Every thread does the deed until {@link #stop}. */
    public static Crowd untilStopped(int size, Callable<?> deed) {
        Crowd crowd = new Crowd(size);
        crowd.begin(size, Integer.MAX_VALUE, deed);
        return crowd;
    }

    private void begin(int size, int times, Callable<?> deed) {
        for (int i = 0; i < size; i++) {
            members.add(threads.submit(() -> repeat(times, deed)));
        }
        start.countDown();
    }

    private Outcome repeat(int times, Callable<?> deed) throws InterruptedException {
        start.await();
        int done = 0;
        List<Exception> failures = new ArrayList<>();
        for (int i = 0; i < times && !enough.get(); i++) {
            try {
                deed.call();
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
        enough.set(true);
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
        enough.set(true);
        threads.shutdownNow();
    }
}
