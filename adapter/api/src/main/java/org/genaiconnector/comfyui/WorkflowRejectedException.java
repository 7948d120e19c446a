package org.genaiconnector.comfyui;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.genaiconnector.FailureCategory;
import org.genaiconnector.GenAiException;

/** A workflow that cannot run, found by the adapter before sending or by ComfyUI's validation. */
public class WorkflowRejectedException extends GenAiException {
    private static final long serialVersionUID = 1L;

    /** Nodes that the message names; the map has them all. */
    private static final int MAX_NAMED = 100;

    private final LinkedHashMap<String, List<NodeError>> nodeErrors;

    /**
     * A rejection.
     *
     * @param reason what is wrong as a whole; the node errors are added to it
     * @param nodeErrors by node id, may be empty
     */
    public WorkflowRejectedException(String reason, Map<String, List<NodeError>> nodeErrors) {
        this(reason, nodeErrors, null);
    }

    /**
     * A rejection by ComfyUI's answer.
     *
     * @param reason what is wrong as a whole; the node errors are added to it
     * @param nodeErrors by node id, may be empty
     * @param status HTTP status, null if it was not sent
     */
    public WorkflowRejectedException(String reason, Map<String, List<NodeError>> nodeErrors, Integer status) {
        this(reason, nodeErrors, status, null);
    }

    WorkflowRejectedException(String reason, Map<String, List<NodeError>> nodeErrors, Integer status, Throwable cause) {
        super(
                FailureCategory.INVALID_REQUEST,
                nodeErrors.isEmpty() ? reason : reason + " (" + describe(nodeErrors) + ")",
                cause,
                false,
                null,
                status,
                null);
        this.nodeErrors = new LinkedHashMap<>();
        nodeErrors.forEach((node, errors) -> this.nodeErrors.put(node, List.copyOf(errors)));
    }

    /**
     * The wrong nodes.
     *
     * @return by node id, in the order of the workflow, unmodifiable; empty if the workflow as a whole is wrong
     */
    public Map<String, List<NodeError>> nodeErrors() {
        return Collections.unmodifiableMap(nodeErrors);
    }

    private static String describe(Map<String, List<NodeError>> nodeErrors) {
        return nodeErrors.entrySet().stream()
                        .limit(MAX_NAMED)
                        .map(entry -> "node " + entry.getKey() + ": "
                                + entry.getValue().stream()
                                        .map(NodeError::toString)
                                        .collect(Collectors.joining("; ")))
                        .collect(Collectors.joining(", "))
                + (nodeErrors.size() > MAX_NAMED ? ", and " + (nodeErrors.size() - MAX_NAMED) + " nodes more" : "");
    }
}
