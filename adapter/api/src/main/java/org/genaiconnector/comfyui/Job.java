package org.genaiconnector.comfyui;

import java.io.Serializable;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * A workflow that ComfyUI has accepted.
 *
 * @param id the job's id, a canonical lower-case UUID made by the adapter (ComfyUI's {@code prompt_id}); ComfyUI before
 *     0.3.45 chooses its own, which is this id then
 * @param server address of the ComfyUI that accepted it; no other one knows the job
 * @param nodeErrors empty if all of the workflow will run; otherwise the nodes whose outputs ComfyUI leaves out
 */
public record Job(String id, URI server, Map<String, List<NodeError>> nodeErrors) implements Serializable {

    public Job {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(server, "server");
        nodeErrors = Map.copyOf(nodeErrors);
    }
}
