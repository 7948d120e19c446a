package org.genaiconnector.comfyui;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What would come of a workflow on a server, as far as can be told without running it. All that is wrong is listed, not only
 * the first thing.
 *
 * @param error what is wrong with the workflow as a whole; empty for nothing
 * @param nodeErrors what is wrong with nodes, by their ids; in the server's words, so that it reads like a rejection
 */
public record WorkflowCheck(Optional<NodeError> error, Map<String, List<NodeError>> nodeErrors) {

    public WorkflowCheck {
        Map<String, List<NodeError>> copy = new LinkedHashMap<>();
        nodeErrors.forEach((id, errors) -> copy.put(id, List.copyOf(errors)));
        nodeErrors = Collections.unmodifiableMap(copy);
    }

    /**
     * Tells whether nothing is wrong. The server may still know better: third-party nodes have checks of their own.
     *
     * @return true if there are no errors
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
                    "The workflow cannot run on this server"
                            + error.map(whole -> ": " + whole).orElse(""),
                    nodeErrors);
        }
    }
}
