package org.genaiconnector.ra.inflow;

import jakarta.resource.ResourceException;
import jakarta.resource.spi.ActivationSpec;
import jakarta.resource.spi.ResourceAdapter;
import jakarta.resource.spi.ResourceAdapterInternalException;
import jakarta.resource.spi.endpoint.MessageEndpointFactory;
import jakarta.resource.spi.work.WorkException;
import jakarta.transaction.TransactionSynchronizationRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.genaiconnector.ra.connection.AdapterServices;

/**
 * The activated message-driven beans of an adapter, from its start to its stop. A bean is identified by the two objects that it
 * was activated with. All threads may use it.
 */
public final class Activations implements AutoCloseable {
    /** Less than Payara's limit for the stop of an adapter. */
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final ResourceAdapter adapter;
    private final AdapterServices services;
    private final TransactionSynchronizationRegistry transactions;
    private final Duration patience;
    private final List<Activation> activations = new ArrayList<>();
    private boolean closed;

    /**
     * No activations yet.
     *
     * @param adapter that has just been started
     * @param transactions the application server's; null if it has none
     * @param <A> the adapter's class
     */
    public <A extends ResourceAdapter & AdapterServices> Activations(
            A adapter, TransactionSynchronizationRegistry transactions) {
        this(adapter, transactions, PATIENCE);
    }

    <A extends ResourceAdapter & AdapterServices> Activations(
            A adapter, TransactionSynchronizationRegistry transactions, Duration patience) {
        this.adapter = adapter;
        this.services = adapter;
        this.transactions = transactions;
        this.patience = patience;
    }

    /**
     * Activates a bean, and returns before the bean receives anything.
     *
     * @param factory of the bean's endpoints
     * @param spec its configuration
     * @throws ResourceException if the configuration is wrong, or the adapter has stopped
     */
    public void activate(MessageEndpointFactory factory, ComfyUiActivationSpec spec) throws ResourceException {
        spec.validate(); // since Payara does not
        Activation activation =
                new Activation(services, new Endpoint(factory, transactions), spec, spec.connectionFactory(adapter));
        synchronized (this) {
            if (closed) {
                throw new ResourceAdapterInternalException("The GenAI connector has been stopped");
            }
            activations.forEach(older -> older.compare(activation));
            activations.add(activation);
        }
        try {
            activation.start();
        } catch (WorkException | RuntimeException e) {
            remove(factory, spec).ifPresent(Activation::stop);
            throw e;
        }
    }

    /**
     * Deactivates a bean, and returns when no delivery to it is under way any more, but after 10 s at the latest. Does nothing
     * for a bean that is not active.
     *
     * @param factory as it was activated with
     * @param spec as it was activated with
     */
    public void deactivate(MessageEndpointFactory factory, ActivationSpec spec) {
        remove(factory, spec).ifPresent(activation -> {
            activation.stop();
            activation.awaitEnd(patience);
        });
    }

    private synchronized Optional<Activation> remove(MessageEndpointFactory factory, ActivationSpec spec) {
        Optional<Activation> found = activations.stream()
                .filter(activation -> activation.isOf(factory, spec))
                .findFirst();
        found.ifPresent(activations::remove);
        return found;
    }

    /** Deactivates all beans, without waiting for deliveries that are under way. */
    @Override
    public void close() {
        List<Activation> all;
        synchronized (this) {
            closed = true;
            all = new ArrayList<>(activations);
            activations.clear();
        }
        all.forEach(Activation::stop);
    }
}
