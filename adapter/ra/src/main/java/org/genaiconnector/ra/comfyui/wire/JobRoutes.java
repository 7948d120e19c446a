package org.genaiconnector.ra.comfyui.wire;

import jakarta.json.JsonArray;
import java.util.List;
import java.util.Optional;
import org.genaiconnector.GenAiException;
import org.genaiconnector.comfyui.Cancellation;
import org.genaiconnector.comfyui.JobQueue;
import org.genaiconnector.comfyui.JobState;

/** What a backend can be asked about its jobs, and what can be done with them. One thread at a time. */
public interface JobRoutes {
    /** Fails if the backend cannot be asked about jobs. */
    void probe() throws GenAiException;

    /** Everything there is to know of a job; empty if the backend does not know it. */
    Optional<FoundJob> find(String id) throws GenAiException;

    /** What is known of a job that is not in the queue; one that still is may seem unknown. */
    Optional<FoundJob> findEnded(String id) throws GenAiException;

    /** The jobs that have not ended, with or without the rest of the queue's contents; those that are not listed are asked for. */
    JobQueue alive() throws GenAiException;

    /**
     * Ids of jobs that ended, those that were made last first where the backend sorts.
     *
     * @param most how many
     * @param offset so many of them are left out, or not, as on backends without the jobs route
     * @return more than {@code most} where none could be left out; fewer than {@code offset + most} then, or fewer than
     *     {@code most} else, if there are no more
     */
    List<String> ended(int most, int offset) throws GenAiException;

    /** How a job ended of which there is more to tell than can be read; empty if the backend does not list it. */
    Optional<JobState> endedAs(String id) throws GenAiException;

    /** The queue's items as they are: number, id, prompt, extra data, outputs. */
    List<JsonArray> queueItems() throws GenAiException;

    /** Whether the backend surely runs jobs under the ids of its clients. */
    boolean keepIds();

    /** The id that a backend gave to a job for which another one was wanted, if it can be found out. */
    Optional<String> idOf(JobMarker marker) throws GenAiException;

    /** Takes a job from the queue, or ends it where it runs. */
    Cancellation cancel(String id) throws GenAiException;

    /** Asks for the end of a job that runs. */
    void interrupt(String id) throws GenAiException;
}
