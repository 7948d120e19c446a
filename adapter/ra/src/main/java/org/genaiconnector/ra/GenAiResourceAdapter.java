package org.genaiconnector.ra;

import jakarta.resource.NotSupportedException;
import jakarta.resource.ResourceException;
import jakarta.resource.spi.ActivationSpec;
import jakarta.resource.spi.BootstrapContext;
import jakarta.resource.spi.ResourceAdapter;
import jakarta.resource.spi.endpoint.MessageEndpointFactory;
import jakarta.resource.spi.work.Work;
import jakarta.resource.spi.work.WorkException;
import jakarta.transaction.Status;
import jakarta.transaction.TransactionSynchronizationRegistry;
import java.io.Serializable;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import javax.transaction.xa.XAResource;
import org.genaiconnector.ra.connection.AdapterServices;
import org.genaiconnector.ra.inflow.Activations;
import org.genaiconnector.ra.inflow.ComfyUiActivationSpec;
import org.genaiconnector.ra.statistics.StatisticsRecorder;
import org.genaiconnector.ra.statistics.StatisticsRegistry;

/**
 * Resource adapter bean. Starting it opens nothing. Stopping it closes every socket and ends every work within milliseconds,
 * even those in use. It can be started again.
 */
public class GenAiResourceAdapter implements ResourceAdapter, AdapterServices, Serializable {
    private static final long serialVersionUID = 1L;

    /** The first one begins with the bean, because WildFly fills pools before it calls {@code start}. */
    private transient volatile AdapterLifeCycle lifeCycle = new AdapterLifeCycle();

    /** Null if the application server has none. */
    private transient volatile TransactionSynchronizationRegistry transactions;

    /** Whether the application server is Payara or GlassFish. */
    private transient volatile boolean glassFish;

    /** Null for none. */
    private String instanceName;

    /** Name by which this application server recognises its jobs after a restart; the same on every host it moves to. */
    public String getInstanceName() {
        return instanceName;
    }

    public void setInstanceName(String instanceName) {
        this.instanceName = instanceName;
    }

    @Override
    public Optional<String> instanceName() {
        return Optional.ofNullable(instanceName).map(String::strip).filter(name -> !name.isEmpty());
    }

    @Override
    public boolean inTransaction() {
        return ContainerTransactions.isActive(transactions);
    }

    @Override
    public synchronized void start(BootstrapContext context) {
        glassFish = context.getClass().getName().startsWith("com.sun.enterprise.");
        transactions = context.getTransactionSynchronizationRegistry();
        if (lifeCycle.hasEnded()) {
            lifeCycle = new AdapterLifeCycle();
        }
        lifeCycle.begin(context.getWorkManager());
    }

    @Override
    public void stop() {
        lifeCycle.end();
    }

    @Override
    public void closeOnStop(AutoCloseable resource) throws ResourceException {
        lifeCycle.closeOnStop(resource);
    }

    @Override
    public <T extends AutoCloseable> T shared(Class<T> type, Object key, Supplier<T> maker) {
        return lifeCycle.shared(type, key, maker);
    }

    @Override
    public StatisticsRecorder statistics(String name) {
        return shared(StatisticsRegistry.class, StatisticsRegistry.class, StatisticsRegistry::new)
                .recorder(name);
    }

    @Override
    public void startWork(Work work) throws WorkException {
        lifeCycle.startWork(work);
    }

    @Override
    public boolean stopped() {
        return lifeCycle.hasEnded();
    }

    @Override
    public boolean mistakesExceptionsOfCommit() {
        TransactionSynchronizationRegistry current = transactions;
        return glassFish && current != null && current.getTransactionStatus() == Status.STATUS_PREPARING;
    }

    /** Returns before any backend is asked or the bean is called; a work does the rest. */
    @Override
    public void endpointActivation(MessageEndpointFactory factory, ActivationSpec spec) throws ResourceException {
        if (!(spec instanceof ComfyUiActivationSpec own)) {
            throw new NotSupportedException("The GenAI connector activates message-driven beans by a "
                    + ComfyUiActivationSpec.class.getName() + ", not by " + spec);
        }
        activations().activate(factory, own);
    }

    @Override
    public void endpointDeactivation(MessageEndpointFactory factory, ActivationSpec spec) {
        activations().deactivate(factory, spec);
    }

    private Activations activations() {
        return shared(Activations.class, Activations.class, () -> new Activations(this, transactions));
    }

    @Override
    public XAResource[] getXAResources(ActivationSpec[] specs) {
        return new XAResource[0];
    }

    /** A copy has the same configuration and a life cycle of its own. */
    private Object readResolve() {
        GenAiResourceAdapter copy = new GenAiResourceAdapter();
        copy.setInstanceName(instanceName);
        return copy;
    }

    /** Two adapters are equal if their configuration is, as the specification demands (5.3.3). */
    @Override
    public boolean equals(Object other) {
        return other != null
                && getClass() == other.getClass()
                && Objects.equals(instanceName, ((GenAiResourceAdapter) other).instanceName);
    }

    @Override
    public int hashCode() {
        return Objects.hash(GenAiResourceAdapter.class, instanceName);
    }
}
