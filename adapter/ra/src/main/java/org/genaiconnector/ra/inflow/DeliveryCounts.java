package org.genaiconnector.ra.inflow;

import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import org.genaiconnector.ra.connection.AdapterServices;
import org.genaiconnector.ra.util.BoundedMap;

/**
 * How often ends that went back to the trackers were delivered without success, so that the next bean that receives them learns
 * that they may have been delivered before. One for an adapter; all threads may use it.
 */
final class DeliveryCounts implements AutoCloseable {
    /** As many as the trackers keep. */
    private static final int MOST = 1_000;

    private final Map<String, Integer> counts = Collections.synchronizedMap(BoundedMap.inOrderOfInsertion(MOST));

    static DeliveryCounts of(AdapterServices services) {
        return services.shared(DeliveryCounts.class, DeliveryCounts.class, DeliveryCounts::new);
    }

    void note(String jobId, int deliveries) {
        if (deliveries > 0) {
            counts.merge(jobId, deliveries, Math::max);
        }
    }

    /** Empty for an end that was not delivered before. */
    Optional<Integer> of(String jobId) {
        return Optional.ofNullable(counts.get(jobId));
    }

    @Override
    public void close() {
        counts.clear();
    }
}
