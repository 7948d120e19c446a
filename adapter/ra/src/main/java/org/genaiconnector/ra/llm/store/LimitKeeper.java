package org.genaiconnector.ra.llm.store;

import jakarta.resource.spi.work.Work;
import jakarta.resource.spi.work.WorkException;
import java.lang.System.Logger;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import org.genaiconnector.ra.connection.AdapterServices;
import org.genaiconnector.ra.llm.limits.LimitRows;
import org.genaiconnector.ra.llm.limits.Limits;
import org.genaiconnector.ra.llm.limits.SharedLimits;
import org.genaiconnector.ra.messages.OperatorMessage;

/**
 * Limits in a database, with the work that keeps what calls under way hold, deletes rows that count no more, and finds a database
 * that has come back. Any thread.
 */
final class LimitKeeper implements Work, SharedLimits.Health, AutoCloseable {
    private static final Logger LOG = System.getLogger(LimitKeeper.class.getName());
    private static final Duration UPKEEP = Duration.ofMinutes(1);

    private final AdapterServices services;
    private final String store;
    private final Duration lease;
    private final SharedLimits limits;
    private final AtomicBoolean running = new AtomicBoolean();
    private final AtomicBoolean refused = new AtomicBoolean();
    private final AtomicBoolean failing = new AtomicBoolean();

    /** Guarded by this. */
    private boolean closed;

    /**
     * A keeper that does not work yet.
     *
     * @param store name of the database, for messages
     * @param instance unique for this run of the adapter
     */
    LimitKeeper(AdapterServices services, String store, LimitRows rows, String instance, Duration lease) {
        this.services = services;
        this.store = store;
        this.lease = lease;
        this.limits = new SharedLimits(rows, this, instance, lease, System::nanoTime);
    }

    /** The limits; the work begins unless it runs. */
    Limits limits() {
        if (running.compareAndSet(false, true)) {
            try {
                services.startWork(this);
                refused.set(false);
            } catch (WorkException e) {
                running.set(false);
                if (!services.stopped() && refused.compareAndSet(false, true)) {
                    OperatorMessage.NO_THREAD_FOR_LIMITS.logFailure(LOG, e, store);
                }
            }
        }
        return limits;
    }

    @Override
    public void run() {
        try {
            long purged = System.nanoTime();
            while (pause()) {
                limits.renew();
                if (System.nanoTime() - purged >= UPKEEP.toNanos()) {
                    limits.purge();
                    purged = System.nanoTime();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // the container wants its thread back
        } finally {
            running.set(false);
        }
    }

    /** Tells false once it is closed. */
    private synchronized boolean pause() throws InterruptedException {
        long end = System.nanoTime() + lease.dividedBy(3).toNanos();
        for (long left = end - System.nanoTime(); !closed && left > 0; left = end - System.nanoTime()) {
            wait(left / 1_000_000 + 1);
        }
        return !closed;
    }

    @Override
    public void failed(LimitRows.UnreachableException failure) {
        if (!services.stopped() && failing.compareAndSet(false, true)) {
            OperatorMessage.LIMITS_ALONE.log(LOG, store, failure.getMessage());
        }
    }

    @Override
    public void works() {
        if (failing.get() && failing.compareAndSet(true, false)) {
            OperatorMessage.LIMITS_TOGETHER.log(LOG, store);
        }
    }

    @Override
    public void release() {
        close();
    }

    @Override
    public void close() {
        synchronized (this) {
            closed = true;
            notifyAll();
        }
        limits.close();
    }
}
