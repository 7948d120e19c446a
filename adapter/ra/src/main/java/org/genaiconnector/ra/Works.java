package org.genaiconnector.ra;

import jakarta.resource.spi.work.Work;
import jakarta.resource.spi.work.WorkException;
import jakarta.resource.spi.work.WorkManager;
import java.lang.System.Logger;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.genaiconnector.ra.messages.OperatorMessage;

/**
 * The works of one life of the adapter. Its end waits for theirs: a server takes the classes away as soon as the adapter
 * has stopped, and a work that needs one more of them then breaks off in the middle of its cleaning up.
 */
final class Works {
    private static final Logger LOG = System.getLogger(Works.class.getName());

    /** They end within milliseconds; if not, the server shall not wait long (Payara gives up after 30 s). */
    private static final long LONGEST_END_MILLIS = 5_000;

    private final Set<Work> running = new HashSet<>();
    private final long longestEndMillis;
    private boolean over;

    Works() {
        this(LONGEST_END_MILLIS);
    }

    /** @param longestEndMillis how long {@link #end} waits */
    Works(long longestEndMillis) {
        this.longestEndMillis = longestEndMillis;
    }

    /** Starts a work on a thread of the server. */
    void start(WorkManager manager, Work work) throws WorkException {
        UnseenStart.schedule(manager, new Watched(work));
    }

    /** Asks all works to end and waits until they have; those that have not begun yet never will. */
    void end() {
        List<Work> all;
        synchronized (this) {
            over = true;
            all = new ArrayList<>(running);
        }
        all.forEach(Work::release); // with no lock held
        if (!awaitEnd()) {
            OperatorMessage.WORKS_STILL_RUNNING.log(LOG, longestEndMillis);
        }
    }

    private synchronized boolean awaitEnd() {
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(longestEndMillis);
        try {
            while (!running.isEmpty() && end - System.nanoTime() > 0) {
                TimeUnit.NANOSECONDS.timedWait(this, end - System.nanoTime());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // the server does not want to wait
        }
        return running.isEmpty();
    }

    private synchronized boolean begin(Work work) {
        return !over && running.add(work);
    }

    private synchronized void ended(Work work) {
        running.remove(work);
        notifyAll();
    }

    private final class Watched implements Work {
        private final Work work;

        Watched(Work work) {
            this.work = work;
        }

        @Override
        public void run() {
            if (begin(this)) {
                try {
                    work.run();
                } finally {
                    ended(this);
                }
            }
        }

        @Override
        public void release() {
            work.release();
        }
    }
}
