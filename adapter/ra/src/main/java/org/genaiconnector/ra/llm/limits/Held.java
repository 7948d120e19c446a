package org.genaiconnector.ra.llm.limits;

import java.util.List;

/** What a call holds in the counts that concern it. Guarded as they are. */
final class Held {
    private final List<Tally> tallies;
    private final long[] places;
    private final Amount reserved;

    /** Reserves in all of them. */
    Held(List<Tally> tallies, long now, Amount reserved) {
        this.tallies = tallies;
        this.places = new long[tallies.size()];
        this.reserved = reserved;
        for (int i = 0; i < places.length; i++) {
            places[i] = tallies.get(i).reserve(now, reserved);
        }
    }

    List<Tally> tallies() {
        return tallies;
    }

    /**
     * The call has ended.
     *
     * @param used null if it was not made
     */
    void settle(long now, Amount used) {
        settle(now, used, false);
    }

    /**
     * The call has ended.
     *
     * @param used null if it was not made
     * @param again whether this may have been done before: then nothing is given back
     */
    void settle(long now, Amount used, boolean again) {
        for (int i = 0; i < places.length; i++) {
            tallies.get(i).settle(now, places[i], reserved, used, again);
        }
    }
}
