package org.genaiconnector.ra.llm.limits;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;

/** Limits that count in memory, for one application server; all of that happens under one lock. */
public final class LocalLimits implements Limits {
    private final LongSupplier nanoClock;
    private final Book book;
    private final Object lock = new Object();
    private final Changes changes = new Changes();

    /**
     * Limits that nothing has used.
     *
     * @param nanoClock in nanoseconds from any moment; going back does no harm
     */
    public LocalLimits(List<LimitRule> rules, LongSupplier nanoClock) {
        this.nanoClock = nanoClock;
        this.book = new Book(rules, nanoClock.getAsLong());
    }

    @Override
    public void configure(List<LimitRule> rules) {
        synchronized (lock) {
            book.configure(rules, nanoClock.getAsLong());
        }
        changes.happen();
    }

    @Override
    public Decision reserve(CallKeys keys, Amount estimate) {
        synchronized (lock) {
            long now = nanoClock.getAsLong();
            List<Tally> concerned = book.concerned(keys, now);
            Optional<Refusal> refusal = Book.refusal(concerned, now, estimate);
            if (refusal.isPresent()) {
                return refusal.get();
            }
            Held held = new Held(concerned, now, estimate);
            return new Reservation(estimate, used -> settle(held, used));
        }
    }

    private void settle(Held held, Amount used) {
        synchronized (lock) {
            held.settle(nanoClock.getAsLong(), used);
        }
        changes.happen();
    }

    @Override
    public long changes() {
        return changes.count();
    }

    @Override
    public void await(long seen, Duration longest) throws InterruptedException {
        changes.await(seen, longest);
    }

    @Override
    public List<LimitFigure> figures() {
        synchronized (lock) {
            return book.figures(nanoClock.getAsLong());
        }
    }

    /** Nothing to release; the adapter closes what its factories share. */
    @Override
    public void close() {
        // only memory
    }
}
