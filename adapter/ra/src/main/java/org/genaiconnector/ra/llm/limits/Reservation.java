package org.genaiconnector.ra.llm.limits;

import java.util.concurrent.atomic.AtomicBoolean;

/** What a call has reserved. It must be settled once the call has ended, however it ended. All threads may use it. */
public final class Reservation implements Decision {
    private final Amount reserved;
    private final Settlement settlement;
    private final AtomicBoolean settled = new AtomicBoolean();

    /** Settles it, once. */
    @FunctionalInterface
    interface Settlement {
        /** @param used null if the call was not made */
        void settle(Amount used);
    }

    Reservation(Amount reserved, Settlement settlement) {
        this.reserved = reserved;
        this.settlement = settlement;
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
        end(used);
    }

    /** The call was not made. A second call does nothing. */
    public void cancel() {
        end(null);
    }

    private void end(Amount used) {
        if (settled.compareAndSet(false, true)) {
            settlement.settle(used);
        }
    }
}
