package org.genaiconnector.comfyui;

import java.io.Serializable;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.genaiconnector.SerializedRecord;

/**
 * The result of checking a workflow against a ComfyUI without running it. Lists all errors, not only the first one.
 *
 * @param error what is wrong with the workflow as a whole; empty for nothing
 * @param nodeErrors what is wrong with nodes, by their ids; in ComfyUI's words, so that it reads like a rejection
 * @param doubts possible errors, by the ids of nodes: values beyond the limits or the choices of third-party nodes.
 *     Such nodes may use a check of their own instead ({@code VALIDATE_INPUTS}), and ComfyUI does not say which ones do
 */
public record WorkflowCheck(
        Optional<NodeError> error, Map<String, List<NodeError>> nodeErrors, Map<String, List<NodeError>> doubts)
        implements Serializable {

    public WorkflowCheck {
        nodeErrors = copy(nodeErrors);
        doubts = copy(doubts);
    }

    /** A check without doubts; the parameters are those of the other constructor. */
    public WorkflowCheck(Optional<NodeError> error, Map<String, List<NodeError>> nodeErrors) {
        this(error, nodeErrors, Map.of());
    }

    private static Map<String, List<NodeError>> copy(Map<String, List<NodeError>> byNode) {
        Map<String, List<NodeError>> copy = new LinkedHashMap<>();
        byNode.forEach((id, errors) -> copy.put(id, List.copyOf(errors)));
        return Collections.unmodifiableMap(copy);
    }

    /**
     * Whether nothing is wrong. ComfyUI may still reject the workflow, because third-party nodes have checks of their
     * own.
     *
     * @return true if there are no errors; there may be doubts
     */
    public boolean isValid() {
        return error.isEmpty() && nodeErrors.isEmpty();
    }

    /**
     * Fails if something is wrong.
     *
     * @throws WorkflowRejectedException with all node errors
     */
    public void orThrow() throws WorkflowRejectedException {
        if (!isValid()) {
            throw new WorkflowRejectedException(
                    "The workflow cannot run on this ComfyUI"
                            + error.map(whole -> ": " + whole).orElse(""),
                    nodeErrors);
        }
    }

    private Object writeReplace() {
        return SerializedRecord.of(this);
    }
}
