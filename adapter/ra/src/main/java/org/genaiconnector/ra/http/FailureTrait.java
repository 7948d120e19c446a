package org.genaiconnector.ra.http;

import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import org.genaiconnector.FailureCategory;
import org.genaiconnector.GenAiException;

/**
 * What a failure means to the parts of the adapter that react to it. {@link #traits} is the one table: the circuit, the
 * health of a backend, the retries, the tracking of jobs, the catalogue and the targets use it. {@code docs/failures.md} shows it.
 */
public enum FailureTrait {
    /** The backend is sick: the circuit counts the failure. */
    SICK,
    /** There was no answer: the backend counts as down if a probe fails in this way. Only without an HTTP status. */
    DOWN,
    /**
     * The backend is the right one and works, although it refused a probe: connections to it are useful. Only with an
     * HTTP status.
     */
    USABLE,
    /**
     * The backend may have executed the request, see {@link Effect}. Only without an HTTP status, because a status is
     * more precise.
     */
    MAY_BE_DONE,
    /** Asking again may help, so a call is repeated that changes nothing. */
    REPEATED_IF_HARMLESS,
    /** The backend does not know the route, or the thing that the call names. */
    ROUTE_MISSING,
    /** The trouble is this backend's, or that of its configuration, not the request's: another one may answer. */
    OF_TARGET,
    /** The adapter ended the call, or did not begin it: this says nothing about the backend. Only without an HTTP status. */
    ENDED_HERE;

    private static final Map<FailureCategory, Set<FailureTrait>> TABLE = table();

    private static Map<FailureCategory, Set<FailureTrait>> table() {
        Map<FailureCategory, Set<FailureTrait>> table = new EnumMap<>(FailureCategory.class);
        for (FailureCategory category : FailureCategory.values()) {
            table.put(category, traits(category));
        }
        return table;
    }

    private static Set<FailureTrait> traits(FailureCategory category) {
        return switch (category) {
            case UNAVAILABLE -> EnumSet.of(SICK, DOWN, OF_TARGET);
            case TIMEOUT_CONNECT -> EnumSet.of(SICK, DOWN, OF_TARGET);
            case TIMEOUT_RESPONSE -> EnumSet.of(SICK, DOWN, MAY_BE_DONE, REPEATED_IF_HARMLESS, OF_TARGET);
            case TIMEOUT_SERVER -> EnumSet.of(OF_TARGET);
            // Not sick: the deadline is that of the whole operation, which may be the caller's impatience, or the sum
            // of
            // many healthy calls. A probe has a deadline of its own that any healthy backend meets.
            case DEADLINE -> EnumSet.of(DOWN, MAY_BE_DONE);
            case TLS -> EnumSet.of(DOWN, OF_TARGET);
            case PROXY -> EnumSet.of(DOWN, OF_TARGET);
            case COMMUNICATION -> EnumSet.of(SICK, DOWN, MAY_BE_DONE, REPEATED_IF_HARMLESS, OF_TARGET);
            case TRUNCATED -> EnumSet.of(DOWN, MAY_BE_DONE, REPEATED_IF_HARMLESS);
            case PROTOCOL -> EnumSet.of(MAY_BE_DONE);
            case INVALID_REQUEST -> none();
            case CONTEXT_LENGTH -> none();
            case CONTENT_FILTER -> none();
            case AUTHENTICATION -> EnumSet.of(OF_TARGET);
            case QUOTA -> EnumSet.of(USABLE, OF_TARGET);
            case BUDGET -> EnumSet.of(ENDED_HERE);
            // Usable: keys that may chat but not list models are common, and the probe lists models.
            case PERMISSION -> EnumSet.of(USABLE, OF_TARGET);
            case NOT_FOUND -> EnumSet.of(ROUTE_MISSING, OF_TARGET);
            case UNSUPPORTED -> EnumSet.of(ROUTE_MISSING, OF_TARGET);
            case CONFLICT -> EnumSet.of(ENDED_HERE);
            case TOO_LARGE -> EnumSet.of(MAY_BE_DONE);
            case RATE_LIMIT -> EnumSet.of(USABLE, OF_TARGET);
            case SERVER -> EnumSet.of(MAY_BE_DONE, OF_TARGET);
            case OVERLOADED -> EnumSet.of(SICK, USABLE, OF_TARGET);
            case CANCELLED -> EnumSet.of(MAY_BE_DONE, ENDED_HERE);
            case CLOSED -> EnumSet.of(ENDED_HERE);
        };
    }

    private static Set<FailureTrait> none() {
        return EnumSet.noneOf(FailureTrait.class);
    }

    /**
     * Tells whether failures of a category have this trait, provided that they have a status, or have none, as it requires.
     *
     * @param category any
     * @return what the table says
     */
    public boolean of(FailureCategory category) {
        return TABLE.get(category).contains(this);
    }

    /**
     * Tells whether a failure has this trait.
     *
     * @param failure any
     * @return what the table says of its category; false if it has a status and should have none, or the other way round
     */
    public boolean of(GenAiException failure) {
        boolean answered = failure.status().isPresent();
        return of(failure.category())
                && switch (this) {
                    case SICK, REPEATED_IF_HARMLESS, ROUTE_MISSING, OF_TARGET -> true;
                    case DOWN, MAY_BE_DONE, ENDED_HERE -> !answered;
                    case USABLE -> answered;
                };
    }
}
