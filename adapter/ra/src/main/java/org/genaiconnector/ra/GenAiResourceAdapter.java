package org.genaiconnector.ra;

import jakarta.resource.NotSupportedException;
import jakarta.resource.ResourceException;
import jakarta.resource.spi.ActivationSpec;
import jakarta.resource.spi.BootstrapContext;
import jakarta.resource.spi.InvalidPropertyException;
import jakarta.resource.spi.ResourceAdapter;
import jakarta.resource.spi.endpoint.MessageEndpointFactory;
import jakarta.resource.spi.work.SecurityContext;
import jakarta.resource.spi.work.Work;
import jakarta.resource.spi.work.WorkException;
import jakarta.transaction.Status;
import jakarta.transaction.TransactionSynchronizationRegistry;
import java.io.Serializable;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import javax.transaction.xa.XAResource;
import org.genaiconnector.ra.connection.AdapterServices;
import org.genaiconnector.ra.connection.JobStoreSettings;
import org.genaiconnector.ra.connection.PropertyChecks;
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

    private static final int LEAST_LEASE_MILLIS = 1_000;

    /** The first one begins with the bean, because WildFly fills pools before it calls {@code start}. */
    private transient volatile AdapterLifeCycle lifeCycle = new AdapterLifeCycle();

    /** Null if the application server has none. */
    private transient volatile TransactionSynchronizationRegistry transactions;

    /** Whether the application server is Payara or GlassFish. */
    private transient volatile boolean glassFish;

    /** Whether the application server supports security inflow. */
    private transient volatile boolean runsAsCallers;

    /** Null for none. */
    private String instanceName;

    private String jobStore;
    private Boolean jobStoreCreateTables = false;
    private Integer jobStoreLeaseMillis = 15_000;
    private Integer jobRetentionHours = 168;
    private Integer jobRetentionCount = 100_000;

    /** Name by which this application server recognises its jobs after a restart; the same on every host it moves to. */
    public String getInstanceName() {
        return instanceName;
    }

    public void setInstanceName(String instanceName) {
        this.instanceName = instanceName;
    }

    /** JNDI name of the data source with the job store of all ComfyUI factories and activations without one of their own. */
    public String getJobStore() {
        return jobStore;
    }

    public void setJobStore(String jobStore) {
        this.jobStore = jobStore;
    }

    /** Whether the adapter makes the tables of a job store where they are missing. */
    public Boolean getJobStoreCreateTables() {
        return jobStoreCreateTables;
    }

    public void setJobStoreCreateTables(Boolean jobStoreCreateTables) {
        this.jobStoreCreateTables = jobStoreCreateTables;
    }

    /** How long an application server may be silent before others take over its jobs, in milliseconds. */
    public Integer getJobStoreLeaseMillis() {
        return jobStoreLeaseMillis;
    }

    public void setJobStoreLeaseMillis(Integer jobStoreLeaseMillis) {
        this.jobStoreLeaseMillis = jobStoreLeaseMillis;
    }

    /** How long a job store keeps jobs that have ended, in hours; 0 for ever. */
    public Integer getJobRetentionHours() {
        return jobRetentionHours;
    }

    public void setJobRetentionHours(Integer jobRetentionHours) {
        this.jobRetentionHours = jobRetentionHours;
    }

    /** How many jobs that have ended a job store keeps at most; 0 for no limit. */
    public Integer getJobRetentionCount() {
        return jobRetentionCount;
    }

    public void setJobRetentionCount(Integer jobRetentionCount) {
        this.jobRetentionCount = jobRetentionCount;
    }

    @Override
    public JobStoreSettings jobStore() throws InvalidPropertyException {
        return new JobStoreSettings(
                Optional.ofNullable(jobStore).map(String::strip).filter(name -> !name.isEmpty()),
                Boolean.TRUE.equals(jobStoreCreateTables),
                Duration.ofMillis(
                        PropertyChecks.atLeast("jobStoreLeaseMillis", jobStoreLeaseMillis, LEAST_LEASE_MILLIS)),
                Duration.ofHours(PropertyChecks.atLeast("jobRetentionHours", jobRetentionHours, 0)),
                PropertyChecks.atLeast("jobRetentionCount", jobRetentionCount, 0));
    }

    @Override
    public boolean afterTransaction(Runnable committed, Runnable otherwise) {
        return ContainerTransactions.afterwards(transactions, committed, otherwise);
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
        runsAsCallers = context.isContextSupported(SecurityContext.class);
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
    public boolean runsAsCallers() {
        return runsAsCallers;
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
        copy.setJobStore(jobStore);
        copy.setJobStoreCreateTables(jobStoreCreateTables);
        copy.setJobStoreLeaseMillis(jobStoreLeaseMillis);
        copy.setJobRetentionHours(jobRetentionHours);
        copy.setJobRetentionCount(jobRetentionCount);
        return copy;
    }

    /** Two adapters are equal if their configuration is, as the specification demands (5.3.3). */
    @Override
    public boolean equals(Object other) {
        return other != null
                && getClass() == other.getClass()
                && configuration().equals(((GenAiResourceAdapter) other).configuration());
    }

    @Override
    public int hashCode() {
        return configuration().hashCode();
    }

    private List<Object> configuration() {
        return Arrays.asList(
                instanceName,
                jobStore,
                jobStoreCreateTables,
                jobStoreLeaseMillis,
                jobRetentionHours,
                jobRetentionCount);
    }
}
