package org.genaiconnector.ra.connection;

import jakarta.resource.spi.LocalTransactionException;

/**
 * The failure of a last resource on Payara and GlassFish. An exception, of whatever kind, they take for a heuristic outcome
 * and leave the other resources of the transaction prepared for ever, their locks held (Payara 6.2025.10, JTS
 * {@code TopCoordinator.prepare}); of an error they make a rollback of all.
 */
final class RollbackVote extends Error {
    private static final long serialVersionUID = 1L;

    RollbackVote(LocalTransactionException failure) {
        super(failure.getMessage(), failure, false, false);
    }
}
