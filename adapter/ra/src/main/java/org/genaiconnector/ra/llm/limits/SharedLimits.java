package org.genaiconnector.ra.llm.limits;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;

/**
 * Limits that hold over several application servers: what they have counted is in {@link LimitRows}. One thread at a time reads the
 * rows that concern the calls which wait, does the arithmetic for all of them, and writes what has changed unless another application server
 * was faster; then it does it again.
 *
 * <p>If the rows cannot be reached, this application server counts by itself, beginning with what it knows, and adds what was used
 * once they answer again. What it then counts may count twice, but never not at all. The clock is that of the rows.
 */
public final class SharedLimits implements Limits {
    private static final int MOST_AT_ONCE = 200;
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

    private final LimitRows rows;
    private final Health health;
    private final LongSupplier nanoTime;
    private final Changes changes = new Changes();
    private final Queue<Pending> waiting = new ConcurrentLinkedQueue<>();
    private final ReentrantLock leading = new ReentrantLock();

    /** Also the lock of all that follows. */
    private final SharedBook book;

    /** In their order. */
    private final Set<Pending> unsaved = new LinkedHashSet<>();

    /** What calls have used that were counted here only. */
    private final Map<CallKeys, Pending.Spent> spentAlone = new HashMap<>();

    /** Whether what is being saved is done in the book. */
    private boolean applied;

    private long figuresAt;

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
        this.rows = rows;
        this.health = health;
        this.nanoTime = nanoTime;
        this.figuresAt = nanoTime.getAsLong() - FIGURES_STAY.toNanos();
        this.book = new SharedBook(instance, lease, nanoTime);
    }

    @Override
    public void configure(List<LimitRule> rules) {
        synchronized (book) {
            book.book().configure(rules, book.now());
        }
        changes.happen();
    }

    private boolean isResting() {
        return alone && nanoTime.getAsLong() - retryAt < 0;
    }

    @Override
    public Decision reserve(CallKeys keys, Amount estimate) {
        synchronized (book) {
            if (book.book().concerned(keys, book.now()).isEmpty()) {
                return new Reservation(estimate, used -> {});
            }
        }
        if (isResting()) {
            return reserveAlone(keys, estimate);
        }
        Pending.Ask ask = new Pending.Ask(keys, estimate);
        waiting.add(ask);
        if (awaitLead()) {
            try {
                while (!ask.answered) { // written by whoever led
                    lead();
                }
            } finally {
                leading.unlock();
            }
            work();
        }
        return decision(ask);
    }

    private boolean awaitLead() {
        try {
            return leading.tryLock(PATIENCE.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // the call itself will notice
            return false;
        }
    }

    private Decision decision(Pending.Ask ask) {
        synchronized (book) {
            ask.abandoned = !ask.answered;
            if (!ask.abandoned && ask.refusal.isPresent()) {
                return ask.refusal.get();
            }
            if (!ask.abandoned && ask.held != null) {
                Held held = ask.held;
                return new Reservation(ask.estimate, used -> end(new Pending.End(held, used)));
            }
        }
        return reserveAlone(ask.keys, ask.estimate);
    }

    private void end(Pending.End end) {
        if (isResting()) {
            synchronized (book) {
                book.apply(end);
                unsaved.add(end);
            }
            changes.happen();
        } else {
            waiting.add(end);
            work();
        }
    }

    // ---- without the rows

    private Decision reserveAlone(CallKeys keys, Amount estimate) {
        synchronized (book) {
            Pending.Ask ask = new Pending.Ask(keys, estimate);
            if (!book.apply(ask)) {
                return ask.refusal.orElseThrow();
            }
            Pending.Late late = new Pending.Late(keys, estimate, ask.held);
            unsaved.add(late);
            return new Reservation(estimate, used -> endAlone(late, used));
        }
    }

    private void endAlone(Pending.Late late, Amount used) {
        synchronized (book) {
            late.ended = true;
            late.used = used;
            if (late.saved) {
                waiting.add(new Pending.End(late.held, used));
            } else if (unsaved.remove(late)) { // otherwise it is being saved
                late.held.settle(book.now(), used);
                spend(late);
            }
        }
        changes.happen();
        work();
    }

    private void spend(Pending.Late late) {
        if (late.used != null) {
            spentAlone.computeIfAbsent(late.keys, Pending.Spent::new).add(late.used);
        }
    }

    // ---- with the rows

    /** Does what waits, unless another thread does it. */
    private void work() {
        while (hasWork() && !isResting() && leading.tryLock()) {
            try {
                lead();
            } finally {
                leading.unlock();
            }
        }
    }

    private boolean hasWork() {
        synchronized (book) {
            return !waiting.isEmpty() || !unsaved.isEmpty() || !spentAlone.isEmpty();
        }
    }

    /** By the thread that leads. */
    private void lead() {
        List<Pending> batch = new ArrayList<>();
        synchronized (book) {
            batch.addAll(unsaved);
            unsaved.clear();
            batch.addAll(spentAlone.values());
            spentAlone.clear();
        }
        for (Pending op = waiting.poll(); op != null; op = batch.size() < MOST_AT_ONCE ? waiting.poll() : null) {
            batch.add(op);
        }
        if (!batch.isEmpty()) {
            lead(batch);
        }
    }

    private void lead(List<Pending> batch) {
        applied = false;
        boolean ended = false;
        try {
            if (!isResting() && save(batch)) {
                alone = false;
                health.works();
            }
            ended = !isResting();
        } catch (LimitRows.UnreachableException e) {
            health.failed(e);
        } finally {
            if (ended) {
                complete(batch);
            } else {
                leave(batch);
            }
        }
        if (batch.stream().anyMatch(Pending.End.class::isInstance)) {
            changes.happen();
        }
    }

    private void complete(List<Pending> batch) {
        synchronized (book) {
            for (Pending op : batch) {
                if (op instanceof Pending.Ask ask) {
                    ask.answered = !ask.abandoned;
                    if (ask.abandoned && ask.held != null) {
                        waiting.add(new Pending.End(ask.held, null));
                    }
                } else if (op instanceof Pending.Late late) {
                    late.saved = true;
                    if (late.ended) {
                        waiting.add(new Pending.End(late.held, late.used));
                    }
                }
            }
        }
    }

    /** Leaves the rows alone for a while, since they cannot be reached. */
    private void rest() {
        synchronized (book) {
            if (!isResting()) {
                retryAt = nanoTime.getAsLong() + PAUSE.toNanos();
                alone = true;
            }
        }
    }

    /** What could not be saved waits, or is counted here. */
    private void leave(List<Pending> batch) {
        synchronized (book) {
            rest();
            for (Pending op : batch) {
                if (op instanceof Pending.Ask ask) {
                    if (ask.held != null) {
                        ask.held.settle(book.now(), null);
                    }
                    ask.refusal = Optional.empty();
                    ask.held = null;
                    ask.answered = true; // by nothing, so that it is counted here
                } else if (op instanceof Pending.Spent spent) {
                    Pending.Spent later = spentAlone.putIfAbsent(spent.keys, spent);
                    if (later != null) {
                        later.add(spent);
                    }
                } else if (op instanceof Pending.Late late && late.ended) {
                    spend(late);
                } else if (op instanceof Pending.Late) {
                    unsaved.add(op);
                } else if (op instanceof Pending.End) {
                    if (!applied) {
                        book.apply(op);
                    }
                    unsaved.add(op);
                }
            }
        }
    }

    /** Tells whether there was anything to save. */
    private boolean save(List<Pending> batch) throws LimitRows.UnreachableException {
        for (int tries = 1; tries <= MOST_CONFLICTS; tries++) {
            Set<LimitRows.Key> keys;
            synchronized (book) {
                keys = book.keys(batch);
            }
            if (keys.isEmpty()) {
                return false;
            }
            LimitRows.Seen seen = rows.read(keys);
            List<LimitRows.Row> changed;
            synchronized (book) {
                changed = book.apply(batch, keys, seen);
                applied = true;
            }
            if (changed.isEmpty() || rows.write(changed)) {
                return true;
            }
            pause(tries);
        }
        throw new LimitRows.UnreachableException(
                "Other application servers have changed the counts " + MOST_CONFLICTS + " times while this one did",
                null);
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
        if (held && !isResting()) {
            waiting.add(new Pending.Renewal());
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
            rest();
            health.failed(e);
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
            rest();
            health.failed(e);
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
