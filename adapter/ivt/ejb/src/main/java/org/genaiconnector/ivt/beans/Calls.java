package org.genaiconnector.ivt.beans;

import jakarta.annotation.Resource;
import jakarta.ejb.SessionContext;
import jakarta.ejb.Stateless;
import jakarta.ejb.TransactionAttribute;
import jakarta.ejb.TransactionAttributeType;
import java.util.concurrent.Callable;

/** Runs work as a session bean, with or without a container-managed transaction. */
@Stateless
public class Calls {
    @Resource
    private SessionContext context;

    /**
     * Runs work in the caller's transaction, or in one of its own, which commits when this returns.
     *
     * @throws Exception of the work; or what the container makes of a failed commit
     */
    public <T> T inTransaction(Callable<T> work) throws Exception {
        return work.call();
    }

    /**
     * Runs work in a transaction that is rolled back.
     *
     * @throws Exception of the work
     */
    public <T> T rolledBack(Callable<T> work) throws Exception {
        T result = work.call();
        context.setRollbackOnly();
        return result;
    }

    /**
     * Runs work without a transaction. When this returns, the application server has taken back what the work borrowed; for a
     * servlet some do so only at the end of the request.
     *
     * @throws Exception of the work
     */
    @TransactionAttribute(TransactionAttributeType.NOT_SUPPORTED)
    public <T> T withoutTransaction(Callable<T> work) throws Exception {
        return work.call();
    }
}
