package org.genaiconnector.tests.store.kill.app;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/** Where threads of the application can be held until it is killed. */
public enum Moment {
    /** The rows of a transaction are inserted, and it is not committed. */
    BEFORE_COMMIT,
    /** It is committed, and the caller does not know it yet. */
    AFTER_COMMIT,
    /** The bean was called and has written its row. */
    IN_BEAN,
    /** The transaction of the bean is committed, and the adapter does not know it yet. */
    AFTER_BEAN_COMMIT;

    private final AtomicInteger left = new AtomicInteger();
    private final AtomicInteger held = new AtomicInteger();

    /** Holds the next threads that come here, for ever. */
    void hold(int threads) {
        left.set(threads);
    }

    /** How many are held. */
    int held() {
        return held.get();
    }

    /** Returns at once unless this thread is to be held. */
    void pass() {
        if (left.getAndUpdate(threads -> Math.max(0, threads - 1)) > 0) {
            held.incrementAndGet();
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("The server was stopped, not killed", e);
            }
        }
    }
}
