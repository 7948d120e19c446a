package org.genaiconnector.ra.llm.limits;

import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import org.genaiconnector.FailureCategory;
import org.genaiconnector.GenAiException;

/**
 * A call may not be made now.
 *
 * @param scope of the limit
 * @param name of what the limit belongs to
 * @param measure of the limit
 * @param most what the limit allows
 * @param opens when the limit lets such a call through, if nothing else happens; empty if that depends on calls that are
 *     under way
 */
public record Refusal(Scope scope, String name, Measure measure, long most, Optional<Duration> opens)
        implements Decision {

    public Refusal {
        Objects.requireNonNull(opens, "opens");
    }

    /**
     * How long the limit keeps such a call for sure.
     *
     * @return zero if it may open at any time, since that depends on calls under way
     */
    public Duration untilOpen() {
        return opens.orElse(Duration.ZERO);
    }

    /**
     * Whether the call would be refused at every target.
     *
     * @return false also for budgets in money, since another target may be cheaper
     */
    public boolean isForAllTargets() {
        return scope != Scope.TARGET && scope != Scope.KEY && !measure.isCost();
    }

    /** Rounded up. */
    private static String shown(Duration time) {
        if (time.compareTo(Duration.ofMinutes(2)) <= 0) {
            return Math.max(1, time.toMillis()) + " ms";
        }
        Duration minutes = time.plusMinutes(1).minusNanos(1);
        return (minutes.toHours() > 0 ? minutes.toHours() + " h " : "") + minutes.toMinutesPart() + " min";
    }

    /**
     * The failure of the call.
     *
     * @return of category {@code RATE_LIMIT}, or {@code BUDGET} for what counts for an hour or longer
     */
    public GenAiException failure() {
        FailureCategory category = measure.refusal();
        return new GenAiException(
                category,
                "The limit of " + measure.shown(most) + " " + measure.word() + " for " + scope.word() + " "
                        + (name.isEmpty() ? "(unknown)" : name) + " is used up"
                        + opens.map(time -> "; it opens again in " + shown(time))
                                .orElse("; it opens when one of the calls under way ends")
                        + " (limits of the targets)",
                null,
                category.isRetryable(),
                opens.orElse(null),
                null,
                null);
    }
}
