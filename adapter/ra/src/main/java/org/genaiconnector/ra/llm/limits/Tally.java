package org.genaiconnector.ra.llm.limits;

import java.time.Duration;
import java.util.Optional;

/** What one measure of one limit has counted. Guarded by the lock of the limits. */
final class Tally {
    private final Scope scope;
    private final String name;
    private final Measure measure;

    /** Null if it counts calls under way. */
    private final SlidingWindow window;

    private long underWay;

    /** What calls under way have reserved and may give back. */
    private long reserved;

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
        return window == null ? underWay : window.sum(now);
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
        boolean mayOpen = window == null || window.sum(now) - reserved <= rest;
        return mayOpen ? Optional.empty() : Optional.of(Duration.ofNanos(window.nanosUntil(now, rest + reserved)));
    }

    /** @return for {@link #settle} */
    long reserve(long now, Amount estimate) {
        if (window == null) {
            underWay++;
            return 0;
        }
        reserved += measure.returned(estimate);
        return window.add(now, measure.of(estimate));
    }

    /** @param used null if the call was not made */
    void settle(long now, long place, Amount estimate, Amount used) {
        if (window == null) {
            underWay--;
        } else {
            reserved -= measure.returned(estimate);
            long spent = used == null ? 0 : measure.of(used);
            if (spent != measure.of(estimate)) {
                window.correct(now, place, spent - measure.of(estimate));
            }
        }
    }

    LimitFigure figure(long now) {
        return new LimitFigure(scope, name, measure, most, used(now), refused, shadow);
    }
}
