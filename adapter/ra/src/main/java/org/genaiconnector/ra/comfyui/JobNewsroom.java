package org.genaiconnector.ra.comfyui;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.genaiconnector.comfyui.JobPreview;

/**
 * Tells observers the news in the order in which it came, by one thread at a time and with no lock held: whoever brings
 * news tells it, unless another thread is telling already, which then tells this as well.
 */
final class JobNewsroom {
    private static final Logger LOG = System.getLogger(JobNewsroom.class.getName());

    /** With more untold than this, somebody is slow, and only ends are worth the memory. */
    private static final int MOST_UNTOLD = 1_000;

    private static final int MOST_UNTOLD_PREVIEWS = 50;

    private static final int MOST_KEPT = 1_000;

    private record Kept(JobNews end, long since) {}

    private final long keepNanos;
    private final List<JobObserver> observers = new CopyOnWriteArrayList<>();
    private final Queue<Runnable> untold = new ConcurrentLinkedQueue<>();
    private final AtomicInteger untoldCount = new AtomicInteger();
    private final AtomicBoolean telling = new AtomicBoolean();

    /** Ends that nobody took, the eldest first. Touched only while telling. */
    private final Deque<Kept> kept = new ArrayDeque<>();

    /** @param keep how long an end waits for an observer */
    JobNewsroom(Duration keep) {
        this.keepNanos = keep.toNanos();
    }

    /** Adds what {@link #deliver} will tell: an end in any case, anything else only as long as the others can follow. */
    void add(JobNews news) {
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
                JobNews end = ends.next().end();
                if (tell(observer, end)) {
                    ends.remove();
                }
            }
        });
    }

    void unsubscribe(JobObserver observer) {
        observers.remove(observer);
    }

    void tell(JobNews news) {
        add(news);
        deliver();
    }

    void add(JobPreview preview) {
        if (!observers.isEmpty() && untoldCount.get() < MOST_UNTOLD_PREVIEWS) {
            add(() -> observers.forEach(observer -> tell(observer, preview)));
        }
    }

    /** Forgets everybody and everything. */
    void close() {
        say(() -> {
            observers.clear();
            kept.clear();
        });
    }

    private void tellEnd(JobNews end) {
        boolean taken = false;
        for (JobObserver observer : observers) {
            taken |= tell(observer, end);
        }
        if (!taken && end.own()) {
            fresh().addLast(new Kept(end, System.nanoTime()));
        }
    }

    private Deque<Kept> fresh() {
        while (!kept.isEmpty()
                && (kept.size() >= MOST_KEPT
                        || System.nanoTime() - kept.getFirst().since() > keepNanos)) {
            kept.removeFirst();
        }
        return kept;
    }

    private static boolean tell(JobObserver observer, JobNews news) {
        try {
            if (!observer.takes(news)) {
                return false;
            }
            observer.onNews(news);
        } catch (RuntimeException e) {
            LOG.log(
                    Level.WARNING,
                    "GENAI-1306 An observer of jobs failed to take news of job "
                            + news.status().id(),
                    e);
        }
        return true;
    }

    private static void tell(JobObserver observer, JobPreview preview) {
        try {
            observer.onPreview(preview);
        } catch (RuntimeException e) {
            LOG.log(
                    Level.WARNING,
                    "GENAI-1307 An observer of jobs failed to take a preview of job " + preview.jobId(),
                    e);
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
        while (!untold.isEmpty() && telling.compareAndSet(false, true)) {
            try {
                for (Runnable next = untold.poll(); next != null; next = untold.poll()) {
                    untoldCount.decrementAndGet();
                    next.run();
                }
            } finally {
                telling.set(false);
            }
        }
    }
}
