package org.genaiconnector.ra.inflow;

import jakarta.transaction.Status;
import jakarta.transaction.Synchronization;
import jakarta.transaction.TransactionSynchronizationRegistry;
import java.util.ArrayList;
import java.util.List;

/** Transactions of an application server, at most one for each thread. */
public final class TestTransactions implements TransactionSynchronizationRegistry {
    private static final class Transaction {
        final List<Synchronization> synchronizations = new ArrayList<>();
        boolean rollbackOnly;
    }

    private final ThreadLocal<Transaction> current = new ThreadLocal<>();

    public void begin() {
        current.set(new Transaction());
    }

    /** Commits or rolls back the transaction of this thread; does nothing if there is none. */
    public void end() {
        Transaction transaction = current.get();
        if (transaction != null) {
            current.remove();
            int status = transaction.rollbackOnly ? Status.STATUS_ROLLEDBACK : Status.STATUS_COMMITTED;
            transaction.synchronizations.forEach(each -> each.afterCompletion(status));
        }
    }

    @Override
    public Object getTransactionKey() {
        return current.get();
    }

    @Override
    public void registerInterposedSynchronization(Synchronization synchronization) {
        current.get().synchronizations.add(synchronization);
    }

    @Override
    public int getTransactionStatus() {
        return current.get() == null ? Status.STATUS_NO_TRANSACTION : Status.STATUS_ACTIVE;
    }

    @Override
    public void setRollbackOnly() {
        current.get().rollbackOnly = true;
    }

    @Override
    public boolean getRollbackOnly() {
        return current.get().rollbackOnly;
    }

    @Override
    public void putResource(Object key, Object value) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Object getResource(Object key) {
        throw new UnsupportedOperationException();
    }
}
