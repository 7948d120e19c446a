package org.genaiconnector.ra;

import jakarta.transaction.Status;
import jakarta.transaction.TransactionSynchronizationRegistry;
import javax.naming.InitialContext;
import javax.naming.NamingException;

/** Whether the calling thread is in a transaction of the container, as far as the container lets its adapters know. */
final class ContainerTransactions {
    private static final String NAME = "java:comp/TransactionSynchronizationRegistry";

    private ContainerTransactions() {}

    /**
     * Tells so.
     *
     * @param registry from the bootstrap context; null if the container gave none there, then it is looked up
     */
    static boolean isActive(TransactionSynchronizationRegistry registry) {
        TransactionSynchronizationRegistry known = registry == null ? lookUp() : registry;
        if (known == null) {
            return false;
        }
        int status = known.getTransactionStatus();
        return status == Status.STATUS_ACTIVE || status == Status.STATUS_MARKED_ROLLBACK;
    }

    private static TransactionSynchronizationRegistry lookUp() {
        try {
            return new InitialContext().lookup(NAME) instanceof TransactionSynchronizationRegistry found ? found : null;
        } catch (NamingException e) {
            return null; // no container, or none that has transactions
        }
    }
}
