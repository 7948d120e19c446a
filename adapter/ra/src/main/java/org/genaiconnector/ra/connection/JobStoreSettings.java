package org.genaiconnector.ra.connection;

import java.time.Duration;
import java.util.Optional;

/**
 * What the configuration of the adapter says about job stores.
 *
 * @param name JNDI name of the data source that is the store of all factories and activations without one of their own; empty for
 *     none
 * @param createTables whether the adapter may make missing tables
 * @param lease how long an application server may be silent before others take its jobs over; at least a second
 * @param retention how long ended jobs are kept; zero for ever
 * @param retained how many ended jobs are kept at most; zero for no limit
 */
public record JobStoreSettings(
        Optional<String> name, boolean createTables, Duration lease, Duration retention, long retained) {
    /** No store for all, and the usual values for those of single factories. */
    public static final JobStoreSettings USUAL =
            new JobStoreSettings(Optional.empty(), false, Duration.ofSeconds(15), Duration.ofHours(168), 100_000);
}
