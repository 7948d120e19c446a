package org.genaiconnector.comfyui;

import java.io.Serializable;
import java.util.List;
import java.util.Objects;

/**
 * Why a job failed, in ComfyUI's words, cleaned and cut by {@link org.genaiconnector.ForeignText}.
 *
 * @param node id of the failed node, empty if ComfyUI names none
 * @param nodeType its class, for example {@code KSampler}
 * @param type the Python exception, for example {@code torch.OutOfMemoryError}
 * @param message the exception's message, on one line of at most 4,000 characters
 * @param traceback at most 20 entries of Python's traceback, with their line breaks, each of at most 4,000 characters
 */
public record JobFailure(String node, String nodeType, String type, String message, List<String> traceback)
        implements Serializable {

    public JobFailure {
        Objects.requireNonNull(node, "node");
        Objects.requireNonNull(nodeType, "nodeType");
        Objects.requireNonNull(type, "type");
        Objects.requireNonNull(message, "message");
        traceback = List.copyOf(traceback);
    }

    /**
     * A failure that is of no node, such as one of the adapter's own reasons.
     *
     * @param type of the reason, for example {@code QUEUE_TIMEOUT}; empty if there is none
     * @param message for people, not null
     * @return without node and traceback
     */
    public static JobFailure of(String type, String message) {
        return new JobFailure("", "", type, message, List.of());
    }
}
