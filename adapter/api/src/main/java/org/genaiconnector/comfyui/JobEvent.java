package org.genaiconnector.comfyui;

import java.io.Serializable;
import java.net.URI;
import java.util.Objects;
import java.util.Optional;
import org.genaiconnector.SerializedRecord;

/**
 * Something that happened to a job, as a {@link ComfyUiJobListener} receives it.
 *
 * @param id of the event, the same at every delivery. The end of a job always has the same id, so that a receiver can
 *     recognize a repetition
 * @param server address of the ComfyUI that has the job
 * @param tag as given to {@link Submission#withTag}, empty for a job without one
 * @param status of the job at that moment; final for an end
 * @param delivery 1 for the first delivery, more for each repetition
 * @param caller as given to {@link Submission#withCaller}; empty for a job without one, and for a job that was found again after a
 *     restart and is in no job store
 */
public record JobEvent(
        String id, URI server, Optional<String> tag, JobStatus status, int delivery, Optional<String> caller)
        implements Serializable {

    public JobEvent {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(server, "server");
        Objects.requireNonNull(tag, "tag");
        Objects.requireNonNull(status, "status");
        Objects.requireNonNull(caller, "caller");
    }

    /** An event of a job without a caller; the parameters are those of the record. */
    public JobEvent(String id, URI server, Optional<String> tag, JobStatus status, int delivery) {
        this(id, server, tag, status, delivery, Optional.empty());
    }

    /**
     * The job's id.
     *
     * @return as in {@link Job#id()}
     */
    public String jobId() {
        return status.id();
    }

    /**
     * Whether this may have been delivered before, because the listener threw or its transaction was rolled back.
     *
     * @return false for a first delivery
     */
    public boolean isRedelivered() {
        return delivery > 1;
    }

    private Object writeReplace() {
        return SerializedRecord.of(this);
    }
}
