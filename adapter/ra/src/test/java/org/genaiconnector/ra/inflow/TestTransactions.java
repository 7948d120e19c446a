package org.genaiconnector.ra.inflow;

import jakarta.transaction.Status;
import jakarta.transaction.Synchronization;
import jakarta.transaction.TransactionSynchronizationRegistry;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** Transactions of an application server, at most one for each thread. */
public final class TestTransactions implements TransactionSynchronizationRegistry {
    private static final class Transaction {
        final List<Synchronization> synchronizations = new ArrayList<>();
        boolean rollbackOnly;
    }

    /** A database that takes part in all transactions. */
    public interface Participant {
        void begin();

        void commit() throws SQLException;

        void rollback() throws SQLException;
    }

    private static final Participant NONE = new Participant() {
        @Override
        public void begin() {
            // nothing takes part
        }

        @Override
        public void commit() {
            // nothing takes part
        }

        @Override
        public void rollback() {
            // nothing takes part
        }
    };

    private final ThreadLocal<Transaction> current = new ThreadLocal<>();
    private volatile Participant participant = NONE;
    private volatile Runnable beforeCommit = () -> {};
    private volatile Runnable afterCommit = () -> {};

    public void enlist(Participant database) {
        participant = database;
    }

    /** Does something at the end of a transaction that has not been marked for rollback; it may mark it. */
    public void beforeCommit(Runnable action) {
        beforeCommit = action;
    }

    /** Does something when a transaction is committed, before anybody hears of it. */
    public void afterCommit(Runnable action) {
        afterCommit = action;
    }

    public void begin() {
        current.set(new Transaction());
        participant.begin();
    }

    /** Commits or rolls back the transaction of this thread; does nothing if there is none. */
    public void end() {
        Transaction transaction = current.get();
        if (transaction != null) {
            if (!transaction.rollbackOnly) {
                beforeCommit.run();
            }
            current.remove();
            int status = complete(transaction.rollbackOnly);
            transaction.synchronizations.forEach(each -> each.afterCompletion(status));
        }
    }

    private int complete(boolean rollback) {
        try {
            if (rollback) {
                participant.rollback();
                return Status.STATUS_ROLLEDBACK;
            }
            participant.commit();
            afterCommit.run();
            return Status.STATUS_COMMITTED;
        } catch (SQLException e) {
            return Status.STATUS_ROLLEDBACK;
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
        Transaction transaction = current.get();
        if (transaction == null) {
            return Status.STATUS_NO_TRANSACTION;
        }
        return transaction.rollbackOnly ? Status.STATUS_MARKED_ROLLBACK : Status.STATUS_ACTIVE;
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
