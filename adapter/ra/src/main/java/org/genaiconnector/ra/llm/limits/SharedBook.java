package org.genaiconnector.ra.llm.limits;

import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/** A book whose counts are those of rows, with the clock of these as far as it is known. Not safe for use by several threads. */
final class SharedBook {
    private final Book book = new Book(List.of(), 0);
    private final String instance;
    private final Duration lease;
    private final LongSupplier nanoTime;
    private long rowsNow;
    private long rowsNowAt;

    SharedBook(String instance, Duration lease, LongSupplier nanoTime) {
        this.instance = instance;
        this.lease = lease;
        this.nanoTime = nanoTime;
        this.rowsNowAt = nanoTime.getAsLong();
    }

    Book book() {
        return book;
    }

    /** The clock of the rows, in nanoseconds. */
    long now() {
        return rowsNow + nanoTime.getAsLong() - rowsNowAt;
    }

    /** Does something with what is known here. Tells whether it has changed a count. */
    boolean apply(Pending one) {
        return one.apply(book, now());
    }

    /** The rows that concern something. */
    Set<LimitRows.Key> keys(Collection<Pending> batch) {
        Set<LimitRows.Key> keys = new LinkedHashSet<>();
        batch.forEach(one -> one.concerned(book, now()).forEach(tally -> keys.add(tally.key())));
        return keys;
    }

    /**
     * Takes rows as they were read, and does something with them.
     *
     * @param keys that were asked for
     * @return the rows that have changed by that; empty if it concerns others now
     */
    Optional<List<LimitRows.Row>> apply(Collection<Pending> batch, Set<LimitRows.Key> keys, LimitRows.Seen seen)
            throws LimitRows.UnreachableException {
        Map<LimitRows.Key, LimitRows.Row> known = new LinkedHashMap<>();
        keys.forEach(key -> known.put(key, new LimitRows.Row(key, 0, "", 0)));
        seen.rows().forEach(row -> known.put(row.key(), row));
        Set<LimitRows.Key> changed = restore(seen.now(), known.values());
        if (!keys.containsAll(keys(batch))) {
            return Optional.empty();
        }
        long now = rowsNow;
        for (Pending one : batch) {
            Collection<Tally> concerned = one.concerned(book, now);
            if (one.apply(book, now)) {
                concerned.forEach(tally -> changed.add(tally.key()));
            }
        }
        return Optional.of(changed.stream().map(key -> row(known.get(key), now)).toList());
    }

    /** Rows that {@link #apply} has changed were written. */
    void written(Collection<LimitRows.Row> rows) {
        for (LimitRows.Row row : rows) {
            book.tallies(row.key().scope(), row.key().name(), now()).forEach(Tally::written);
        }
    }

    /**
     * Takes rows as they were read.
     *
     * @return those that are other than they were read, since the clock was wrong
     */
    Set<LimitRows.Key> restore(long nowMillis, Collection<LimitRows.Row> read) throws LimitRows.UnreachableException {
        Set<LimitRows.Key> moved = new LinkedHashSet<>();
        rowsNow = TimeUnit.MILLISECONDS.toNanos(nowMillis);
        rowsNowAt = nanoTime.getAsLong();
        for (LimitRows.Row row : read) {
            try {
                Map<Measure, String> parts = RowText.parts(row.counted());
                for (Tally tally : book.tallies(row.key().scope(), row.key().name(), rowsNow)) {
                    if (tally.restore(parts.getOrDefault(tally.measure(), ""), instance, rowsNow)) {
                        moved.add(row.key());
                    }
                }
            } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
                throw new LimitRows.UnreachableException(
                        "The row of genai_limit for " + row.key().scope().word() + " "
                                + row.key().name() + " cannot be read: " + e.getMessage(),
                        e);
            }
        }
        return moved;
    }

    private LimitRows.Row row(LimitRows.Row before, long now) {
        long millis = TimeUnit.NANOSECONDS.toMillis(now);
        long until = millis + lease.toMillis();
        Collection<Tally> tallies =
                book.tallies(before.key().scope(), before.key().name(), now);
        Map<Measure, String> parts = RowText.parts(before.counted());
        tallies.forEach(tally -> parts.remove(tally.measure()));
        parts.entrySet().removeIf(part -> isOver(before.key(), part.getKey(), part.getValue(), now));
        tallies.forEach(tally -> parts.put(tally.measure(), tally.send(instance, until)));
        long expires = until;
        for (Measure measure : parts.keySet()) {
            long window = measure.window().toMillis();
            expires = Math.max(expires, millis + window + window / SlidingWindow.SLICES);
        }
        return new LimitRows.Row(before.key(), before.version(), RowText.of(parts), expires);
    }

    /** Of measures that nothing limits here, others may still count. */
    private boolean isOver(LimitRows.Key key, Measure measure, String part, long now) {
        Tally tally = new Tally(key.scope(), key.name(), measure, now);
        tally.restore(part, instance, now);
        return tally.isEmpty(now);
    }
}
