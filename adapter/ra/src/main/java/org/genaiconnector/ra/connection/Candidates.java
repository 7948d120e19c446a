package org.genaiconnector.ra.connection;

import jakarta.resource.spi.ManagedConnection;
import java.lang.System.Logger;
import java.time.Duration;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.genaiconnector.Credentials;
import org.genaiconnector.ra.messages.OperatorMessage;

/**
 * Finds connections in the sets of managed connections that an application server passes to a factory, and that may contain
 * connections of other factories and of other adapters.
 */
final class Candidates {
    private static final Logger LOG = System.getLogger(Candidates.class.getName());

    /** Payara's pool is empty while it validates. */
    private static final Duration VALIDATION_PROBE = Duration.ofSeconds(2);

    /** A connection that was answered within this time needs no probe. */
    private static final Duration SURELY_ALIVE = Duration.ofMillis(500);

    private Candidates() {}

    /** A usable connection of an equal factory with the same credentials, at a live endpoint if possible; null for none. */
    static ManagedConnection match(Set<?> candidates, BackendConfiguration factory, Optional<Credentials> wanted) {
        ManagedConnection other = null;
        for (Object candidate : candidates) {
            if (candidate instanceof BackendConnection<?> connection && connection.matches(factory, wanted)) {
                if (connection.isAtLiveEndpoint()) {
                    return connection;
                }
                other = connection;
            }
        }
        return other;
    }

    /**
     * The unusable connections of factories of the same class. Never throws, because Payara's resizer would lose the
     * connection for ever; takes about two seconds at most, three with several dead endpoints.
     */
    static Set<Object> invalid(Set<?> candidates, BackendConfiguration factory) {
        Set<Object> invalid = new HashSet<>();
        long start = System.nanoTime();
        for (Object candidate : candidates) {
            if (candidate instanceof BackendConnection<?> connection
                    && connection.isOfKind(factory)
                    && isInvalid(connection, start)) {
                invalid.add(connection);
            }
        }
        return invalid;
    }

    /** @param start when the validation began: late, those whose endpoint was not asked yet are left to the next one */
    private static boolean isInvalid(BackendConnection<?> connection, long start) {
        if (connection.isDead()) {
            return true;
        }
        boolean late = System.nanoTime() - start > VALIDATION_PROBE.dividedBy(2).toNanos();
        if (connection.wasAnsweredWithin(SURELY_ALIVE) || late && !connection.isJudged()) {
            return false;
        }
        try {
            return connection.isBackendDown(VALIDATION_PROBE) || connection.isDead();
        } catch (RuntimeException | LinkageError e) {
            OperatorMessage.VALIDATION_FAILED.logFailure(LOG, e, connection.backendAddress());
            return true;
        }
    }
}
