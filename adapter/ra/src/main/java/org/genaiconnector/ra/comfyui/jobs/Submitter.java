package org.genaiconnector.ra.comfyui.jobs;

import jakarta.json.JsonString;
import java.util.Optional;
import org.genaiconnector.comfyui.Submission;
import org.genaiconnector.ra.telemetry.Telemetry;

/**
 * On whose behalf, and in which trace, a job was submitted.
 *
 * @param caller of the submission
 * @param trace context of its span, as {@link Telemetry#traceparent} gives it
 */
public record Submitter(Optional<String> caller, Optional<String> trace) {
    /** Of jobs of which neither is known. */
    public static final Submitter UNKNOWN = new Submitter(Optional.empty(), Optional.empty());

    /** That of a submission, whose {@code extraData} carries the context of its span. */
    public static Submitter of(Submission submission) {
        return new Submitter(
                submission.caller(),
                submission.extraData().get(Telemetry.TRACEPARENT) instanceof JsonString trace
                        ? Optional.of(trace.getString())
                        : Optional.empty());
    }
}
