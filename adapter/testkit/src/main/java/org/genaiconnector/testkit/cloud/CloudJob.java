package org.genaiconnector.testkit.cloud;

import com.fasterxml.jackson.databind.node.ArrayNode;

/** A job of the account. Guarded by {@link CloudJobs}. */
final class CloudJob {
    final String id;
    final String promptId;
    final int nodes;
    final String createdAt = Assets.now();
    String startedAt;
    String completedAt;
    boolean canceling;

    /** Made when it ends; null before. */
    ArrayNode outputs;

    /** @param promptId by which the ComfyUI behind has it */
    CloudJob(String id, String promptId, int nodes) {
        this.id = id;
        this.promptId = promptId;
        this.nodes = nodes;
    }
}
