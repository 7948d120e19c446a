package org.genaiconnector.ra.comfyui;

import jakarta.resource.ResourceException;
import jakarta.resource.spi.ConnectionManager;
import jakarta.resource.spi.InvalidPropertyException;
import java.lang.System.Logger;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.genaiconnector.Credentials;
import org.genaiconnector.FailureCategory;
import org.genaiconnector.GenAiException;
import org.genaiconnector.comfyui.JobStatus;
import org.genaiconnector.comfyui.Submission;
import org.genaiconnector.comfyui.UploadedFile;
import org.genaiconnector.ra.comfyui.cloud.CloudDialect;
import org.genaiconnector.ra.comfyui.cloud.CloudFailures;
import org.genaiconnector.ra.comfyui.durable.Route;
import org.genaiconnector.ra.comfyui.fleet.FleetJobs;
import org.genaiconnector.ra.comfyui.fleet.JobNeeds;
import org.genaiconnector.ra.comfyui.jobs.BackendAccess;
import org.genaiconnector.ra.comfyui.jobs.JobCalls;
import org.genaiconnector.ra.comfyui.jobs.JobSpans;
import org.genaiconnector.ra.comfyui.jobs.JobTracker;
import org.genaiconnector.ra.comfyui.jobs.JobTrackers;
import org.genaiconnector.ra.comfyui.jobs.JobUpdate;
import org.genaiconnector.ra.comfyui.jobs.LocalJobs;
import org.genaiconnector.ra.comfyui.jobs.TrackingTimes;
import org.genaiconnector.ra.comfyui.wire.ComfyUiBackend;
import org.genaiconnector.ra.comfyui.wire.ComfyUiDialect;
import org.genaiconnector.ra.comfyui.wire.ComfyUiFailures;
import org.genaiconnector.ra.comfyui.wire.JobMarker;
import org.genaiconnector.ra.connection.AdapterServices;
import org.genaiconnector.ra.connection.Backend;
import org.genaiconnector.ra.connection.BackendConnectionFactory;
import org.genaiconnector.ra.connection.CredentialHeaders;
import org.genaiconnector.ra.connection.EndpointFigures;
import org.genaiconnector.ra.connection.EndpointSettings;
import org.genaiconnector.ra.connection.Handle;
import org.genaiconnector.ra.connection.PropertyChecks;
import org.genaiconnector.ra.connection.PropertyException;
import org.genaiconnector.ra.http.FailureReader;
import org.genaiconnector.ra.http.HttpBackend;
import org.genaiconnector.ra.http.HttpConnection;
import org.genaiconnector.ra.messages.OperatorMessage;
import org.genaiconnector.ra.statistics.CountedJob;
import org.genaiconnector.ra.statistics.StatisticsRecorder;

/**
 * Managed connection factory for a ComfyUI backend.
 *
 * <p>It has local transactions, as the deployment descriptor says of the adapter, and does not say so once more by
 * {@link jakarta.resource.spi.TransactionSupport}. By section 7.13 of the specification that interface overrules every other
 * statement, and application servers take it literally: Payara 6 reads the pool's {@code transaction-support} and then replaces it by what
 * the factory says ({@code ConnectorConnectionPoolAdminServiceImpl.obtainManagedConnectionFactory}; null is a
 * {@code NullPointerException} there), IronJacamar does the same with the {@code transaction-support} of its configuration. The
 * factory does not know its pool, so it could not repeat what an administrator has set there, and {@code NoTransaction} on a
 * pool would have no effect. Without the interface both application servers take the descriptor's level and let the pool lower it.
 */
public class ComfyUiManagedConnectionFactory extends BackendConnectionFactory<ComfyUiOperations> {
    private static final long serialVersionUID = 1L;
    private static final Logger LOG = System.getLogger(ComfyUiManagedConnectionFactory.class.getName());

    /** For an empty {@code apiPath}, since Payara never hands a blank value to a setter. */
    private static final String NO_PATH = "none";

    /** By the host of each address. */
    private static final String AUTO = "AUTO";

    private static final String COMFYUI = "COMFYUI";
    private static final String CLOUD = "CLOUD";

    private String apiPath = "/api";

    private Integer lostAfterMillis = 3_600_000;
    private String jobStore;
    private String serverCredentials;
    private String comfyOrgApiKey;
    private String dialect = AUTO;
    private Boolean jobStoreCreateTables;
    private Integer maxInFlight = 4;
    private Integer queueTimeoutMillis = 0;
    private Integer maxAttempts = 3;
    private Integer failoverMillis = 60_000;

    private transient volatile KnownServers servers;

    private transient LocalJobs localJobs;
    private transient FleetJobs ownFleetJobs;
    private transient JobTrackers ownTrackers;
    private transient volatile boolean toldOfSendingAtOnce;
    private transient volatile FactoryStore store;
    private transient volatile FactoryFleet fleet;

    /** With the defaults of a ComfyUI on this machine. */
    public ComfyUiManagedConnectionFactory() {
        super("http://localhost:8188", 30_000, 300_000);
    }

    @Override
    public Object createConnectionFactory(ConnectionManager connectionManager) {
        store().begin();
        return new ComfyUiConnectionFactoryImpl(this, connectionManager);
    }

    @Override
    protected Backend<ComfyUiOperations> newBackend() throws InvalidPropertyException {
        PropertyChecks.atLeast("lostAfterMillis", lostAfterMillis, 0);
        if (apiPath == null) {
            throw new PropertyException("apiPath", "must be a path such as /api, or " + NO_PATH);
        }
        PropertyChecks.atLeast("maxInFlight", maxInFlight, 1);
        PropertyChecks.atLeast("queueTimeoutMillis", queueTimeoutMillis, 0);
        PropertyChecks.atLeast("maxAttempts", maxAttempts, 1);
        PropertyChecks.atLeast("failoverMillis", failoverMillis, 0);
        if (!List.of(AUTO, COMFYUI, CLOUD).contains(dialect)) {
            throw new PropertyException("dialect", "must be AUTO, COMFYUI or CLOUD, but is " + dialect);
        }
        PropertyChecks.requireHeaderValue("comfyOrgApiKey", comfyOrgKey().orElse(""));
        store().check();
        return new ComfyUi();
    }

    /** ComfyUI as a backend. */
    private final class ComfyUi implements Backend<ComfyUiOperations> {
        @Override
        public ComfyUiOperations newOperations(
                HttpBackend http,
                HttpConnection connection,
                Optional<Credentials> credentials,
                StatisticsRecorder statistics) {
            JobTrackers trackers = trackers();
            List<URI> addresses = addresses();
            statistics.tracking(() -> addresses.stream().allMatch(trackers::follow));
            return operations(http, connection, credentials);
        }

        @Override
        public Handle<ComfyUiOperations> newHandle() {
            return new ComfyUiHandle(ComfyUiManagedConnectionFactory.this);
        }

        @Override
        public boolean ownsHandle(Handle<?> handle) {
            return handle instanceof ComfyUiHandle;
        }

        @Override
        public FailureReader failureReader() {
            return answer -> CloudFailures.read(answer).orElseGet(() -> ComfyUiFailures.read(answer));
        }

        @Override
        public Map<String, String> authentication(HttpBackend http, Optional<Credentials> credentials) {
            return ComfyUiManagedConnectionFactory.authentication(credentials);
        }

        @Override
        public List<String> secrets() {
            return comfyOrgKey().stream().toList();
        }

        @Override
        public void probe(ComfyUiOperations operations, Duration timeout) throws GenAiException {
            operations.probe(timeout);
        }

        @Override
        public String version(HttpBackend http) {
            return serverOf(http).version();
        }

        /** Prompts that are queued in a transaction are sent when it is committed. */
        @Override
        public boolean hasLocalTransactions() {
            return true;
        }
    }

    /** What can be done over a connection. */
    private ComfyUiOperations operations(
            HttpBackend http, HttpConnection connection, Optional<Credentials> credentials) {
        ComfyUiBackend known = serverOf(http);
        JobTrackers trackers = trackers();
        JobCalls jobs =
                new JobCalls(known, connection, trackers, () -> tracker(trackers, http, credentials), lostAfterMillis);
        BackendWay apart = new OwnWay(
                new OfFleet(), areConfigured(http, credentials) ? Optional.empty() : Optional.of(present(credentials)));
        boolean forStores = areForStores(http, credentials);
        return known.dialect().isSelfHosted()
                ? new ComfyUiOperations(known, connection, jobs, forStores, apart)
                : new CloudOperations(known, connection, jobs, forStores, apart);
    }

    private boolean areConfigured(HttpBackend http, Optional<Credentials> credentials) {
        try {
            return credentials.equals(ownCredentials(http));
        } catch (InvalidPropertyException e) {
            return false;
        }
    }

    /** Jobs of a store are sent later with the credentials of the configuration, so no others are of use. */
    private boolean areForStores(HttpBackend http, Optional<Credentials> credentials) {
        return credentials.isEmpty() || getApiKeyFile() != null || areConfigured(http, credentials);
    }

    private static Map<String, String> authentication(Optional<Credentials> credentials) {
        return credentials.map(CredentialHeaders::authorization).orElse(Map.of());
    }

    private ComfyUiBackend serverOf(HttpBackend backend) {
        return servers()
                .of(
                        backend,
                        absent -> new ComfyUiBackend(
                                absent,
                                path(),
                                addresses().size() > 1,
                                comfyOrgKey(),
                                isSelfHosted(absent.settings().server()) ? new ComfyUiDialect() : new CloudDialect()));
    }

    private boolean isSelfHosted(URI server) {
        try {
            String spoken = endpoint(server).flatMap(EndpointSettings::dialect).orElse(dialect);
            return AUTO.equals(spoken) ? !CloudDialect.isAt(server) : COMFYUI.equals(spoken);
        } catch (InvalidPropertyException e) {
            throw new IllegalStateException(e.getMessage(), e);
        }
    }

    /** Empty for an address that the configuration does not have any more. */
    private Optional<EndpointSettings> endpoint(URI server) throws InvalidPropertyException {
        return endpoints().stream().filter(each -> each.server().equals(server)).findFirst();
    }

    private KnownServers servers() {
        KnownServers known = servers;
        if (known == null) {
            synchronized (this) {
                known = servers;
                if (known == null) {
                    known = new KnownServers();
                    servers = known;
                }
            }
        }
        return known;
    }

    /** The credentials of the configuration for one of the addresses. */
    private Optional<Credentials> ownCredentials(HttpBackend backend) throws InvalidPropertyException {
        Optional<Credentials> own = endpoint(backend.settings().server()).flatMap(EndpointSettings::credentials);
        return own.isPresent() ? own : ownCredentials();
    }

    /** All addresses, in the order of the configuration. */
    List<URI> addresses() {
        try {
            return endpoints().stream().map(EndpointSettings::server).toList();
        } catch (InvalidPropertyException e) {
            throw new IllegalStateException(e.getMessage(), e);
        }
    }

    private JobTracker tracker(JobTrackers trackers, HttpBackend backend, Optional<Credentials> credentials) {
        return trackers.tracker(accessKey(backend, credentials), key -> access(key, backend, credentials));
    }

    private BackendAccess access(BackendAccess.Key key, HttpBackend backend, Optional<Credentials> credentials) {
        Supplier<Optional<Credentials>> present = present(credentials);
        return new BackendAccess(
                key,
                serverOf(backend),
                () -> accessKey(backend, present.get()),
                now -> backend.connect(now.headers(), now.secrets()));
    }

    /** The HTTP side of one of the addresses. */
    HttpBackend openHttp(URI server) throws ResourceException {
        for (HttpBackend http : https()) {
            if (http.settings().server().equals(server)) {
                return http;
            }
        }
        throw new PropertyException("serverUrl", "does not have " + server + " any more");
    }

    /** How jobs of a store come to the backend, with the credentials of the configuration. */
    Route route(HttpBackend backend) throws ResourceException {
        Optional<Credentials> credentials = ownCredentials(backend);
        JobTrackers trackers = trackers();
        return new Route(
                trackers,
                () -> tracker(trackers, backend, credentials),
                access(accessKey(backend, credentials), backend, credentials),
                maxInFlight,
                maxAttempts,
                this::countedJob,
                fleet().map(fleet -> new StoreFellows(fleet, backend.settings().server())));
    }

    /** The job store of this factory, if it has one. */
    FactoryStore store() {
        FactoryStore known = store;
        if (known == null) {
            synchronized (this) {
                known = store;
                if (known == null) {
                    known = new FactoryStore(this);
                    store = known;
                }
            }
        }
        return known;
    }

    /** The backends of this factory, if it has several. */
    Optional<FactoryFleet> fleet() throws GenAiException {
        List<EndpointSettings> now = checkedEndpoints();
        if (now.size() == 1) {
            return Optional.empty();
        }
        FactoryFleet all = fleetOf(now);
        services().ifPresent(services -> all.show(services, statisticsName()));
        return Optional.of(all);
    }

    /** If the property has changed, connections that exist know the addresses of now, too. */
    private FactoryFleet fleetOf(List<EndpointSettings> now) throws GenAiException {
        FactoryFleet known = fleet;
        if (known == null || !known.isOf(now)) {
            synchronized (this) {
                known = fleet;
                if (known == null || !known.isOf(now)) {
                    replaceEndpoints(now);
                    known = new FactoryFleet(new OfFleet(), now);
                    fleet = known;
                }
            }
        }
        return known;
    }

    /** This factory, as its fleet sees it. */
    private final class OfFleet implements FleetOwner {
        @Override
        public Optional<AdapterServices> services() {
            return ComfyUiManagedConnectionFactory.this.services();
        }

        @Override
        public JobTrackers trackers() {
            return ComfyUiManagedConnectionFactory.this.trackers();
        }

        @Override
        public FleetJobs jobs() {
            return fleetJobs();
        }

        @Override
        public CountedJob countedJob() {
            return ComfyUiManagedConnectionFactory.this.countedJob();
        }

        @Override
        public CountedJob countedJob(CountedJob.Follower placed) {
            return recorder().job(placed);
        }

        @Override
        public int failoverMillis() {
            return failoverMillis;
        }

        @Override
        public int maxAttempts() {
            return maxAttempts;
        }

        @Override
        public int lostAfterMillis() {
            return lostAfterMillis;
        }

        @Override
        public boolean answers(URI server) {
            return isLive(server);
        }

        @Override
        public EndpointFigures figures(URI server) {
            return endpointFigures(server);
        }

        @Override
        public boolean isSelfHosted(URI server) {
            return ComfyUiManagedConnectionFactory.this.isSelfHosted(server);
        }

        @Override
        public void forgetNodeClasses() {
            servers().forgetNodeClasses();
        }

        @Override
        public HttpBackend http(URI server) throws ResourceException {
            return openHttp(server);
        }

        @Override
        public Optional<Credentials> credentials(HttpBackend http) throws ResourceException {
            return ownCredentials(http);
        }

        @Override
        public HttpConnection connect(HttpBackend http, Optional<Credentials> credentials) {
            BackendAccess.Key key = accessKey(http, credentials);
            return http.connect(key.headers(), key.secrets());
        }

        @Override
        public ComfyUiOperations operations(
                HttpBackend http, HttpConnection connection, Optional<Credentials> credentials) {
            return ComfyUiManagedConnectionFactory.this.operations(http, connection, credentials);
        }

        @Override
        public String toString() {
            return ComfyUiManagedConnectionFactory.this.toString();
        }
    }

    /** The jobs of all fleets; one for the adapter, outside a container one for the factory. */
    FleetJobs fleetJobs() {
        return services()
                .map(services -> services.shared(FleetJobs.class, FleetJobs.class, FleetJobs::new))
                .orElseGet(this::ownFleetJobs);
    }

    private synchronized FleetJobs ownFleetJobs() {
        if (ownFleetJobs == null) {
            ownFleetJobs = new FleetJobs();
        }
        return ownFleetJobs;
    }

    private List<EndpointSettings> checkedEndpoints() throws GenAiException {
        try {
            return endpoints();
        } catch (InvalidPropertyException e) {
            throw new GenAiException(FailureCategory.INVALID_REQUEST, e.getMessage(), e);
        }
    }

    private void replaceEndpoints(List<EndpointSettings> now) throws GenAiException {
        try {
            replaceEndpoints(now, present -> true);
        } catch (InvalidPropertyException e) {
            throw new GenAiException(FailureCategory.INVALID_REQUEST, e.getMessage(), e);
        }
    }

    /**
     * Fails if the only backend could never take a submission.
     *
     * @param inTransaction whether it would be sent at the commit of a local transaction
     */
    void requirePossible(Submission submission, boolean inTransaction) throws GenAiException {
        EndpointSettings only = checkedEndpoints().get(0);
        if (!isSelfHosted(only.server())) {
            CloudDialect.requirePossible(productName() + " at " + only.server(), submission, inTransaction);
        }
        for (String tag : submission.required()) {
            if (!only.tags().contains(tag)) {
                throw new GenAiException(
                        FailureCategory.UNSUPPORTED,
                        "Nothing was queued: no backend can run this workflow: " + only.name() + " has no tag " + tag
                                + " in serverUrl");
            }
        }
    }

    /** The services of the adapter, for the store. */
    Optional<AdapterServices> adapter() {
        return services();
    }

    /** With a store jobs can be queued while the backend is down. */
    @Override
    protected boolean probesNewConnections() {
        return store().isAbsent() && super.probesNewConnections();
    }

    /**
     * Also tracks the jobs that other clients send to the backend, with the credentials of the configuration.
     *
     * @param trackers of the adapter
     * @return ends the watch when it is closed
     * @throws ResourceException if the configuration is wrong, or the adapter has stopped; not if the backend is down
     */
    public JobTrackers.Watch watchAll(JobTrackers trackers) throws ResourceException {
        List<JobTrackers.Watch> watches = new ArrayList<>();
        for (HttpBackend backend : https()) {
            if (!serverOf(backend).dialect().isSelfHosted()) {
                throw CloudDialect.lacks(serverOf(backend), "a watch of the jobs of other clients (jobs=ALL)");
            }
        }
        for (HttpBackend backend : https()) {
            watches.add(trackers.watchAll(ownTracker(trackers, backend), lostAfterMillis));
        }
        return () -> watches.forEach(JobTrackers.Watch::close);
    }

    /**
     * Continues to track the jobs that this application server sent before the adapter was restarted.
     *
     * @param trackers of the adapter
     * @throws ResourceException as {@link #watchAll}
     */
    public void adoptJobs(JobTrackers trackers) throws ResourceException {
        for (HttpBackend backend : https()) {
            trackers.adopt(ownTracker(trackers, backend), lostAfterMillis);
        }
    }

    /** The tracker for the credentials of the configuration. */
    public JobTracker tracker(JobTrackers trackers) throws ResourceException {
        return ownTracker(trackers, http());
    }

    private JobTracker ownTracker(JobTrackers trackers, HttpBackend backend) throws ResourceException {
        return tracker(trackers, backend, ownCredentials(backend));
    }

    /** As nodes get it: without the line feed of keys that administrators copy from files. */
    private Optional<String> comfyOrgKey() {
        return PropertyChecks.isBlank(comfyOrgApiKey) ? Optional.empty() : Optional.of(comfyOrgApiKey.strip());
    }

    private String path() {
        return NO_PATH.equals(apiPath) ? "" : apiPath;
    }

    /** One tracker for all factories of the same backend, credentials and transport. */
    private BackendAccess.Key accessKey(HttpBackend backend, Optional<Credentials> credentials) {
        URI http = backend.settings().server();
        URI socket = URI.create("ws" + http.toString().substring("http".length()) + path() + "/ws");
        List<Object> way = transportProperties();
        way.add(backend.settings().transport().query());
        way.add(isSelfHosted(http));
        return new BackendAccess.Key(
                socket,
                CredentialHeaders.of(credentials, getApiKeyHeader(), ComfyUiManagedConnectionFactory::authentication),
                Stream.concat(credentials.stream().map(Credentials::secret), comfyOrgKey().stream())
                        .toList(),
                way);
    }

    /** The adapter's, or this factory's own outside a container, where there is no thread to track jobs. */
    JobTrackers trackers() {
        return services().map(JobTrackers::of).orElseGet(this::ownTrackers);
    }

    private synchronized JobTrackers ownTrackers() {
        if (ownTrackers == null) {
            ownTrackers = new JobTrackers(Optional.empty(), TrackingTimes.USUAL, JobMarker.HOME);
        }
        return ownTrackers;
    }

    /** What is known of jobs without asking a backend; one for the adapter, outside a container one for the factory. */
    LocalJobs localJobs() {
        return services()
                .map(services -> services.shared(LocalJobs.class, LocalJobs.class, LocalJobs::new))
                .orElseGet(this::ownLocalJobs);
    }

    private synchronized LocalJobs ownLocalJobs() {
        if (localJobs == null) {
            localJobs = new LocalJobs();
        }
        return localJobs;
    }

    /** A prompt is not kept for a commit. In a transaction that is seldom meant. */
    void sendsAtOnce() {
        boolean meant = services().filter(AdapterServices::inTransaction).isEmpty();
        if (!meant && !toldOfSendingAtOnce) {
            toldOfSendingAtOnce = true;
            OperatorMessage.NO_TRANSACTIONS.log(LOG, this);
        }
    }

    /** A job that may be submitted through this factory. */
    CountedJob countedJob() {
        return recorder().job();
    }

    /** The uploads that a workflow names, each with a backend that has it; none where there is only one backend. */
    List<UploadedFile> uploadsOf(Submission submission) {
        FactoryFleet known = fleet;
        return known == null
                ? List.of()
                : known.uploads().named(JobNeeds.of(submission).texts());
    }

    /** A job that was queued in a transaction has not been sent, or was refused. */
    void rejected(URI server, JobStatus status, Submission submission) {
        localJobs().ended(status);
        JobUpdate rejection = new JobUpdate(server, submission.tag(), true, status, JobSpans.submitter(submission));
        services().ifPresent(services -> JobTrackers.of(services).tell(rejection));
    }

    @Override
    protected String productName() {
        return "ComfyUI";
    }

    @Override
    protected List<Object> configuration() {
        List<Object> values = super.configuration();
        values.add(apiPath);
        values.addAll(Arrays.asList(
                lostAfterMillis,
                jobStore,
                jobStoreCreateTables,
                maxInFlight,
                queueTimeoutMillis,
                maxAttempts,
                failoverMillis,
                serverCredentials,
                comfyOrgApiKey,
                dialect));
        return values;
    }

    @Override
    protected boolean takesSeveralAddresses() {
        return true;
    }

    @Override
    protected String endpointCredentials() {
        return serverCredentials;
    }

    /** Credentials of single addresses, {@code KEY1=key,KEY2=user:password}; {@code serverUrl} names them. */
    public String getServerCredentials() {
        return serverCredentials;
    }

    public void setServerCredentials(String serverCredentials) {
        this.serverCredentials = serverCredentials;
    }

    /** Key of comfy.org, sent with each prompt for nodes that call paid services; absent: none. */
    public String getComfyOrgApiKey() {
        return comfyOrgApiKey;
    }

    public void setComfyOrgApiKey(String comfyOrgApiKey) {
        this.comfyOrgApiKey = comfyOrgApiKey;
    }

    /**
     * What the backends speak: {@code COMFYUI}, {@code CLOUD} for the Comfy API v2, or {@code AUTO}: by the host of each address, CLOUD for
     * {@code cloud.comfy.org} and {@code *.run.comfy.app}.
     */
    public String getDialect() {
        return dialect;
    }

    public void setDialect(String dialect) {
        this.dialect = dialect;
    }

    /** Path under which the backend's routes are; {@code none} for the root. */
    public String getApiPath() {
        return apiPath;
    }

    public void setApiPath(String apiPath) {
        this.apiPath = apiPath;
    }

    /** How long a backend may be silent before its jobs count as lost, in milliseconds; 0 for ever. */
    public Integer getLostAfterMillis() {
        return lostAfterMillis;
    }

    public void setLostAfterMillis(Integer lostAfterMillis) {
        this.lostAfterMillis = lostAfterMillis;
    }

    /** JNDI name of the data source with the job store; absent: the adapter's, {@code none}: no store. */
    public String getJobStore() {
        return jobStore;
    }

    public void setJobStore(String jobStore) {
        this.jobStore = jobStore;
        store = null;
    }

    /** Whether the adapter makes the tables of the job store where they are missing; absent: as the adapter's says. */
    public Boolean getJobStoreCreateTables() {
        return jobStoreCreateTables;
    }

    public void setJobStoreCreateTables(Boolean jobStoreCreateTables) {
        this.jobStoreCreateTables = jobStoreCreateTables;
    }

    /** Most jobs of the job store that the backend has at a time, sent by all application servers together. */
    public Integer getMaxInFlight() {
        return maxInFlight;
    }

    public void setMaxInFlight(Integer maxInFlight) {
        this.maxInFlight = maxInFlight;
    }

    /** How long a job of the job store may wait to be sent, in milliseconds; 0 for ever. */
    public Integer getQueueTimeoutMillis() {
        return queueTimeoutMillis;
    }

    public void setQueueTimeoutMillis(Integer queueTimeoutMillis) {
        this.queueTimeoutMillis = queueTimeoutMillis;
    }

    /** How often a job of the job store, or of several backends, is begun that its backend loses. */
    public Integer getMaxAttempts() {
        return maxAttempts;
    }

    public void setMaxAttempts(Integer maxAttempts) {
        this.maxAttempts = maxAttempts;
    }

    /**
     * How long one of several backends may be silent, or may run nothing although jobs wait, before its jobs go to others, in
     * milliseconds; 0 for ever.
     */
    public Integer getFailoverMillis() {
        return failoverMillis;
    }

    public void setFailoverMillis(Integer failoverMillis) {
        this.failoverMillis = failoverMillis;
    }
}
