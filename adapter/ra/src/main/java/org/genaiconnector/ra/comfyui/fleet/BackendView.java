package org.genaiconnector.ra.comfyui.fleet;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/**
 * A backend as it was last seen, for one job.
 *
 * @param name for people
 * @param server its address
 * @param weight 1 or more; how fast it is, compared with the others
 * @param tags as configured
 * @param state whether it takes jobs
 * @param ahead the work of all jobs that will run before this one, on a backend of weight 1
 * @param jobs how many those are, of all clients
 * @param loaded the model files that are in its memory when the job's turn comes
 * @param lacks what it is known not to have of what the job needs, in words; empty also if that is not known
 */
public record BackendView(
        String name,
        URI server,
        int weight,
        Set<String> tags,
        State state,
        Duration ahead,
        int jobs,
        Set<String> loaded,
        List<String> lacks) {

    /** Whether a backend takes jobs. */
    public enum State {
        /** It does. */
        LIVE,
        /** It does not answer. */
        DOWN,
        /** It answers, but runs nothing although jobs wait. */
        IDLE,
        /** The administrator has drained it. */
        DRAINED,
        /** This job was just refused there, or could not be sent. */
        TRIED
    }

    public BackendView {
        tags = Set.copyOf(tags);
        loaded = Set.copyOf(loaded);
        lacks = List.copyOf(lacks);
    }
}
