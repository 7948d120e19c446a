package org.genaiconnector.ra.llm.limits;

import java.util.List;

/** What a call has reserved. It must be settled once the call has ended, however it ended. All threads may use it. */
public final class Reservation implements Decision {
    private final Limits limits;
    private final List<Tally> tallies;
    private final long[] places;
    private final Amount reserved;

    /** Guarded by the lock of the limits. */
    private boolean settled;

    Reservation(Limits limits, List<Tally> tallies, long[] places, Amount reserved) {
        this.limits = limits;
        this.tallies = tallies;
        this.places = places;
        this.reserved = reserved;
    }

    /**
     * What was reserved.
     *
     * @return by estimate
     */
    public Amount reserved() {
        return reserved;
    }

    /**
     * The call has ended. A second call does nothing.
     *
     * @param used what it has used; {@link Amount#NONE} gives tokens and money back, but the request counts
     */
    public void settle(Amount used) {
        limits.settle(this, used);
    }

    /** The call was not made. A second call does nothing. */
    public void cancel() {
        limits.settle(this, null);
    }

    /** @param used null if the call was not made */
    boolean apply(long now, Amount used) {
        if (settled) {
            return false;
        }
        settled = true;
        for (int i = 0; i < tallies.size(); i++) {
            tallies.get(i).settle(now, places[i], reserved, used);
        }
        return true;
    }
}
