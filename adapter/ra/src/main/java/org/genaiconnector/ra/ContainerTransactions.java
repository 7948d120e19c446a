package org.genaiconnector.ra;

import jakarta.transaction.Status;
import jakarta.transaction.Synchronization;
import jakarta.transaction.TransactionSynchronizationRegistry;
import javax.naming.InitialContext;
import javax.naming.NamingException;

/** Finds out whether the calling thread is in a transaction of the application server. */
final class ContainerTransactions {
    private static final String NAME = "java:comp/TransactionSynchronizationRegistry";

    private ContainerTransactions() {}

    /**
     * Whether the calling thread is in a transaction.
     *
     * @param registry from the bootstrap context; null if that has none, then it is looked up in JNDI
     * @return false also if there is no registry
     */
    static boolean isActive(TransactionSynchronizationRegistry registry) {
        TransactionSynchronizationRegistry known = registry == null ? lookUp() : registry;
        if (known == null) {
            return false;
        }
        int status = known.getTransactionStatus();
        return status == Status.STATUS_ACTIVE || status == Status.STATUS_MARKED_ROLLBACK;
    }

    /**
     * Does something when the transaction of the calling thread has ended.
     *
     * @param registry as in {@link #isActive}
     * @return false if the thread is in no transaction
     */
    static boolean afterwards(TransactionSynchronizationRegistry registry, Runnable committed, Runnable otherwise) {
        if (!isActive(registry)) {
            return false;
        }
        (registry == null ? lookUp() : registry).registerInterposedSynchronization(new Synchronization() {
            @Override
            public void beforeCompletion() {
                // everything is done already
            }

            @Override
            public void afterCompletion(int status) {
                (status == Status.STATUS_COMMITTED ? committed : otherwise).run();
            }
        });
        return true;
    }

    private static TransactionSynchronizationRegistry lookUp() {
        try {
            return new InitialContext().lookup(NAME) instanceof TransactionSynchronizationRegistry found ? found : null;
        } catch (NamingException e) {
            return null; // no application server, or one without transactions
        }
    }
}
