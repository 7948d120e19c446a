package org.genaiconnector.ra.inflow;

import jakarta.resource.ResourceException;
import jakarta.resource.spi.UnavailableException;
import jakarta.resource.spi.endpoint.MessageEndpoint;
import jakarta.resource.spi.endpoint.MessageEndpointFactory;
import jakarta.transaction.TransactionSynchronizationRegistry;
import java.lang.System.Logger;
import org.genaiconnector.comfyui.ComfyUiJobListener;
import org.genaiconnector.ra.messages.OperatorMessage;

/**
 * Makes deliveries to a bean: one message endpoint for each, used by one thread, in the order that the specification demands
 * (13.5.6), of which nothing is left out whatever fails.
 *
 * @param factory of the bean's endpoints
 * @param transactions the container's; null if it has none, then a rollback that the bean does not throw for goes unnoticed
 */
record Endpoint(MessageEndpointFactory factory, TransactionSynchronizationRegistry transactions) {
    private static final Logger LOG = System.getLogger(Endpoint.class.getName());

    /** The bean's class or, where the container does not tell, the name of the activation. */
    String name() {
        Class<?> bean = factory.getEndpointClass();
        return bean == null ? String.valueOf(factory.getActivationName()) : bean.getName();
    }

    /**
     * Tells the bean something.
     *
     * @throws UnavailableException if the bean cannot be told anything at the moment; it has not been tried
     * @throws UndeliveredException if it failed
     */
    void deliver(Notice notice) throws UnavailableException, UndeliveredException {
        MessageEndpoint endpoint = create();
        try {
            deliver(notice, endpoint);
        } finally {
            release(endpoint);
        }
    }

    private MessageEndpoint create() throws UnavailableException, UndeliveredException {
        try {
            return factory.createEndpoint(null);
        } catch (UnavailableException e) {
            throw e;
        } catch (RuntimeException | Error e) {
            throw new UndeliveredException("the container made no endpoint", e);
        }
    }

    private void deliver(Notice notice, MessageEndpoint endpoint) throws UndeliveredException {
        try {
            endpoint.beforeDelivery(notice.method());
        } catch (ResourceException | NoSuchMethodException | RuntimeException | Error e) {
            throw new UndeliveredException("the container refused the delivery", e);
        }
        Outcome outcome;
        Throwable failure = null;
        try {
            outcome = Outcome.ofCurrent(transactions);
            notice.tell((ComfyUiJobListener) endpoint);
        } catch (RuntimeException | Error e) { // also from a class of the bean that cannot be loaded
            outcome = null;
            failure = e;
        }
        after(endpoint, failure);
        outcome.check();
    }

    /** The container's part of the end, which it wants whether or not the bean has failed. */
    private static void after(MessageEndpoint endpoint, Throwable failure) throws UndeliveredException {
        try {
            endpoint.afterDelivery();
        } catch (ResourceException | RuntimeException | Error e) {
            if (failure == null) {
                throw new UndeliveredException("the container could not complete the delivery", e);
            }
            failure.addSuppressed(e);
        }
        if (failure != null) {
            throw new UndeliveredException("it threw " + cause(failure), failure);
        }
    }

    /** What the bean threw; containers wrap what is unchecked. */
    private static Throwable cause(Throwable failure) {
        return failure instanceof jakarta.ejb.EJBException && failure.getCause() != null ? failure.getCause() : failure;
    }

    /** What is said here says nothing about the delivery, which is over. */
    private void release(MessageEndpoint endpoint) {
        try {
            endpoint.release();
        } catch (RuntimeException e) {
            OperatorMessage.RELEASE_FAILED.logFailure(LOG, e, name());
        }
    }
}
