package org.genaiconnector.ra.inflow;

import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import org.genaiconnector.ra.connection.AdapterServices;
import org.genaiconnector.ra.util.BoundedMap;

/**
 * How often ends were delivered in vain that went back to the trackers, so that whoever gets them next is told that they may
 * have been delivered before. One for an adapter.
 */
final class Deliveries implements AutoCloseable {
    /** As many as the trackers keep. */
    private static final int MOST = 1_000;

    private final Map<String, Integer> counts = Collections.synchronizedMap(BoundedMap.inOrderOfInsertion(MOST));

    static Deliveries of(AdapterServices services) {
        return services.shared(Deliveries.class, Deliveries.class, Deliveries::new);
    }

    void note(String jobId, int deliveries) {
        if (deliveries > 0) {
            counts.merge(jobId, deliveries, Math::max);
        }
    }

    /** Empty for an end that comes for the first time. */
    Optional<Integer> of(String jobId) {
        return Optional.ofNullable(counts.get(jobId));
    }

    @Override
    public void close() {
        counts.clear();
    }
}
