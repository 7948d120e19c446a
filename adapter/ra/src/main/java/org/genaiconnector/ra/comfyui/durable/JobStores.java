package org.genaiconnector.ra.comfyui.durable;

import jakarta.resource.spi.InvalidPropertyException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.genaiconnector.ra.connection.AdapterServices;
import org.genaiconnector.ra.connection.JobStoreSettings;
import org.genaiconnector.ra.database.DataSources;

/** The job stores that one adapter uses. Any thread. */
public final class JobStores implements AutoCloseable {
    private final AdapterServices services;
    private final DurableTimes times;
    private final DataSources sources;
    private final Map<String, StoreSession> sessions = new ConcurrentHashMap<>();

    /** Those of an adapter, with times and data sources of one's own. */
    public JobStores(AdapterServices services, DurableTimes times, DataSources sources) {
        this.services = services;
        this.times = times;
        this.sources = sources;
    }

    /**
     * Those of an adapter.
     *
     * @return always the same until the adapter is started again
     */
    public static JobStores of(AdapterServices services) {
        return services.shared(
                JobStores.class, JobStores.class, () -> new JobStores(services, DurableTimes.USUAL, DataSources.JNDI));
    }

    /**
     * The session with a store; this instance works in it from the first call on. Nothing is asked of the database before this
     * returns.
     *
     * @param name of the data source in JNDI
     * @param createTables whether the adapter may make missing tables
     * @return the same for equal names
     * @throws InvalidPropertyException if the configuration of the adapter is wrong
     */
    public StoreSession session(String name, boolean createTables) throws InvalidPropertyException {
        StoreSession session = sessions.get(name);
        if (session == null) {
            JobStoreSettings settings = services.jobStore();
            session = sessions.computeIfAbsent(
                    name, absent -> new StoreSession(name, services, times, sources, settings));
        }
        session.open(createTables);
        return session;
    }

    @Override
    public void close() {
        sessions.values().forEach(StoreSession::close);
    }
}
