package org.genaiconnector.ra.comfyui.jobs;

import java.lang.System.Logger;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.genaiconnector.comfyui.JobPreview;
import org.genaiconnector.ra.messages.OperatorMessage;

/**
 * Delivers events to observers in the order in which they came, by one thread at a time and with no lock held: the thread
 * that adds an event delivers it, unless another thread is delivering already, which then delivers this one as well.
 */
final class EventDispatcher {
    private static final Logger LOG = System.getLogger(EventDispatcher.class.getName());

    /** With more events queued than this, an observer is slow, and only ends are worth the memory. */
    private static final int MOST_QUEUED = 1_000;

    private static final int MOST_QUEUED_PREVIEWS = 50;

    private static final int MOST_KEPT = 1_000;

    /** So often an end is delivered again to an observer that fails to take it. */
    private static final int MOST_TRIES = 20;

    private record Kept(JobUpdate end, long since) {}

    private record Owed(JobObserver observer, JobUpdate end, int tries, long due) {}

    /** Until an end is delivered once more to an observer that failed to take it. */
    private static final long PAUSE_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final LongSupplier clock;
    private final long keepNanos;
    private final List<JobObserver> observers = new CopyOnWriteArrayList<>();
    private final Queue<Runnable> queued = new ConcurrentLinkedQueue<>();
    private final AtomicInteger queuedCount = new AtomicInteger();
    private final AtomicLong queuedPreviewBytes = new AtomicLong();
    private final AtomicBoolean delivering = new AtomicBoolean();
    private final long mostBytes;
    private volatile boolean owing;

    /** Ends that an observer failed to take. Touched only while delivering. */
    private final Deque<Owed> owed = new ArrayDeque<>();

    /** Ends that no observer took, the eldest first. Touched only while delivering. */
    private final Deque<Kept> kept = new ArrayDeque<>();

    private long keptBytes;

    /**
     * One without observers.
     *
     * @param keep how long an end waits for an observer
     * @param mostBytes that waiting ends, and waiting previews, may take
     */
    EventDispatcher(Duration keep, long mostBytes) {
        this(keep, mostBytes, System::nanoTime);
    }

    EventDispatcher(Duration keep, long mostBytes, LongSupplier clock) {
        this.clock = clock;
        this.keepNanos = keep.toNanos();
        this.mostBytes = mostBytes;
    }

    /** Queues what {@link #deliver()} will deliver: an end in any case, anything else only while the observers keep up. */
    void add(JobUpdate update) {
        if (update.isEnd()) {
            add(() -> deliverEnd(update));
        } else if (!observers.isEmpty() && queuedCount.get() < MOST_QUEUED) {
            add(() -> observers.forEach(observer -> deliver(observer, update)));
        }
    }

    void subscribe(JobObserver observer) {
        deliver(() -> {
            observers.add(observer);
            Iterator<Kept> ends = fresh().iterator();
            while (ends.hasNext()) {
                JobUpdate end = ends.next().end();
                if (deliver(observer, end, 0)) {
                    ends.remove();
                    keptBytes -= Footprint.of(end.status());
                }
            }
        });
    }

    void unsubscribe(JobObserver observer) {
        observers.remove(observer);
    }

    boolean hasObservers() {
        return !observers.isEmpty();
    }

    void tell(JobUpdate update) {
        add(update);
        deliver();
    }

    void add(JobPreview preview) {
        long size = preview.image().length;
        if (!observers.isEmpty()
                && queuedCount.get() < MOST_QUEUED_PREVIEWS
                && queuedPreviewBytes.get() + size <= mostBytes) {
            queuedPreviewBytes.addAndGet(size);
            add(() -> {
                queuedPreviewBytes.addAndGet(-size);
                observers.forEach(observer -> deliver(observer, preview));
            });
        }
    }

    /** Forgets all observers and events. */
    void close() {
        deliver(() -> {
            observers.clear();
            kept.clear();
            keptBytes = 0;
            owed.clear();
            owing = false;
        });
    }

    private void deliverEnd(JobUpdate end) {
        boolean taken = false;
        for (JobObserver observer : observers) {
            taken |= deliver(observer, end, 0);
        }
        if (!taken && end.own()) {
            keep(end);
        }
    }

    private void keep(JobUpdate end) {
        kept.addLast(new Kept(end, clock.getAsLong()));
        keptBytes += Footprint.of(end.status());
        fresh();
    }

    /** Delivers ends again that an observer failed to take. */
    private void deliverOwed() {
        for (int left = owed.size(); left > 0; left--) {
            Owed next = owed.removeFirst();
            if (next.due() - clock.getAsLong() > 0) {
                owed.addLast(next);
            } else if (observers.contains(next.observer())) {
                if (!deliver(next.observer(), next.end(), next.tries())) {
                    keep(next.end());
                }
            } else {
                deliverEnd(next.end());
            }
        }
        owing = !owed.isEmpty();
    }

    /** Whether an end is to be delivered again; then {@link #deliver} is to be called within a second. */
    boolean owesEnds() {
        return owing;
    }

    private Deque<Kept> fresh() {
        while (!kept.isEmpty()
                && (kept.size() > MOST_KEPT
                        || keptBytes > mostBytes
                        || clock.getAsLong() - kept.getFirst().since() > keepNanos)) {
            keptBytes -= Footprint.of(kept.removeFirst().end().status());
        }
        return kept;
    }

    private void deliver(JobObserver observer, JobUpdate update) {
        deliver(observer, update, 0);
    }

    /** Returns true if the observer has taken it, or gets it again later. */
    private boolean deliver(JobObserver observer, JobUpdate update, int tries) {
        try {
            if (!observer.takes(update)) {
                return false;
            }
            observer.onUpdate(update);
            return true;
        } catch (RuntimeException | Error e) { // which must not cost the others anything, nor this one an end
            if (update.isEnd() && tries < MOST_TRIES) {
                owing = true;
                owed.addLast(new Owed(observer, update, tries + 1, clock.getAsLong() + PAUSE_NANOS));
            }
            if (tries == 0) {
                OperatorMessage.OBSERVER_FAILED.logFailure(
                        LOG, e, update.status().id());
            }
            return update.isEnd() && tries < MOST_TRIES;
        }
    }

    private static void deliver(JobObserver observer, JobPreview preview) {
        try {
            observer.onPreview(preview);
        } catch (RuntimeException | Error e) {
            OperatorMessage.PREVIEW_OBSERVER_FAILED.logFailure(LOG, e, preview.jobId());
        }
    }

    private void deliver(Runnable message) {
        add(message);
        deliver();
    }

    /** Queues something that {@link #deliver()} will do, in any case. */
    void add(Runnable message) {
        queuedCount.incrementAndGet();
        queued.add(message);
    }

    /** Delivers what was added. To be called after every {@link #add}, with no lock held. */
    void deliver() {
        while ((owing || !queued.isEmpty()) && delivering.compareAndSet(false, true)) {
            try {
                if (owing) {
                    deliverOwed();
                }
                for (Runnable next = queued.poll(); next != null; next = queued.poll()) {
                    queuedCount.decrementAndGet();
                    next.run();
                }
            } finally {
                delivering.set(false);
            }
            if (queued.isEmpty()) {
                return; // what is owed has its time
            }
        }
    }
}
