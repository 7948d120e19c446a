package org.genaiconnector.ra.comfyui.durable;

import jakarta.resource.spi.work.Work;
import jakarta.resource.spi.work.WorkException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import org.genaiconnector.ra.database.StoreException;
import org.genaiconnector.ra.messages.OperatorMessage;

/** A work that does something in a store again and again until the session is closed. Failures only delay it. */
public abstract class StoreWork implements Work {
    /** Result of a step that was the last one. */
    protected static final Duration ENDED = Duration.ofNanos(-1);

    private static final Logger LOG = System.getLogger(StoreWork.class.getName());

    private final StoreSession session;
    private final WakeUp wakeUp = new WakeUp();
    private final AtomicBoolean running = new AtomicBoolean();
    private boolean troubled;

    /** One that does not run yet. */
    protected StoreWork(StoreSession session) {
        this.session = session;
    }

    /**
     * Does what there is to do now.
     *
     * @return how long it may be before the next step if nobody calls; negative, as {@link #ENDED}, if there will be none
     */
    protected abstract Duration step() throws StoreException, InterruptedException;

    /** Called once after the last step. */
    protected void end() throws StoreException {}

    /** How long it may be before the next step if there is nothing special to do. */
    protected final Duration poll() {
        return session.times().poll();
    }

    /** Starts it on a thread of the application server, unless it runs. */
    public final void start() throws WorkException {
        if (running.compareAndSet(false, true)) {
            boolean started = false;
            try {
                session.services().startWork(this);
                started = true;
            } finally {
                if (!started) {
                    running.set(false);
                }
            }
        }
    }

    /** Lets the next step begin at once. */
    public final void wake() {
        wakeUp.call();
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
            running.set(false);
            endSafely();
        }
    }

    private Duration stepSafely() throws InterruptedException {
        try {
            Duration pause = step();
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
