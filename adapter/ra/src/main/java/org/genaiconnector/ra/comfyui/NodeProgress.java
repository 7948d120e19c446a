package org.genaiconnector.ra.comfyui;

import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.genaiconnector.comfyui.JobProgress;

/** How far the nodes of a running job are, from what the WebSocket tells. Guarded by the job's tracker. */
final class NodeProgress {
    private final Set<String> planned;
    private final Set<String> done = new HashSet<>();
    private String node = "";
    private double value;
    private double max;
    private double overall;

    /** @param planned ids of the nodes that will run; nodes that the server adds do not count; empty if unknown */
    NodeProgress(Set<String> planned) {
        this.planned = planned;
    }

    /** Takes in what is about nodes, and nothing else. */
    void apply(JobSignal signal) {
        if (signal instanceof JobSignal.Cached cached) {
            done.addAll(cached.nodes());
        } else if (signal instanceof JobSignal.Executing executing) {
            begin(executing.node());
        } else if (signal instanceof JobSignal.Advanced advanced) {
            advance(advanced.node(), advanced.value(), advanced.max());
        } else if (signal instanceof JobSignal.Nodes nodes) {
            nodes.stands().forEach(this::stand);
        } else if (signal instanceof JobSignal.Executed executed) {
            done.add(executed.node());
        }
        overall = Math.max(overall, share());
    }

    private void begin(String next) {
        if (!next.equals(node)) {
            if (!node.isEmpty()) {
                done.add(node);
            }
            node = next;
            value = 0;
            max = 1;
        }
    }

    private void stand(String id, JobSignal.Stand stand) {
        if (stand.finished()) {
            done.add(id);
        } else {
            advance(id, stand.value(), stand.max());
        }
    }

    private void advance(String id, double steps, double of) {
        if (of > 0) { // a node of third parties may count in any way
            node = id.isEmpty() ? node : id;
            value = Math.max(0, Math.min(steps, of));
            max = of;
        }
    }

    private double share() {
        if (planned.isEmpty()) {
            return 0;
        }
        double finished = done.stream().filter(planned::contains).count();
        double part = planned.contains(node) && !done.contains(node) && max > 0 ? value / max : 0;
        return Math.min(1, (finished + part) / planned.size());
    }

    /** Empty before the first node. */
    Optional<JobProgress> current() {
        return node.isEmpty() ? Optional.empty() : Optional.of(new JobProgress(value, max, node, overall));
    }
}
