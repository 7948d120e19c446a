package org.genaiconnector.ra.comfyui.durable;

import jakarta.resource.spi.work.WorkException;
import java.lang.System.Logger;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.genaiconnector.comfyui.JobStatus;
import org.genaiconnector.ra.comfyui.jobs.JobTrackers;
import org.genaiconnector.ra.comfyui.jobs.JobUpdate;
import org.genaiconnector.ra.comfyui.jobs.Submitter;
import org.genaiconnector.ra.comfyui.store.JobRow;
import org.genaiconnector.ra.comfyui.store.JobStore;
import org.genaiconnector.ra.connection.AdapterServices;
import org.genaiconnector.ra.connection.JobStoreSettings;
import org.genaiconnector.ra.database.AdapterSource;
import org.genaiconnector.ra.database.DataSources;
import org.genaiconnector.ra.database.StoreSource;
import org.genaiconnector.ra.messages.OperatorMessage;
import org.genaiconnector.ra.statistics.JobStoreFigures;

/** One job store, as one run of the adapter uses it. Any thread. */
public final class StoreSession implements AutoCloseable {
    private static final Logger LOG = System.getLogger(StoreSession.class.getName());

    /** A registration of a listener. */
    @FunctionalInterface
    public interface Listening extends AutoCloseable {
        /** Ends it; closing it twice has no effect. */
        @Override
        void close();
    }

    private final AdapterServices services;
    private final DurableTimes times;
    private final StoreHealth health;
    private final StoreSource source;
    private final InstanceLease lease;
    private final LeaseKeeper keeper;
    private final Map<URI, BackendJobs> backends = new ConcurrentHashMap<>();
    private final JobStoreFigures figures;
    private final List<Consumer<JobUpdate>> listeners = new CopyOnWriteArrayList<>();
    private final AtomicBoolean refused = new AtomicBoolean();
    private volatile JobStore store;
    private volatile boolean closed;

    /** Guarded by this. */
    private boolean createTables;

    StoreSession(
            String name, AdapterServices services, DurableTimes times, DataSources sources, JobStoreSettings settings) {
        this.services = services;
        this.times = times;
        this.health = new StoreHealth(name);
        this.source = new AdapterSource(name, sources, services);
        this.store = new JobStore(name, source, false);
        this.lease = new InstanceLease(
                services.instanceName().orElseGet(ManagementFactory.getRuntimeMXBean()::getName), // such as 4711@host
                settings.lease(),
                System::nanoTime);
        this.keeper = new LeaseKeeper(this, lease, settings, times.upkeep());
        this.figures = new JobStoreBean(this::store, this::told, settings).show();
    }

    /** Starts what does not run, not yet or no longer. */
    void open(boolean mayCreateTables) {
        if (mayCreateTables) {
            createTables();
        }
        start(keeper);
    }

    private synchronized void createTables() {
        if (!createTables) {
            createTables = true;
            store = new JobStore(store.name(), source, true);
        }
    }

    private void start(StoreWork work) {
        if (closed) {
            return;
        }
        try {
            work.start();
            refused.set(false);
        } catch (WorkException e) {
            if (!isClosed() && refused.compareAndSet(false, true)) {
                OperatorMessage.NO_THREAD_FOR_STORE.logFailure(LOG, e, store.name());
            }
        }
    }

    /** Sends and tracks the jobs of a backend from now on, by the way to it that was told last. */
    BackendJobs serve(URI address, RouteSource way) {
        BackendJobs backend = backends.computeIfAbsent(address, absent -> new BackendJobs(absent, this));
        backend.use(way);
        backend.works().forEach(this::start);
        return backend;
    }

    /** The tables. */
    public JobStore store() {
        return store;
    }

    /**
     * The id under which this run of the adapter owns rows.
     *
     * @return empty while it surely holds no lease: then it must not begin anything
     */
    public Optional<String> instance() {
        return lease.holder();
    }

    /** As {@link #instance}, but until it is known to have been given up: what it owned may still be its own. */
    Optional<String> registered() {
        return lease.registered();
    }

    /**
     * Hears of what this instance has written about jobs: of each end when it is committed, and of progress.
     *
     * @param listener called by threads of the adapter; must return at once and never throw
     * @return ends it
     */
    public Listening listen(Consumer<JobUpdate> listener) {
        listeners.add(listener);
        return () -> listeners.remove(listener);
    }

    /** Publishes what is written, to listeners here and to the observers of the adapter. */
    void tell(JobUpdate update) {
        listeners.forEach(listener -> listener.accept(update));
        JobTrackers.of(services).tell(update);
    }

    /** Publishes a job as it was read or written. */
    void told(JobRow row) {
        told(row, new Submitter(row.caller(), Optional.empty()));
    }

    /** As {@link #told(JobRow)}, of a job whose submission is known here. */
    void told(JobRow row, Submitter submitter) {
        tell(new JobUpdate(URI.create(row.backend()), row.tag(), true, row.status(), submitter));
    }

    /** What is known here of a job of this instance, newer than what is written. */
    Optional<JobStatus> latest(String id) {
        return backends.values().stream()
                .flatMap(backend -> backend.own(id).stream())
                .findFirst()
                .flatMap(OwnJob::latest);
    }

    /** Somebody wants a job of this instance cancelled. */
    void cancelRequested(String id) {
        backends.values()
                .forEach(backend -> backend.own(id).ifPresent(job -> {
                    job.cancelRequested();
                    backend.wakeSender();
                }));
    }

    /** Starts works that the Work Manager has refused. */
    void startWorks() {
        backends.values().stream()
                .filter(BackendJobs::isServed)
                .forEach(backend -> backend.works().forEach(this::start));
    }

    /** A job of a backend was queued. */
    void wake(URI address) {
        BackendJobs backend = backends.get(address);
        if (backend != null) {
            backend.wakeSender();
        }
    }

    void wakeAll() {
        backends.values().forEach(BackendJobs::wake);
    }

    StoreHealth health() {
        return health;
    }

    DurableTimes times() {
        return times;
    }

    AdapterServices services() {
        return services;
    }

    boolean isClosed() {
        return closed || services.stopped();
    }

    /** Ends all works; the last thing that they do is to give up the lease. */
    @Override
    public void close() {
        closed = true;
        figures.close();
        wakeAll();
        keeper.wake();
    }
}
