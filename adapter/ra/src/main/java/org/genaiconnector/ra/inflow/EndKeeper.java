package org.genaiconnector.ra.inflow;

import java.time.Duration;
import java.util.Optional;

/**
 * Keeps the ends that a bean is to receive until it has taken them, or they are given up: in memory, or in a job store. Any thread.
 */
interface EndKeeper {
    /** The context of the span in which its job was submitted; asked only if somebody wants traces. */
    Optional<String> trace(Notice.End end);

    /** Whether an end may still be delivered by this activation. */
    boolean holds(Notice.End end);

    /**
     * The bean has returned, and the calling thread is in the transaction of the delivery.
     *
     * @return whether the end counts as taken if that is committed; else {@link #taken} says it afterwards
     * @throws UndeliveredException if the transaction must not be committed
     */
    boolean acknowledge(Notice.End end) throws UndeliveredException;

    /**
     * The bean has taken an end.
     *
     * @param acknowledged what {@link #acknowledge} has returned; false if it was not asked
     */
    void taken(Notice.End end, boolean acknowledged);

    /** A delivery has failed; there is to be another. */
    void failed(Notice.End end, Duration delay, UndeliveredException why);

    /** The last delivery has failed. */
    void gaveUp(Notice.End end, UndeliveredException why);

    /** No delivery was attempted, because the bean is unavailable: nothing is delivered to it for a while. */
    void unavailable(Notice.End end, Duration pause);

    /** No delivery was attempted, and the activation will make none. */
    void returned(Notice.End end);
}
