package org.genaiconnector.ra.llm.limits;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** What one measure of one limit has counted. Guarded by the lock of the limits. */
final class Tally {
    private final Scope scope;
    private final String name;
    private final Measure measure;

    /** Null if it counts calls under way. */
    private final SlidingWindow window;

    /** What calls under way hold here: their number, or what they have reserved and may give back. */
    private long held;

    /** The same of other application servers, with the ends of their leases, as they were read. */
    private final Map<String, Holding> elsewhere = new HashMap<>(0);

    private long heldElsewhere;

    /** What is held here as it was sent to the rows, and as it was written for sure. */
    private long sent;

    private long written;

    private record Holding(long amount, long until) {}

    private long most;
    private boolean shadow;
    private long refused;

    Tally(Scope scope, String name, Measure measure, long now) {
        this.scope = scope;
        this.name = name;
        this.measure = measure;
        this.window = measure.isConcurrent() ? null : new SlidingWindow(measure.window(), now);
    }

    /** What the configuration says now. */
    void limit(long allowed, boolean onlyCounts) {
        most = allowed;
        shadow = onlyCounts;
    }

    private long used(long now) {
        return window == null ? held + heldElsewhere : window.sum(now);
    }

    /** A call that alone needs more than the limit allows is let through when nothing else counts: its need is a guess. */
    private long room(Amount estimate) {
        return Math.max(0, most - measure.of(estimate));
    }

    /** Why a call must wait; empty if it need not. */
    Optional<Refusal> check(long now, Amount estimate) {
        if (used(now) <= room(estimate)) {
            return Optional.empty();
        }
        refused++;
        if (shadow) {
            return Optional.empty();
        }
        return Optional.of(new Refusal(scope, name, measure, most, opens(now, room(estimate))));
    }

    /** Empty if it opens once calls under way have given back what they do not need. */
    private Optional<Duration> opens(long now, long rest) {
        long reserved = held + heldElsewhere;
        boolean mayOpen = window == null || window.sum(now) - reserved <= rest;
        return mayOpen ? Optional.empty() : Optional.of(Duration.ofNanos(window.nanosUntil(now, rest + reserved)));
    }

    /** @return for {@link #settle} */
    long reserve(long now, Amount estimate) {
        held += held(estimate);
        return window == null ? 0 : window.add(now, measure.of(estimate));
    }

    private long held(Amount estimate) {
        return window == null ? 1 : measure.returned(estimate);
    }

    /**
     * A call has ended.
     *
     * @param used null if it was not made
     * @param again whether this may have been done before: then nothing is given back
     */
    void settle(long now, long place, Amount estimate, Amount used, boolean again) {
        held = Math.max(0, held - held(estimate)); // others may have taken it for that of a dead one
        long more = (used == null ? 0 : measure.of(used)) - measure.of(estimate);
        if (window != null && (more > 0 || more < 0 && !again)) {
            window.correct(now, place, more);
        }
    }

    /** Calls have ended that were not counted. */
    void add(long now, long calls, Amount used) {
        if (window != null) {
            window.add(now, measure.of(calls, used));
        }
    }

    // ---- shared with other application servers

    LimitRows.Key key() {
        return new LimitRows.Key(scope, name);
    }

    Measure measure() {
        return measure;
    }

    /** Whether calls under way hold something here. */
    boolean isHeld() {
        return held > 0;
    }

    /** Whether nothing counts any more. */
    boolean isEmpty(long now) {
        return used(now) == 0 && held + heldElsewhere == 0;
    }

    /**
     * What it has counted, to be written as a part of {@link RowText}.
     *
     * @param instance that writes
     * @param until end of its lease, in milliseconds
     */
    String send(String instance, long until) {
        sent = held;
        StringBuilder text = new StringBuilder(window == null ? "" : window.text());
        char before = '|';
        if (held > 0) {
            text.append(before)
                    .append(instance)
                    .append('=')
                    .append(held)
                    .append('@')
                    .append(until);
            before = ',';
        }
        for (Map.Entry<String, Holding> other : elsewhere.entrySet()) {
            text.append(before)
                    .append(other.getKey())
                    .append('=')
                    .append(other.getValue().amount());
            text.append('@').append(other.getValue().until());
            before = ',';
        }
        return text.toString();
    }

    /** What was sent last is written. */
    void written() {
        written = sent;
    }

    /**
     * Takes what was read in place of its own. What instances hold whose lease is over is released.
     *
     * @param text as {@link #send} makes it; empty if nothing was counted
     * @param instance that reads
     * @param now of the clock of the leases, in nanoseconds
     * @return whether the clock has gone back so far that this is something else than what was read
     */
    boolean restore(String text, String instance, long now) {
        int bar = text.indexOf('|');
        boolean moved = window != null && window.restore(bar < 0 ? text : text.substring(0, bar), now);
        held = 0;
        heldElsewhere = 0;
        elsewhere.clear();
        for (String each : bar < 0 ? new String[0] : text.substring(bar + 1).split(",")) {
            int equals = each.indexOf('=');
            int at = each.indexOf('@');
            String holder = each.substring(0, equals);
            Holding holding =
                    new Holding(Long.parseLong(each.substring(equals + 1, at)), Long.parseLong(each.substring(at + 1)));
            if (holder.equals(instance)) {
                held = written; // the row may be of a write that is to be done again
            } else if (holding.until() >= TimeUnit.NANOSECONDS.toMillis(now)) {
                elsewhere.put(holder, holding);
                heldElsewhere += holding.amount();
            }
        }
        return moved;
    }

    LimitFigure figure(long now) {
        return new LimitFigure(scope, name, measure, most, used(now), refused, shadow);
    }
}
