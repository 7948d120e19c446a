package org.genaiconnector.ra.inflow;

import java.net.URI;
import java.util.Optional;
import java.util.Set;
import org.genaiconnector.comfyui.JobPreview;
import org.genaiconnector.ra.comfyui.jobs.JobUpdate;

/**
 * What a bean wants to hear of.
 *
 * @param scope whose jobs
 * @param server of which server; empty for all
 * @param tag with which tag; empty for any or none
 * @param kinds which of their events
 */
record Interest(JobScope scope, Optional<URI> server, Optional<String> tag, Set<EventKind> kinds) {

    boolean covers(JobUpdate news) {
        return kinds.contains(news.isEnd() ? EventKind.ENDS : EventKind.PROGRESS)
                && (news.own() || scope == JobScope.ALL)
                && covers(news.server(), news.tag());
    }

    boolean covers(JobPreview preview) {
        return kinds.contains(EventKind.PREVIEW) && covers(preview.server(), preview.tag());
    }

    private boolean covers(URI jobServer, Optional<String> jobTag) {
        return (server.isEmpty() || server.get().equals(jobServer)) && (tag.isEmpty() || tag.equals(jobTag));
    }
}
