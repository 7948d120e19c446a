package org.genaiconnector.ra.llm.store;

import jakarta.resource.spi.InvalidPropertyException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.genaiconnector.ra.connection.AdapterServices;
import org.genaiconnector.ra.connection.JobStoreSettings;
import org.genaiconnector.ra.database.AdapterSource;
import org.genaiconnector.ra.database.DataSources;
import org.genaiconnector.ra.database.Database;
import org.genaiconnector.ra.llm.limits.Limits;

/** The limits that one adapter counts in databases. Any thread. */
public final class LimitStores implements AutoCloseable {
    private static final int LONGEST_NAME = 200;

    private final AdapterServices services;
    private final DataSources sources;
    private final Map<Key, LimitKeeper> keepers = new ConcurrentHashMap<>();

    private record Key(String store, String targets) {}

    /** Those of an adapter, with data sources of one's own. */
    public LimitStores(AdapterServices services, DataSources sources) {
        this.services = services;
        this.sources = sources;
    }

    /**
     * Those of an adapter.
     *
     * @return always the same until the adapter is started again
     */
    public static LimitStores of(AdapterServices services) {
        return services.shared(LimitStores.class, LimitStores.class, () -> new LimitStores(services, DataSources.JNDI));
    }

    /**
     * The limits of some targets. Nothing is asked of the database before the first call.
     *
     * @param store name of the data source in JNDI
     * @param targets the property, which all factories have that count together
     * @return the same for equal arguments
     * @throws InvalidPropertyException if the configuration of the adapter is wrong
     */
    public Limits limits(String store, String targets) throws InvalidPropertyException {
        Key key = new Key(store, targets);
        LimitKeeper known = keepers.get(key);
        if (known == null) {
            JobStoreSettings settings = services.jobStore();
            known = keepers.computeIfAbsent(key, absent -> keeper(absent, settings));
        }
        return known.limits();
    }

    private LimitKeeper keeper(Key key, JobStoreSettings settings) {
        Database database =
                new Database(key.store(), new AdapterSource(key.store(), sources, services), settings.createTables());
        return new LimitKeeper(
                services,
                key.store(),
                new LimitTable(database, name(key.targets())),
                UUID.randomUUID().toString(),
                settings.lease());
    }

    /** A path is its own name; a text has one that changes with it. */
    private static String name(String targets) {
        return targets.startsWith("{") || targets.length() > LONGEST_NAME
                ? "text " + UUID.nameUUIDFromBytes(targets.getBytes(StandardCharsets.UTF_8))
                : targets;
    }

    @Override
    public void close() {
        keepers.values().forEach(LimitKeeper::close);
    }
}
