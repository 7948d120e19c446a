package org.genaiconnector.ra.comfyui.jobs;

import java.util.Map;
import java.util.Optional;
import org.genaiconnector.ra.comfyui.wire.JobMarker;
import org.genaiconnector.ra.util.BoundedMap;

/** A search for jobs that the ledger does not have yet: which ids it has seen. Guarded by the ledger. */
final class JobWatch {
    /** What to look for. */
    enum Scope {
        /** The jobs of all clients, for as long as the watch is kept. */
        ALL,
        /** Our own jobs from before a restart; once, since no more of them will come. */
        OWN_ONCE
    }

    /** So many ids a watch remembers. */
    static final int MOST_SEEN = 20_000;

    private final Scope scope;
    private final String home;
    private final long lostAfterMillis;
    private final Map<String, Boolean> seen = BoundedMap.inOrderOfInsertion(MOST_SEEN);
    private boolean begun;

    /** @param home of this adapter, see {@link JobMarker#home()} */
    JobWatch(Scope scope, String home, long lostAfterMillis) {
        this.scope = scope;
        this.home = home;
        this.lostAfterMillis = lostAfterMillis;
    }

    Scope scope() {
        return scope;
    }

    long lostAfterMillis() {
        return lostAfterMillis;
    }

    /** Whether it has looked once: what had ended before is nothing new. */
    boolean hasBegun() {
        return begun;
    }

    void begun() {
        begun = true;
    }

    /** Notes an id; tells whether it is new. */
    boolean sees(String id) {
        return seen.put(id, true) == null;
    }

    /** Whether the job with this marker is one to look for. */
    boolean covers(Optional<JobMarker> marker) {
        return scope == Scope.ALL || isOurs(marker);
    }

    boolean isOurs(Optional<JobMarker> marker) {
        return marker.filter(known -> known.home().equals(home)).isPresent();
    }
}
