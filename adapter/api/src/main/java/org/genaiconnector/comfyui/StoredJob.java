package org.genaiconnector.comfyui;

import java.io.Serializable;
import java.net.URI;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import org.genaiconnector.SerializedRecord;

/**
 * A job as the job store has it. All times are those of the database's clock, in milliseconds.
 *
 * @param id the job's id
 * @param server the ComfyUI that runs it, as {@link ComfyUiConnectionFactory#server()}
 * @param tag of the submission
 * @param caller of the submission
 * @param status at the moment of the query; a job that waits to be sent is {@link JobState#PENDING}
 * @param attempts how often it has been sent to ComfyUI, without sendings that never arrived or were lost for the sake of another job;
 *     0 while it waits for the first time
 * @param created when it was queued
 * @param sent when it was sent to ComfyUI last; empty if it never was
 * @param ended when it ended; empty before
 */
public record StoredJob(
        String id,
        URI server,
        Optional<String> tag,
        Optional<String> caller,
        JobStatus status,
        int attempts,
        Instant created,
        Optional<Instant> sent,
        Optional<Instant> ended)
        implements Serializable {

    public StoredJob {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(server, "server");
        Objects.requireNonNull(status, "status");
        Objects.requireNonNull(created, "created");
    }

    private Object writeReplace() {
        return SerializedRecord.of(this);
    }
}
