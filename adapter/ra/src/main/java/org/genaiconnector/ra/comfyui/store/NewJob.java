package org.genaiconnector.ra.comfyui.store;

import java.time.Duration;
import java.util.Objects;
import java.util.Optional;

/**
 * A job to be inserted.
 *
 * @param id 1 to 36 characters, not used before
 * @param backend its address, at most 500 characters
 * @param tag 1 to 200 characters, if any
 * @param caller 1 to 200 characters, if any
 * @param priority lowest first, finite; jobs of the same priority go in the order of their insertion
 * @param submission as from {@link SubmissionCodec}
 * @param queueTimeout after which it ends if it was not sent; zero for never
 */
public record NewJob(
        String id,
        String backend,
        Optional<String> tag,
        Optional<String> caller,
        double priority,
        String submission,
        Duration queueTimeout) {

    public NewJob {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(backend, "backend");
        Objects.requireNonNull(submission, "submission");
    }
}
