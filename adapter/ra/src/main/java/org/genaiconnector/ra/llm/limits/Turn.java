package org.genaiconnector.ra.llm.limits;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** One thread at a time does what all wait for. Who wants his turn gets it before those who would merely take it. */
final class Turn {
    private boolean taken;
    private int waiting;

    /**
     * Waits for the turn.
     *
     * @param over what ends the wait; looked at whenever a turn has ended
     * @return false if it has not come in time, or the wait is over
     */
    synchronized boolean await(BooleanSupplier over, Duration longest) throws InterruptedException {
        long end = System.nanoTime() + longest.toNanos();
        waiting++;
        try {
            for (long left = longest.toNanos();
                    taken && !over.getAsBoolean() && left > 0;
                    left = end - System.nanoTime()) {
                TimeUnit.NANOSECONDS.timedWait(this, left);
            }
            return !over.getAsBoolean() && take();
        } finally {
            waiting--;
        }
    }

    private boolean take() {
        boolean free = !taken;
        taken = true;
        return free;
    }

    /** Takes it if nobody has it or waits for it. */
    synchronized boolean tryTake() {
        return waiting == 0 && take();
    }

    synchronized boolean isTaken() {
        return taken;
    }

    synchronized boolean isAwaited() {
        return waiting > 0;
    }

    /** Gives it back. */
    synchronized void end() {
        taken = false;
        notifyAll();
    }

    /** Lets those who wait look whether their wait is over. */
    synchronized void look() {
        notifyAll();
    }
}
