package org.genaiconnector.ra.comfyui.store;

import org.genaiconnector.ra.database.Database;
import org.genaiconnector.ra.database.StoreException;
import org.genaiconnector.ra.database.StoreSource;

/**
 * A job store: the tables of the adapter in one database. All threads may use it and its parts.
 *
 * <p>Nothing is done before the first call, which checks the tables, and makes them if it may. Every call fails with a
 * {@link StoreException} if the database does; the next call tries again. Unless a method says otherwise it has a transaction
 * of its own, which it runs on another thread if the calling one is in a transaction.
 */
public final class JobStore {
    private final String name;
    private final Database database;
    private final StoredJobs jobs;
    private final Instances instances;
    private final Dispatch dispatch;
    private final Deliveries deliveries;
    private final Upkeep upkeep;

    /**
     * A store.
     *
     * @param name the JNDI name of the data source, for messages
     * @param source what it needs of the application server
     * @param createTables whether it may make missing tables
     */
    public JobStore(String name, StoreSource source, boolean createTables) {
        this.name = name;
        this.database = new Database(name, source, createTables);
        this.jobs = new StoredJobs(database);
        this.instances = new Instances(database);
        this.dispatch = new Dispatch(database);
        this.deliveries = new Deliveries(database);
        this.upkeep = new Upkeep(database, instances);
    }

    /** The JNDI name of the data source. */
    public String name() {
        return name;
    }

    /**
     * Checks the tables, and makes them if they are missing and it may. The other methods do it by themselves at first, and after
     * failures; call it now and then, for a newer adapter may have changed them.
     */
    public void prepare() throws StoreException {
        database.prepare();
    }

    /** What applications do with jobs. */
    public StoredJobs jobs() {
        return jobs;
    }

    /** Who works on the rows. */
    public Instances instances() {
        return instances;
    }

    /** Sending and tracking. */
    public Dispatch dispatch() {
        return dispatch;
    }

    /** Durable subscriptions. */
    public Deliveries deliveries() {
        return deliveries;
    }

    /** What an administrator sees and does. */
    public Upkeep upkeep() {
        return upkeep;
    }
}
