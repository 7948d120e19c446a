package org.genaiconnector.ra.inflow;

import jakarta.transaction.Status;
import jakarta.transaction.Synchronization;
import jakarta.transaction.TransactionSynchronizationRegistry;

/**
 * The outcome of the transaction that the application server began for a delivery. There is no other sign of a bean that rolls it
 * back without throwing: {@code afterDelivery} returns normally.
 */
final class TransactionOutcome implements Synchronization {
    private volatile int status = Status.STATUS_NO_TRANSACTION;

    private TransactionOutcome() {}

    /**
     * Observes the transaction of the current thread.
     *
     * @param transactions of the application server; null if it has none
     */
    static TransactionOutcome ofCurrent(TransactionSynchronizationRegistry transactions) {
        TransactionOutcome outcome = new TransactionOutcome();
        if (transactions != null && transactions.getTransactionKey() != null) {
            outcome.status = Status.STATUS_UNKNOWN;
            transactions.registerInterposedSynchronization(outcome);
        }
        return outcome;
    }

    @Override
    public void beforeCompletion() {
        // there is nothing to write
    }

    @Override
    public void afterCompletion(int completion) {
        status = completion;
    }

    /**
     * Whether the transaction goes on and may be committed. To be called by the thread that is in it.
     *
     * @param transactions as in {@link #ofCurrent}
     */
    boolean isOpen(TransactionSynchronizationRegistry transactions) {
        return status == Status.STATUS_UNKNOWN && transactions.getTransactionStatus() == Status.STATUS_ACTIVE;
    }

    /** Throws unless the transaction was committed or there was none. */
    void check() throws UndeliveredException {
        switch (status) {
            case Status.STATUS_COMMITTED, Status.STATUS_NO_TRANSACTION -> {
                // success
            }
            case Status.STATUS_ROLLEDBACK -> throw new UndeliveredException("its transaction was rolled back");
            default -> throw new UndeliveredException("its transaction ended in the unexpected state " + status);
        }
    }
}
