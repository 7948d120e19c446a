package org.genaiconnector.ra.comfyui.wire;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.genaiconnector.comfyui.JobFailure;
import org.genaiconnector.comfyui.JobState;
import org.genaiconnector.comfyui.Output;

/** A message of a backend's WebSocket: a hint, never the truth. It loses events, and signals ends too early. */
public sealed interface JobSignal {
    /**
     * Which job it is about.
     *
     * @return empty if it does not say
     */
    String job();

    /**
     * Jobs have come or gone.
     *
     * @param jobs how many wait and run now, of all clients; empty if it does not say
     */
    record QueueChanged(OptionalInt jobs) implements JobSignal {
        @Override
        public String job() {
            return "";
        }
    }

    /** A job has left the queue. */
    record Started(String job) implements JobSignal {}

    /** Some nodes need not run. */
    record Cached(String job, List<String> nodes) implements JobSignal {}

    /**
     * A node begins; comes without the job's id on a new socket.
     *
     * @param shownAs of which nodes of the workflow the backend says that it is a part, the best first
     */
    record Executing(String job, String node, List<String> shownAs) implements JobSignal {}

    /** A node has advanced. */
    record Advanced(String job, String node, double value, double max) implements JobSignal {}

    /** The progress of all nodes that have begun. */
    record Nodes(String job, Map<String, Stand> stands) implements JobSignal {}

    /**
     * A node's steps.
     *
     * @param shownAs as for {@link Executing}
     */
    record Stand(double value, double max, boolean finished, List<String> shownAs) {}

    /** A node has put something out. */
    record Executed(String job, String node, List<Output> outputs) implements JobSignal {}

    /** A job has ended, but the history may not know it yet. */
    record Ending(String job, JobState state, Optional<JobFailure> failure) implements JobSignal {}

    /** A job has ended, and the history knows it: the last event of a job. */
    record Over(String job) implements JobSignal {}

    /** A picture, or a text, in the making; of the job that runs if it does not say which. */
    record Preview(String job, String node, String mediaType, byte[] content) implements JobSignal {}
}
