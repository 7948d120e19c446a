package org.genaiconnector.ra.inflow;

import java.util.Optional;

/**
 * Which ends a durable subscription gets.
 *
 * @param name of the subscription
 * @param store JNDI name of the data source with the job store
 * @param backend address of the backend of the jobs; empty for all backends
 * @param tag of the jobs; empty for jobs with any tag or none
 */
record SubscriptionSettings(String name, String store, Optional<String> backend, Optional<String> tag) {

    /** Whether two beans that share a subscription do not agree on what it gets. */
    boolean contradicts(SubscriptionSettings other) {
        return name.equals(other.name) && store.equals(other.store) && !equals(other);
    }
}
