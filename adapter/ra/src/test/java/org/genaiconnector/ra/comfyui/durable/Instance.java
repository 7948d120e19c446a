package org.genaiconnector.ra.comfyui.durable;

import jakarta.resource.spi.work.ExecutionContext;
import jakarta.resource.spi.work.Work;
import jakarta.resource.spi.work.WorkException;
import jakarta.resource.spi.work.WorkListener;
import jakarta.resource.spi.work.WorkRejectedException;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import javax.naming.NamingException;
import javax.sql.DataSource;
import org.genaiconnector.comfyui.Cancellation;
import org.genaiconnector.comfyui.ComfyUiConnection;
import org.genaiconnector.comfyui.ComfyUiConnectionFactory;
import org.genaiconnector.comfyui.Job;
import org.genaiconnector.comfyui.JobStatus;
import org.genaiconnector.comfyui.Submission;
import org.genaiconnector.comfyui.Workflow;
import org.genaiconnector.ra.GenAiResourceAdapter;
import org.genaiconnector.ra.TestContainer;
import org.genaiconnector.ra.comfyui.ComfyUiManagedConnectionFactory;
import org.genaiconnector.ra.comfyui.jobs.JobTrackers;
import org.genaiconnector.ra.comfyui.jobs.TrackingTimes;
import org.genaiconnector.ra.database.DataSources;
import org.genaiconnector.ra.http.TestProxy;
import org.genaiconnector.ra.inflow.TestTransactions;
import org.genaiconnector.testkit.comfyui.ComfyUiSimulator;

/** An application server with the adapter, which can be killed and suspended, and an application on it. */
public final class Instance implements AutoCloseable {
    public static final String STORE = "jdbc/jobs";

    static final Duration LEASE = Duration.ofSeconds(2);

    /** Seconds where an adapter in production takes half a minute or more. */
    static final DurableTimes QUICK = new DurableTimes(
            Duration.ofMillis(200),
            Duration.ofMillis(200),
            Duration.ofSeconds(1),
            Duration.ofMillis(100),
            Duration.ofMillis(500),
            Duration.ofMillis(100));

    /** Finds the store's data source. */
    @FunctionalInterface
    public interface Lookup {
        DataSource find() throws NamingException;
    }

    private static final TrackingTimes TRACKING = new TrackingTimes(
            Duration.ofSeconds(2),
            Duration.ofMillis(300),
            Duration.ofSeconds(30),
            Duration.ofMinutes(10),
            Duration.ofSeconds(25),
            Duration.ofMinutes(5));

    public final TestTransactions transactions = new TestTransactions();
    final TestContainer container;
    public final InstanceDatabase database;
    public final GenAiResourceAdapter adapter = new GenAiResourceAdapter();
    public final ComfyUiManagedConnectionFactory managed;
    public final ComfyUiConnectionFactory factory;
    private final TestProxy network = TestProxy.start();
    public volatile boolean hasThreads = true;
    private volatile DataSources source;

    /** @param settings of the factory, before it is used */
    public Instance(String url, ComfyUiSimulator backend, Consumer<Instance> settings) {
        container = new TestContainer(transactions) {
            @Override
            public void scheduleWork(Work work, long timeout, ExecutionContext context, WorkListener listener)
                    throws WorkException {
                if (!hasThreads) {
                    throw new WorkRejectedException("no thread, as tested");
                }
                super.scheduleWork(work, timeout, context, listener);
            }
        };
        database = new InstanceDatabase(url, transactions);
        source = name -> database.dataSource();
        adapter.setJobStore(STORE);
        adapter.setJobStoreCreateTables(true);
        adapter.setJobStoreLeaseMillis((int) LEASE.toMillis());
        adapter.start(container);
        adapter.shared(
                JobTrackers.class, JobTrackers.class, () -> new JobTrackers(Optional.of(adapter), TRACKING, "here"));
        adapter.shared(
                JobStores.class, JobStores.class, () -> new JobStores(adapter, QUICK, name -> source.find(name)));
        managed = managed(backend);
        settings.accept(this);
        factory = factory(managed);
    }

    /** A factory of this application server, not used yet. */
    ComfyUiManagedConnectionFactory managed(ComfyUiSimulator backend) {
        ComfyUiManagedConnectionFactory made = new ComfyUiManagedConnectionFactory();
        made.setResourceAdapter(adapter);
        made.setServerUrl(backend.uri().toString());
        made.setProxyHost("127.0.0.1");
        made.setProxyPort(network.port());
        return made;
    }

    /** The network of this instance cannot be cut then, but a backend that is down refuses connections. */
    void withoutProxy() {
        managed.setProxyHost(null);
        managed.setProxyPort(null);
    }

    static ComfyUiConnectionFactory factory(ComfyUiManagedConnectionFactory managed) {
        return (ComfyUiConnectionFactory) managed.createConnectionFactory();
    }

    /** Looks up the store in another way. */
    public void dataSourceIs(Lookup lookup) {
        source = name -> lookup.find();
    }

    public Job queue(Submission submission) throws Exception {
        try (ComfyUiConnection connection = factory.getConnection()) {
            return connection.queuePrompt(submission);
        }
    }

    public Job queue(Workflow workflow) throws Exception {
        return queue(Submission.of(workflow));
    }

    Optional<JobStatus> find(Job job) throws Exception {
        try (ComfyUiConnection connection = factory.getConnection()) {
            return connection.findJob(job.id());
        }
    }

    public Cancellation cancel(Job job) throws Exception {
        try (ComfyUiConnection connection = factory.getConnection()) {
            return connection.cancelJob(job.id());
        }
    }

    JobStatus await(Job job) throws Exception {
        return factory.awaitJob(job.id(), Duration.ofSeconds(60));
    }

    StoreSession session() throws Exception {
        return JobStores.of(adapter).session(STORE, true);
    }

    /** From now on nothing that it does has an effect, as if its process had been killed. */
    void kill() {
        database.cut();
        network.close();
    }

    /** As above, longer ago than its lease. */
    void killLongAgo() throws Exception {
        Optional<String> id = session().instance();
        kill();
        if (id.isPresent()) {
            database.endLease(id.get());
        }
    }

    /** Ends it, in order if it was not killed. */
    @Override
    public void close() {
        database.resumeUnlessCut();
        adapter.stop();
        network.close();
    }
}
