package org.genaiconnector.comfyui;

import java.io.Serializable;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * A workflow that a server has accepted.
 *
 * @param id the job's id, a canonical lower-case UUID made by the adapter (ComfyUI's {@code prompt_id}); servers before
 *     0.3.45 choose their own, and then it is theirs
 * @param server the server that accepted it; a job lives on that server only
 * @param nodeErrors empty if all of the workflow will run; otherwise the nodes whose outputs the server leaves out
 */
public record Job(String id, URI server, Map<String, List<NodeError>> nodeErrors) implements Serializable {

    public Job {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(server, "server");
        nodeErrors = Map.copyOf(nodeErrors);
    }
}
