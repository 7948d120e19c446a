package org.genaiconnector.ra.llm.limits;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;

/**
 * Limits that hold over several application servers: what they have counted is in {@link LimitRows}. One thread at a time reads the
 * rows that concern the calls which wait, does the arithmetic for all of them, and writes what has changed unless another application server
 * was faster; then it does it again.
 *
 * <p>If the rows cannot be reached, or do not answer in time, this application server counts by itself, beginning with what it knows,
 * and adds what was used once they answer again. What it then counts may count twice, but never not at all. The clock is that of the rows.
 */
public final class SharedLimits implements Limits {
    private static final int MOST_CONFLICTS = 100;
    private static final int MOST_FIGURES = 1_000;
    private static final long NANOS_OF_MILLI = 1_000_000;

    /** Whoever waits longer for the rows counts by itself. */
    private static final Duration PATIENCE = Duration.ofSeconds(3);

    /** Between tries to reach the rows. */
    private static final Duration PAUSE = Duration.ofSeconds(2);

    /** Other application servers give room without a sign. */
    private static final Duration LONGEST_WAIT = Duration.ofMillis(250);

    private static final Duration FIGURES_STAY = Duration.ofSeconds(1);

    /** Hears whether the rows can be reached. */
    public interface Health {
        /** They cannot; told for each failure. */
        void failed(LimitRows.UnreachableException failure);

        /** They can; told each time. */
        void works();
    }

    private enum Outcome {
        SAVED,
        NOT_SAVED,
        PERHAPS_SAVED
    }

    private final LimitRows rows;
    private final Health health;
    private final Duration patience;
    private final LongSupplier nanoTime;
    private final Changes changes = new Changes();

    /** Who has it reads and writes the rows. */
    private final Turn turn = new Turn();

    /** Of whose turn it is: what failed may be written nevertheless. */
    private boolean writing;

    /** Also the lock of itself, of the backlog and of what is pending. */
    private final SharedBook book;

    private final Backlog backlog;
    private long figuresAt;

    /** Whether the rows were not reached the last time. */
    private volatile boolean alone;

    private volatile long retryAt;

    /**
     * Limits as the rows have them.
     *
     * @param instance unique for each run of an adapter
     * @param lease how long calls under way hold what they have without a {@link #renew}
     * @param nanoTime clock in nanoseconds, such as {@link System#nanoTime()}
     */
    public SharedLimits(LimitRows rows, Health health, String instance, Duration lease, LongSupplier nanoTime) {
        this(rows, health, instance, lease, PATIENCE, nanoTime);
    }

    SharedLimits(
            LimitRows rows, Health health, String instance, Duration lease, Duration patience, LongSupplier nanoTime) {
        this.rows = rows;
        this.patience = patience;
        this.health = health;
        this.nanoTime = nanoTime;
        this.figuresAt = nanoTime.getAsLong() - FIGURES_STAY.toNanos();
        this.book = new SharedBook(instance, lease, nanoTime);
        this.backlog = new Backlog(book);
    }

    @Override
    public void configure(List<LimitRule> rules) {
        synchronized (book) {
            book.book().configure(rules, book.now());
        }
        changes.happen();
    }

    // ---- calls

    @Override
    public Decision reserve(CallKeys keys, Amount estimate) {
        synchronized (book) {
            if (book.book().concerned(keys, book.now()).isEmpty()) {
                return new Reservation(estimate, used -> {});
            }
        }
        if (isAlone()) {
            return reserveAlone(keys, estimate);
        }
        Pending.Ask ask = new Pending.Ask(keys, estimate);
        backlog.add(ask);
        awaitAnswer(ask);
        work();
        synchronized (book) {
            ask.abandon();
            if (ask.refusal().isPresent()) {
                return ask.refusal().get();
            }
            if (ask.held() != null) {
                Held held = ask.held();
                return new Reservation(estimate, used -> end(new Pending.End(held, used)));
            }
        }
        return reserveAlone(keys, estimate);
    }

    /** Returns without an answer if there is none in time. */
    private void awaitAnswer(Pending.Ask ask) {
        try {
            while (!ask.isAnswered()) {
                if (turn.await(ask::isAnswered, patience)) {
                    lead();
                } else if (!ask.isAnswered()) {
                    waitNoLonger();
                    return;
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // the call itself will notice
        }
    }

    private void end(Pending.End end) {
        backlog.add(end);
        if (isAlone()) {
            countFresh();
        }
        work();
    }

    private Decision reserveAlone(CallKeys keys, Amount estimate) {
        synchronized (book) {
            Pending.Ask ask = new Pending.Ask(keys, estimate);
            if (!book.apply(ask)) {
                return ask.refusal().orElseThrow();
            }
            Pending.Late late = new Pending.Late(keys, estimate, ask.held());
            backlog.keep(late);
            return new Reservation(estimate, used -> endAlone(late, used));
        }
    }

    private void endAlone(Pending.Late late, Amount used) {
        synchronized (book) {
            late.end(backlog, book.now(), used);
        }
        changes.happen();
        work();
    }

    /** Whether anybody waits for the rows. */
    boolean isAwaited() {
        return turn.isAwaited();
    }

    // ---- whether the rows answer

    /** They are left in peace for a while, since they could not be reached. */
    private boolean isResting() {
        return alone && nanoTime.getAsLong() - retryAt < 0;
    }

    /** Nobody waits for the one who tries again. */
    private boolean isAlone() {
        return alone && (isResting() || turn.isTaken());
    }

    private void failed(LimitRows.UnreachableException failure) {
        retryAt = nanoTime.getAsLong() + PAUSE.toNanos();
        alone = true;
        health.failed(failure);
    }

    /** The one whose turn it is has got no answer for too long. */
    private void waitNoLonger() {
        failed(new LimitRows.UnreachableException(
                "The database has not answered within " + patience.toMillis() + " ms", null));
        countFresh();
        turn.look();
    }

    private void countFresh() {
        synchronized (book) {
            backlog.takeAllFresh().forEach(one -> one.notSaved(backlog, book.now(), false));
        }
        changes.happen();
    }

    // ---- with the rows

    /** Does what is to be done, unless another thread does it. */
    private void work() {
        while (hasWork() && !isResting() && turn.tryTake()) {
            lead();
        }
    }

    private boolean hasWork() {
        synchronized (book) {
            return !backlog.isEmpty();
        }
    }

    /** Uses the turn that this thread has. */
    private void lead() {
        try {
            List<Pending> batch;
            synchronized (book) {
                batch = backlog.take();
            }
            if (!batch.isEmpty()) {
                lead(batch);
            }
        } finally {
            turn.end();
        }
    }

    private void lead(List<Pending> batch) {
        Outcome outcome = Outcome.PERHAPS_SAVED;
        try {
            outcome = isResting() ? Outcome.NOT_SAVED : save(batch);
        } finally {
            boolean perhaps = outcome == Outcome.PERHAPS_SAVED;
            synchronized (book) {
                for (Pending one : batch) {
                    if (outcome == Outcome.SAVED) {
                        one.saved(backlog);
                    } else {
                        one.notSaved(backlog, book.now(), perhaps);
                    }
                }
            }
        }
        if (batch.stream().anyMatch(Pending::isEnd)) {
            changes.happen();
        }
    }

    private Outcome save(List<Pending> batch) {
        writing = false;
        try {
            for (int tries = 1; !isSaved(batch); tries++) {
                if (tries == MOST_CONFLICTS) {
                    throw new LimitRows.UnreachableException(
                            "Other application servers have changed the counts " + tries + " times while this one did",
                            null);
                }
                pause(tries);
            }
            return Outcome.SAVED;
        } catch (LimitRows.UnreachableException e) {
            failed(e);
            return writing ? Outcome.PERHAPS_SAVED : Outcome.NOT_SAVED;
        }
    }

    /** Tells false if rows or rules have changed meanwhile. */
    private boolean isSaved(List<Pending> batch) throws LimitRows.UnreachableException {
        Set<LimitRows.Key> keys;
        synchronized (book) {
            keys = book.keys(batch);
        }
        if (keys.isEmpty()) {
            return true;
        }
        LimitRows.Seen seen = rows.read(keys);
        Optional<List<LimitRows.Row>> changed;
        synchronized (book) {
            changed = book.apply(batch, keys, seen);
        }
        if (changed.isEmpty() || !isWritten(changed.get())) {
            return false;
        }
        alone = false;
        health.works();
        return true;
    }

    private boolean isWritten(List<LimitRows.Row> changed) throws LimitRows.UnreachableException {
        if (changed.isEmpty()) {
            return true;
        }
        writing = true;
        boolean written = rows.write(changed);
        writing = false;
        if (written) {
            synchronized (book) {
                book.written(changed);
            }
        }
        return written;
    }

    /** So that others are through before the next try. */
    private static void pause(int tries) {
        LockSupport.parkNanos(ThreadLocalRandom.current().nextLong(1 + Math.min(tries, 20) * NANOS_OF_MILLI));
    }

    /** Keeps what calls under way hold, and tries to reach the rows again. To be called every third of the lease. */
    public void renew() {
        boolean held;
        synchronized (book) {
            held = book.book().all().stream().anyMatch(Tally::isHeld);
        }
        if (held && !isAlone()) {
            backlog.add(new Pending.Renewal());
        }
        work();
    }

    /** Deletes rows of which nothing counts. To be called now and then. */
    public void purge() {
        if (isResting()) {
            return;
        }
        try {
            rows.purge();
        } catch (LimitRows.UnreachableException e) {
            failed(e);
        }
    }

    @Override
    public long changes() {
        return changes.count();
    }

    @Override
    public void await(long seen, Duration longest) throws InterruptedException {
        changes.await(seen, longest.compareTo(LONGEST_WAIT) < 0 ? longest : LONGEST_WAIT);
    }

    /** As the rows have them, for at most {@value #MOST_FIGURES} names. */
    @Override
    public List<LimitFigure> figures() {
        try {
            readFigures();
        } catch (LimitRows.UnreachableException e) {
            failed(e);
        }
        synchronized (book) {
            return book.book().figures(book.now());
        }
    }

    private void readFigures() throws LimitRows.UnreachableException {
        synchronized (book) {
            if (isResting() || nanoTime.getAsLong() - figuresAt < FIGURES_STAY.toNanos()) {
                return;
            }
            figuresAt = nanoTime.getAsLong();
        }
        LimitRows.Seen seen = rows.readAll(MOST_FIGURES);
        synchronized (book) {
            if (!alone) {
                book.restore(seen.now(), seen.rows());
            }
        }
    }

    /** Gives back what waits to be given back. What calls hold that end later is released when the lease is over. */
    @Override
    public void close() {
        work();
    }
}
