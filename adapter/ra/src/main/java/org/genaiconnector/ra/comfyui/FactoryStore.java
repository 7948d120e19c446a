package org.genaiconnector.ra.comfyui;

import jakarta.resource.ResourceException;
import jakarta.resource.spi.InvalidPropertyException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.URI;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.genaiconnector.FailureCategory;
import org.genaiconnector.GenAiException;
import org.genaiconnector.ra.comfyui.durable.DurableJobs;
import org.genaiconnector.ra.comfyui.durable.JobStores;
import org.genaiconnector.ra.comfyui.durable.Route;
import org.genaiconnector.ra.comfyui.durable.RouteSource;
import org.genaiconnector.ra.comfyui.durable.StoreSession;
import org.genaiconnector.ra.connection.AdapterServices;
import org.genaiconnector.ra.connection.JobStoreSettings;
import org.genaiconnector.ra.connection.PropertyChecks;
import org.genaiconnector.ra.connection.PropertyException;
import org.genaiconnector.ra.http.HttpBackend;
import org.genaiconnector.ra.messages.OperatorMessage;

/** The job store of a factory: its own or the adapter's, or none. Any thread. */
final class FactoryStore {
    private static final Logger LOG = System.getLogger(FactoryStore.class.getName());
    private static final String NONE = "none";

    private final ComfyUiManagedConnectionFactory factory;

    /** To each backend; referred to by nothing else for longer than the factory lives. */
    private final Map<URI, RouteSource> ways = new ConcurrentHashMap<>();

    private final AtomicBoolean warned = new AtomicBoolean();

    /** Null until first needed. */
    private volatile Optional<String> name;

    private volatile Jobs jobs;

    private final Map<URI, OpenRoute> routes = new ConcurrentHashMap<>();

    /** Those of one life cycle of the adapter. */
    private record Jobs(StoreSession session, DurableJobs jobs) {}

    private record OpenRoute(HttpBackend http, Route route) {}

    FactoryStore(ComfyUiManagedConnectionFactory factory) {
        this.factory = factory;
    }

    /** One for all connections of the factory to a backend, until the adapter is started again. */
    private Route route(URI server) throws ResourceException {
        HttpBackend http = factory.openHttp(server);
        OpenRoute known = routes.get(server);
        if (known == null || known.http() != http) {
            known = new OpenRoute(http, factory.route(http));
            routes.put(server, known);
        }
        return known.route();
    }

    /** In the order of the configuration. */
    private Map<URI, RouteSource> ways() {
        Map<URI, RouteSource> present = new LinkedHashMap<>();
        factory.addresses()
                .forEach(server -> present.put(server, ways.computeIfAbsent(server, absent -> () -> route(absent))));
        return present;
    }

    private Optional<String> name() throws InvalidPropertyException {
        Optional<String> known = name;
        if (known == null) {
            known = effectiveName();
            name = known;
        }
        return known;
    }

    private Optional<String> effectiveName() throws InvalidPropertyException {
        String own = factory.getJobStore();
        if (!PropertyChecks.isBlank(own)) {
            return Optional.of(own.strip()).filter(name -> !NONE.equals(name));
        }
        Optional<AdapterServices> services = factory.adapter();
        return services.isPresent() ? services.get().jobStore().name() : Optional.empty();
    }

    /** Whether there is none; also if the configuration is wrong. */
    boolean isAbsent() {
        try {
            return name().isEmpty();
        } catch (InvalidPropertyException e) {
            return true;
        }
    }

    /** Checks the configuration, but not whether there is such a store: it may come later. */
    void check() throws InvalidPropertyException {
        if (name().isPresent()) {
            services().jobStore();
        }
    }

    private AdapterServices services() throws PropertyException {
        return factory.adapter()
                .orElseThrow(() -> new PropertyException(
                        "jobStore", "needs an application server; outside of one set it to " + NONE));
    }

    /** Begins to serve the store, since there may be jobs of the time before a restart. */
    void begin() {
        if (isAbsent() || factory.adapter().isEmpty()) {
            return;
        }
        try {
            jobs();
        } catch (GenAiException | IllegalStateException e) { // the first connection will tell
            LOG.log(Level.DEBUG, "The job store of {0} is not served yet: {1}", factory, e.getMessage());
        }
    }

    /** The jobs of the store; empty without one. */
    Optional<DurableJobs> jobs() throws GenAiException {
        try {
            Optional<String> store = name();
            return store.isPresent() ? Optional.of(jobs(store.get())) : Optional.empty();
        } catch (InvalidPropertyException e) {
            throw new GenAiException(FailureCategory.INVALID_REQUEST, e.getMessage(), e);
        }
    }

    private DurableJobs jobs(String store) throws InvalidPropertyException {
        JobStoreSettings settings = services().jobStore();
        boolean create = Optional.ofNullable(factory.getJobStoreCreateTables()).orElse(settings.createTables());
        StoreSession session = JobStores.of(services()).session(store, create);
        Jobs known = jobs;
        if (known == null || known.session() != session) {
            known = new Jobs(
                    session,
                    DurableJobs.of(
                            session,
                            ways(),
                            factory::uploadsOf,
                            Duration.ofMillis(factory.getQueueTimeoutMillis()),
                            factory.localJobs()));
            jobs = known;
        }
        return known.jobs();
    }

    /** The application server has begun a local transaction, which nothing needs. */
    void warnOfLocalTransaction() {
        if (warned.compareAndSet(false, true)) {
            OperatorMessage.STORE_IN_LOCAL_TRANSACTION.log(LOG, factory);
        }
    }
}
