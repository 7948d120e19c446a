package org.genaiconnector.ra.inflow;

import jakarta.transaction.Status;
import jakarta.transaction.Synchronization;
import jakarta.transaction.TransactionSynchronizationRegistry;

/**
 * What became of the transaction that the container began for a delivery. A bean that has it rolled back without throwing
 * leaves no other trace: {@code afterDelivery} ends normally.
 */
final class Outcome implements Synchronization {
    private volatile int status = Status.STATUS_NO_TRANSACTION;

    private Outcome() {}

    /**
     * Watches the transaction of the current thread.
     *
     * @param transactions of the container; null if it has none
     */
    static Outcome ofCurrent(TransactionSynchronizationRegistry transactions) {
        Outcome outcome = new Outcome();
        if (transactions != null && transactions.getTransactionKey() != null) {
            outcome.status = Status.STATUS_UNKNOWN;
            transactions.registerInterposedSynchronization(outcome);
        }
        return outcome;
    }

    @Override
    public void beforeCompletion() {
        // nothing is to be written
    }

    @Override
    public void afterCompletion(int completion) {
        status = completion;
    }

    /** Fails unless it was committed, or there was none. */
    void check() throws UndeliveredException {
        switch (status) {
            case Status.STATUS_COMMITTED, Status.STATUS_NO_TRANSACTION -> {
                // as it should be
            }
            case Status.STATUS_ROLLEDBACK -> throw new UndeliveredException("its transaction was rolled back");
            default -> throw new UndeliveredException("its transaction ended in the unexpected state " + status);
        }
    }
}
