package org.genaiconnector.ra.comfyui.jobs;

import java.util.Optional;

/**
 * On whose behalf, and in which trace, a job was submitted.
 *
 * @param caller of the submission
 * @param trace context of its span, a {@code traceparent} of W3C Trace Context
 */
public record Submitter(Optional<String> caller, Optional<String> trace) {
    /** Of jobs of which neither is known. */
    public static final Submitter UNKNOWN = new Submitter(Optional.empty(), Optional.empty());
}
