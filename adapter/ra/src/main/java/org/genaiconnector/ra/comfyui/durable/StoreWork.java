package org.genaiconnector.ra.comfyui.durable;

import jakarta.resource.spi.work.Work;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import org.genaiconnector.ra.comfyui.store.StoreException;
import org.genaiconnector.ra.messages.OperatorMessage;

/** A work that does something in a store again and again until the session is closed. Failures only delay it. */
abstract class StoreWork implements Work {
    private static final Logger LOG = System.getLogger(StoreWork.class.getName());

    private final StoreSession session;
    private final WakeUp wakeUp = new WakeUp();
    private final AtomicBoolean running = new AtomicBoolean();
    private boolean troubled;

    StoreWork(StoreSession session) {
        this.session = session;
    }

    /**
     * Does what there is to do now.
     *
     * @return how long it may be before the next step if nobody calls; negative if there will be none
     */
    abstract Duration step() throws StoreException, InterruptedException;

    /** Called once after the last step. */
    void end() throws StoreException {}

    final void wake() {
        wakeUp.call();
    }

    /** Tells true if it did not run, and counts as running from now on. */
    final boolean begins() {
        return running.compareAndSet(false, true);
    }

    /** It could not be started. */
    final void hasEnded() {
        running.set(false);
    }

    @Override
    public final void run() {
        try {
            Duration pause = Duration.ZERO;
            while (!session.isClosed() && !pause.isNegative()) {
                wakeUp.await(pause);
                if (!session.isClosed()) {
                    pause = stepSafely();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // the container wants its thread back
        } finally {
            hasEnded();
            endSafely();
        }
    }

    private Duration stepSafely() throws InterruptedException {
        try {
            Duration pause = step();
            session.health().answered();
            troubled = false;
            return pause;
        } catch (StoreException e) {
            if (!session.isClosed()) {
                session.health().failed(e);
            }
        } catch (RuntimeException | Error e) { // without this work no job would go on
            if (!troubled && !session.isClosed()) {
                troubled = true;
                OperatorMessage.JOB_STORE_WORK_FAILED.logFailure(
                        LOG, e, session.store().name());
            }
        }
        return session.times().poll();
    }

    private void endSafely() {
        try {
            end();
        } catch (StoreException | RuntimeException e) {
            LOG.log(Level.DEBUG, "The lease ends by itself", e);
        }
    }

    @Override
    public void release() {
        session.close();
    }
}
