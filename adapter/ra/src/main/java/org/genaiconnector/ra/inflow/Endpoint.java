package org.genaiconnector.ra.inflow;

import jakarta.resource.spi.UnavailableException;
import jakarta.resource.spi.endpoint.MessageEndpoint;
import jakarta.resource.spi.endpoint.MessageEndpointFactory;
import jakarta.transaction.TransactionSynchronizationRegistry;
import java.lang.System.Logger;
import java.lang.reflect.Method;
import javax.transaction.xa.XAResource;
import org.genaiconnector.comfyui.ComfyUiJobListener;
import org.genaiconnector.ra.messages.OperatorMessage;
import org.genaiconnector.ra.util.DetachedCall;

/**
 * Delivers notices to a bean: one message endpoint for each, used by one thread, with all steps in the order that the
 * specification demands (13.5.6), even if one of them fails.
 *
 * @param factory of the bean's endpoints
 * @param transactions the application server's; null if it has none, then a rollback without an exception is not noticed
 */
record Endpoint(MessageEndpointFactory factory, TransactionSynchronizationRegistry transactions) {
    private static final Logger LOG = System.getLogger(Endpoint.class.getName());

    /** The steps of the container, in which GlassFish and Payara start threads of their pool for session beans. */
    private static final DetachedCall CREATE =
            DetachedCall.of(MessageEndpointFactory.class, "createEndpoint", MessageEndpoint.class, XAResource.class);

    private static final DetachedCall BEFORE =
            DetachedCall.of(MessageEndpoint.class, "beforeDelivery", void.class, Method.class);
    private static final DetachedCall AFTER = DetachedCall.of(MessageEndpoint.class, "afterDelivery", void.class);
    private static final DetachedCall RELEASE = DetachedCall.of(MessageEndpoint.class, "release", void.class);

    /** The bean's class or, if the application server does not tell, the name of the activation. */
    String name() {
        Class<?> bean = factory.getEndpointClass();
        return bean == null ? String.valueOf(factory.getActivationName()) : bean.getName();
    }

    /** Acknowledges a delivery in the transaction that it was made in. */
    @FunctionalInterface
    interface Acknowledgement {
        /**
         * Called by the thread that has called the bean, while the transaction is active.
         *
         * @return whether it will count if the transaction is committed
         * @throws UndeliveredException if the transaction must not be committed
         */
        boolean inTransaction() throws UndeliveredException;
    }

    /**
     * Makes one delivery.
     *
     * @param acknowledgement is called if the bean has returned, and has a transaction that it has not marked for rollback
     * @return what that has returned; false if it was not called
     * @throws UnavailableException if the bean is not available at the moment; no delivery was attempted
     * @throws UndeliveredException if the delivery failed
     */
    boolean deliver(Notice notice, Acknowledgement acknowledgement) throws UnavailableException, UndeliveredException {
        MessageEndpoint endpoint = create();
        try {
            return deliver(notice, endpoint, acknowledgement);
        } finally {
            release(endpoint);
        }
    }

    private MessageEndpoint create() throws UnavailableException, UndeliveredException {
        try {
            return (MessageEndpoint) CREATE.call(factory, null);
        } catch (UnavailableException e) {
            throw e;
        } catch (Exception | Error e) {
            throw new UndeliveredException("the application server made no endpoint", e);
        }
    }

    private boolean deliver(Notice notice, MessageEndpoint endpoint, Acknowledgement acknowledgement)
            throws UndeliveredException {
        try {
            BEFORE.call(endpoint, notice.method());
        } catch (Exception | Error e) {
            throw new UndeliveredException("the application server refused the delivery", e);
        }
        TransactionOutcome outcome = null;
        Throwable failure = null;
        boolean acknowledged = false;
        try {
            outcome = TransactionOutcome.ofCurrent(transactions);
            notice.call((ComfyUiJobListener) endpoint);
            if (outcome.isOpen(transactions)) {
                acknowledged = inTransaction(acknowledgement);
            }
        } catch (UndeliveredException
                | RuntimeException
                | Error e) { // also from a class of the bean that cannot be loaded
            failure = e;
        }
        after(endpoint, failure);
        outcome.check();
        return acknowledged;
    }

    private boolean inTransaction(Acknowledgement acknowledgement) throws UndeliveredException {
        boolean mayCommit = false;
        try {
            boolean acknowledged = acknowledgement.inTransaction();
            mayCommit = true;
            return acknowledged;
        } finally {
            if (!mayCommit) {
                transactions.setRollbackOnly();
            }
        }
    }

    /** The application server's last step, which is due whether or not the bean has failed. */
    private static void after(MessageEndpoint endpoint, Throwable failure) throws UndeliveredException {
        try {
            AFTER.call(endpoint);
        } catch (Exception | Error e) {
            if (failure == null) {
                throw new UndeliveredException("the application server could not complete the delivery", e);
            }
            failure.addSuppressed(e);
        }
        if (failure instanceof UndeliveredException acknowledging) {
            throw acknowledging;
        }
        if (failure != null) {
            throw new UndeliveredException("it threw " + cause(failure), failure);
        }
    }

    /** The bean's exception; containers of EJBs wrap unchecked ones. By name, because Quarkus has no such class. */
    private static Throwable cause(Throwable failure) {
        boolean wrapper = failure.getClass().getName().startsWith("jakarta.ejb.") && failure.getCause() != null;
        return wrapper ? failure.getCause() : failure;
    }

    /** A failure here does not concern the delivery, which is complete. */
    private void release(MessageEndpoint endpoint) {
        try {
            RELEASE.call(endpoint);
        } catch (Exception e) {
            OperatorMessage.RELEASE_FAILED.logFailure(LOG, e, name());
        }
    }
}
