package org.genaiconnector.ra;

import jakarta.resource.spi.work.Work;
import jakarta.resource.spi.work.WorkContext;
import jakarta.resource.spi.work.WorkContextProvider;
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
 * The works of one life cycle of the adapter. The end of the life cycle waits for them, because application servers close the
 * class loader as soon as the adapter has stopped, and a work that still needs a class then fails in the middle of its
 * clean-up. All threads may use it.
 */
final class Works {
    private static final Logger LOG = System.getLogger(Works.class.getName());

    /** Works end within milliseconds; if one does not, the application server has its own limit (Payara: 30 s). */
    private static final long LONGEST_END_MILLIS = 5_000;

    private final Set<Work> running = new HashSet<>();
    private final long longestEndMillis;
    private boolean ended;

    Works() {
        this(LONGEST_END_MILLIS);
    }

    /** @param longestEndMillis how long {@link #end} waits */
    Works(long longestEndMillis) {
        this.longestEndMillis = longestEndMillis;
    }

    /** Starts a work on a thread of the application server. */
    void start(WorkManager manager, Work work) throws WorkException {
        DetachedStart.schedule(
                manager,
                work instanceof WorkContextProvider provider ? new InContext(work, provider) : new Watched(work));
    }

    /** Releases all works and waits until they have ended; works that have not begun yet never will. */
    void end() {
        List<Work> all;
        synchronized (this) {
            ended = true;
            all = new ArrayList<>(running);
        }
        all.forEach(Work::release); // without the lock, because works call back
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
            Thread.currentThread().interrupt(); // the application server does not want to wait
        }
        return running.isEmpty();
    }

    private synchronized boolean begin(Work work) {
        return !ended && running.add(work);
    }

    private synchronized boolean isRunning(Work work) {
        return running.contains(work);
    }

    private synchronized void ended(Work work) {
        running.remove(work);
        notifyAll();
    }

    /** A work with contexts, such as the caller as whom it runs. */
    private final class InContext extends Watched implements WorkContextProvider {
        private static final long serialVersionUID = 1L;

        private final transient WorkContextProvider provider;

        InContext(Work work, WorkContextProvider provider) {
            super(work);
            this.provider = provider;
        }

        @Override
        public List<WorkContext> getWorkContexts() {
            return provider.getWorkContexts();
        }
    }

    private class Watched implements Work {
        private final Work work;

        Watched(Work work) {
            this.work = work;
        }

        /** With the adapter's context class loader, which the thread must not keep: it outlives the adapter. */
        @Override
        public void run() {
            if (begin(this)) {
                Thread thread = Thread.currentThread();
                ClassLoader threads = thread.getContextClassLoader();
                thread.setContextClassLoader(Works.class.getClassLoader());
                try {
                    work.run();
                } finally {
                    thread.setContextClassLoader(threads);
                    ended(this);
                }
            }
        }

        /** Only while it runs: IronJacamar releases each work after its end, which would close what the next one is to serve. */
        @Override
        public void release() {
            if (isRunning(this)) {
                work.release();
            }
        }
    }
}
