package org.genaiconnector.ra.llm.limits;

import java.time.Duration;
import java.util.List;

/**
 * All limits, and what they have counted. A call reserves in every limit that concerns it, or in none, so no number of callers can
 * exceed a limit together. New rules keep what was counted. All threads may use it.
 */
public interface Limits extends AutoCloseable {

    /**
     * Sets other rules. What was counted for the same name and measure stays.
     *
     * @param rules at most one for each scope and name
     */
    void configure(List<LimitRule> rules);

    /**
     * Reserves what a call will probably use.
     *
     * @param keys what the call belongs to
     * @param estimate rather too much than too little: what is too much is given back when the call has ended
     * @return a {@link Reservation}, or the {@link Refusal} of the limit that opens last, with nothing reserved
     */
    Decision reserve(CallKeys keys, Amount estimate);

    /**
     * How often calls have ended and rules have changed.
     *
     * @return for {@link #await}
     */
    long changes();

    /**
     * Waits until a call has ended or other rules hold, or until it is worth to ask again.
     *
     * @param seen what {@link #changes} was before the refusal that is waited for
     * @param longest of the wait
     * @throws InterruptedException if the thread is interrupted
     */
    void await(long seen, Duration longest) throws InterruptedException;

    /**
     * What all limits have counted.
     *
     * @return in the order of scopes, then of first calls
     */
    List<LimitFigure> figures();

    @Override
    void close();
}
