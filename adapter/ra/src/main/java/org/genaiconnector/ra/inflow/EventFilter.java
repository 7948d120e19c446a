package org.genaiconnector.ra.inflow;

import java.net.URI;
import java.util.Optional;
import java.util.Set;
import org.genaiconnector.comfyui.JobPreview;
import org.genaiconnector.ra.comfyui.jobs.JobUpdate;

/**
 * Selects the events that a bean receives.
 *
 * @param scope whose jobs
 * @param server address of their backend; empty for all backends
 * @param tag of the jobs; empty for jobs with any tag or none
 * @param kinds of events
 */
record EventFilter(JobScope scope, Optional<URI> server, Optional<String> tag, Set<EventKind> kinds) {

    boolean selects(JobUpdate update) {
        return kinds.contains(update.isEnd() ? EventKind.ENDS : EventKind.PROGRESS)
                && (update.own() || scope == JobScope.ALL)
                && selects(update.server(), update.tag());
    }

    boolean selects(JobPreview preview) {
        return kinds.contains(EventKind.PREVIEW) && selects(preview.server(), preview.tag());
    }

    private boolean selects(URI jobServer, Optional<String> jobTag) {
        return (server.isEmpty() || server.get().equals(jobServer)) && (tag.isEmpty() || tag.equals(jobTag));
    }
}
