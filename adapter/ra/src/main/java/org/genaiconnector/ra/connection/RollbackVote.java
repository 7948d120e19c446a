package org.genaiconnector.ra.connection;

import jakarta.resource.spi.LocalTransactionException;

/**
 * The failed commit of a last resource on Payara and GlassFish. They take any exception for a heuristic outcome and leave the
 * other resources of the transaction prepared for ever, with their locks held (Payara 6.2025.10, JTS
 * {@code TopCoordinator.prepare}); for an error they roll back all resources.
 */
final class RollbackVote extends Error {
    private static final long serialVersionUID = 1L;

    RollbackVote(LocalTransactionException failure) {
        super(failure.getMessage(), failure, false, false);
    }
}
