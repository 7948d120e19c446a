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
 * Tells observers the news in the order in which it came, by one thread at a time and with no lock held: whoever brings
 * news tells it, unless another thread is telling already, which then tells this as well.
 */
final class EventDispatcher {
    private static final Logger LOG = System.getLogger(EventDispatcher.class.getName());

    /** With more untold than this, somebody is slow, and only ends are worth the memory. */
    private static final int MOST_UNTOLD = 1_000;

    private static final int MOST_UNTOLD_PREVIEWS = 50;

    private static final int MOST_KEPT = 1_000;

    /** So often an end is told to an observer that fails to take it. */
    private static final int MOST_TRIES = 20;

    private record Kept(JobUpdate end, long since) {}

    private record Owed(JobObserver observer, JobUpdate end, int tries, long due) {}

    /** Until an end is delivered once more to an observer that failed to take it. */
    private static final long PAUSE_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final LongSupplier clock;
    private final long keepNanos;
    private final List<JobObserver> observers = new CopyOnWriteArrayList<>();
    private final Queue<Runnable> untold = new ConcurrentLinkedQueue<>();
    private final AtomicInteger untoldCount = new AtomicInteger();
    private final AtomicLong untoldPreviewBytes = new AtomicLong();
    private final AtomicBoolean telling = new AtomicBoolean();
    private final long mostBytes;
    private volatile boolean owing;

    /** Ends that an observer failed to take. Touched only while telling. */
    private final Deque<Owed> owed = new ArrayDeque<>();

    /** Ends that nobody took, the eldest first. Touched only while telling. */
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

    /** Adds what {@link #deliver} will tell: an end in any case, anything else only as long as the others can follow. */
    void add(JobUpdate news) {
        if (news.isEnd()) {
            add(() -> tellEnd(news));
        } else if (!observers.isEmpty() && untoldCount.get() < MOST_UNTOLD) {
            add(() -> observers.forEach(observer -> tell(observer, news)));
        }
    }

    void subscribe(JobObserver observer) {
        say(() -> {
            observers.add(observer);
            Iterator<Kept> ends = fresh().iterator();
            while (ends.hasNext()) {
                JobUpdate end = ends.next().end();
                if (tell(observer, end, 0)) {
                    ends.remove();
                    keptBytes -= Footprint.of(end.status());
                }
            }
        });
    }

    void unsubscribe(JobObserver observer) {
        observers.remove(observer);
    }

    void tell(JobUpdate news) {
        add(news);
        deliver();
    }

    void add(JobPreview preview) {
        long size = preview.image().length;
        if (!observers.isEmpty()
                && untoldCount.get() < MOST_UNTOLD_PREVIEWS
                && untoldPreviewBytes.get() + size <= mostBytes) {
            untoldPreviewBytes.addAndGet(size);
            add(() -> {
                untoldPreviewBytes.addAndGet(-size);
                observers.forEach(observer -> tell(observer, preview));
            });
        }
    }

    /** Forgets everybody and everything. */
    void close() {
        say(() -> {
            observers.clear();
            kept.clear();
            keptBytes = 0;
            owed.clear();
            owing = false;
        });
    }

    private void tellEnd(JobUpdate end) {
        boolean taken = false;
        for (JobObserver observer : observers) {
            taken |= tell(observer, end, 0);
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

    /** Ends that an observer could not take are told it once more, a moment later. */
    private void tellOwed() {
        for (int left = owed.size(); left > 0; left--) {
            Owed next = owed.removeFirst();
            if (next.due() - clock.getAsLong() > 0) {
                owed.addLast(next);
            } else if (observers.contains(next.observer())) {
                if (!tell(next.observer(), next.end(), next.tries())) {
                    keep(next.end());
                }
            } else {
                tellEnd(next.end());
            }
        }
        owing = !owed.isEmpty();
    }

    /** Whether an end is to be told once more; then {@link #deliver} is to be called within a second. */
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

    private void tell(JobObserver observer, JobUpdate news) {
        tell(observer, news, 0);
    }

    /** Tells true if the observer has taken it, or will be told once more. */
    private boolean tell(JobObserver observer, JobUpdate news, int tries) {
        try {
            if (!observer.takes(news)) {
                return false;
            }
            observer.onNews(news);
            return true;
        } catch (RuntimeException | Error e) { // which must not cost the others anything, nor this one an end
            if (news.isEnd() && tries < MOST_TRIES) {
                owing = true;
                owed.addLast(new Owed(observer, news, tries + 1, clock.getAsLong() + PAUSE_NANOS));
            }
            if (tries == 0) {
                OperatorMessage.OBSERVER_FAILED.logFailure(LOG, e, news.status().id());
            }
            return news.isEnd() && tries < MOST_TRIES;
        }
    }

    private static void tell(JobObserver observer, JobPreview preview) {
        try {
            observer.onPreview(preview);
        } catch (RuntimeException | Error e) {
            OperatorMessage.PREVIEW_OBSERVER_FAILED.logFailure(LOG, e, preview.jobId());
        }
    }

    private void say(Runnable message) {
        add(message);
        deliver();
    }

    private void add(Runnable message) {
        untoldCount.incrementAndGet();
        untold.add(message);
    }

    /** Tells what was added. To be called after every {@link #add}, with no lock held. */
    void deliver() {
        while ((owing || !untold.isEmpty()) && telling.compareAndSet(false, true)) {
            try {
                if (owing) {
                    tellOwed();
                }
                for (Runnable next = untold.poll(); next != null; next = untold.poll()) {
                    untoldCount.decrementAndGet();
                    next.run();
                }
            } finally {
                telling.set(false);
            }
            if (untold.isEmpty()) {
                return; // what is owed has its time
            }
        }
    }
}
