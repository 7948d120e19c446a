package org.genaiconnector.testkit;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.IntSupplier;
import java.util.function.Supplier;

/**
 * What a simulator has seen: its requests and the connections they came on. Thread safe.
 *
 * <p>A request is recorded when its body has been read, before a fault or an answer; so a client that has an answer finds
 * its request here.
 */
public final class Traffic {
    private static final long RECHECK_MILLIS = 2;

    private final List<RecordedRequest> requests = new CopyOnWriteArrayList<>();
    private final AtomicLong opened = new AtomicLong();
    private final AtomicLong forgotten = new AtomicLong();
    private final AtomicInteger numbers = new AtomicInteger();
    private final IntSupplier open;

    Traffic(IntSupplier openConnections) {
        this.open = openConnections;
    }

    /** All requests so far, in the order in which they were read; a snapshot. */
    public List<RecordedRequest> requests() {
        return List.copyOf(requests);
    }

    /** The requests so far that meet a condition, in the order in which they were read; a snapshot. */
    public List<RecordedRequest> requests(Match match) {
        return requests.stream().filter(match).toList();
    }

    /** How many TCP connections have been accepted since the start or the last {@link #forget()}. */
    public long connectionsOpened() {
        return opened.get() - forgotten.get();
    }

    /** How many TCP connections are open now. */
    public int connectionsOpen() {
        return open.getAsInt();
    }

    /** Empties the record and restarts the counts of requests and opened connections; connection numbers continue. */
    public void forget() {
        requests.clear();
        numbers.set(0);
        forgotten.set(opened.get());
    }

    /**
     * Waits until at least so many requests have been recorded.
     *
     * @throws AssertionError if they have not come in time
     */
    public List<RecordedRequest> awaitRequests(int count, Duration atMost) {
        await(() -> requests.size() >= count, atMost, () -> requests.size() + " of " + count + " requests came");
        return requests();
    }

    /**
     * Waits until exactly so many connections are open.
     *
     * @throws AssertionError if it has not come to that in time
     */
    public void awaitConnectionsOpen(int count, Duration atMost) {
        await(() -> connectionsOpen() == count, atMost, () -> connectionsOpen() + " instead of " + count + " open");
    }

    long connectionOpened() {
        return opened.incrementAndGet();
    }

    /** Records a request. Once it is in the list, its fault has been chosen. */
    Fault record(Function<Integer, RecordedRequest> request, Function<RecordedRequest, Fault> choice) {
        synchronized (this) { // number and place in the list agree
            RecordedRequest recorded = request.apply(numbers.incrementAndGet());
            Fault fault = choice.apply(recorded);
            requests.add(recorded);
            return fault;
        }
    }

    private static void await(BooleanSupplier condition, Duration atMost, Supplier<String> failure) {
        long deadline = System.nanoTime() + atMost.toNanos();
        boolean interrupted = false;
        while (!condition.getAsBoolean() && !interrupted) {
            if (System.nanoTime() - deadline > 0) {
                throw new AssertionError(failure.get() + " within " + atMost);
            }
            try {
                TimeUnit.MILLISECONDS.sleep(RECHECK_MILLIS); // between two looks at the condition
            } catch (InterruptedException e) {
                interrupted = true;
                Thread.currentThread().interrupt();
            }
        }
        if (interrupted) {
            throw new AssertionError("interrupted; " + failure.get());
        }
    }
}
