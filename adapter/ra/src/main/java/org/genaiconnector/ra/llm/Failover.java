package org.genaiconnector.ra.llm;

import org.genaiconnector.FailureCategory;
import org.genaiconnector.GenAiException;
import org.genaiconnector.ra.http.Effect;
import org.genaiconnector.ra.http.FailureTrait;
import org.genaiconnector.ra.llm.targets.Route;

/** What follows when a target fails before the first event of its answer. */
enum Failover {
    /** The caller gets the failure: another target would fail as well, or might do and bill it a second time. */
    END,
    /** The next candidate is tried. */
    NEXT,
    /** A candidate with a larger context is tried. */
    LARGER;

    static Failover of(GenAiException failure, Route route) {
        FailureCategory category = failure.category();
        if (category == FailureCategory.CONTEXT_LENGTH) {
            return route.larger() ? LARGER : END;
        }
        if (!FailureTrait.OF_TARGET.of(category)) {
            return END;
        }
        boolean mayBeBilled = Effect.of(failure) == Effect.POSSIBLE;
        boolean late = category == FailureCategory.TIMEOUT_RESPONSE && route.afterTimeout();
        return mayBeBilled && !late ? END : NEXT;
    }
}
