package org.genaiconnector.ra.comfyui.store;

import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.genaiconnector.comfyui.JobStatus;
import org.genaiconnector.comfyui.StoredJob;

/**
 * A job as it was read or written. Times are those of the database's clock.
 *
 * @param id the job's id
 * @param backend address of its backend
 * @param tag of the submission
 * @param caller of the submission
 * @param state in the store
 * @param cancel whether somebody wants it cancelled
 * @param submission JSON as from {@link SubmissionCodec}; empty unless the row was claimed or adopted
 * @param promptId by which the backend knows it, or will; the job's id while it was never sent
 * @param attempts how often it was sent, as far as that counts
 * @param owner the instance that works on it; empty if none does
 * @param fence grows with each change of the owner
 * @param created when it was inserted
 * @param sent when the last sending began
 * @param ended when it ended
 * @param reason what went wrong in the attempts so far, at most 2,000 characters
 * @param asOf the time when it was read
 * @param status as applications see it
 */
public record JobRow(
        String id,
        String backend,
        Optional<String> tag,
        Optional<String> caller,
        StoredState state,
        boolean cancel,
        String submission,
        String promptId,
        int attempts,
        Optional<String> owner,
        long fence,
        Instant created,
        Optional<Instant> sent,
        Optional<Instant> ended,
        Optional<String> reason,
        Instant asOf,
        JobStatus status) {

    /** How long ago the last sending had begun when the row was read; zero if it was never sent. */
    public Duration sinceSent() {
        return sent.map(start -> Duration.between(start, asOf))
                .filter(time -> !time.isNegative())
                .orElse(Duration.ZERO);
    }

    /** The job for applications. */
    public StoredJob toStoredJob() {
        return new StoredJob(id, URI.create(backend), tag, caller, status, attempts, created, sent, ended);
    }
}
