package org.genaiconnector.ra.comfyui.jobs;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.genaiconnector.comfyui.JobProgress;
import org.genaiconnector.ra.comfyui.wire.JobSignal;

/**
 * How far the nodes of a running job are, from the signals of the WebSocket. Guarded by the ledger.
 *
 * <p>Nodes may expand into others while they run (loops do), whose ids are not in the workflow. Those are shown as the node
 * that the backend shows them as, and count for nothing: a node of the workflow is done when it is cached, executed or finished
 * itself. Backends before 0.3.45 do not say what is finished; there a node is done when the next one begins, as long as none
 * has expanded.
 */
final class NodeProgress {
    /** A node that has done all its steps is not finished yet. */
    private static final double ALMOST = 0.99;

    private final Set<String> planned;
    private final Set<String> done = new HashSet<>();
    private boolean statesSignalled;
    private boolean expanded;
    private String node = "";

    /** Whether the node runs itself, rather than one that it has expanded into. */
    private boolean itself;

    private double value;
    private double max;
    private double overall;

    /** @param planned ids of the nodes that will run; nodes that the backend adds do not count; empty if unknown */
    NodeProgress(Set<String> planned) {
        this.planned = planned;
    }

    /** Takes in what is about nodes, and nothing else. */
    void apply(JobSignal signal) {
        if (signal instanceof JobSignal.Cached cached) {
            done.addAll(cached.nodes());
        } else if (signal instanceof JobSignal.Executing executing) {
            begin(executing.node(), executing.shownAs());
        } else if (signal instanceof JobSignal.Advanced advanced) {
            advance(advanced.node(), List.of(), advanced.value(), advanced.max());
        } else if (signal instanceof JobSignal.Nodes nodes) {
            statesSignalled = true;
            nodes.stands().forEach(this::stand);
        } else if (signal instanceof JobSignal.Executed executed) {
            done.add(executed.node());
        }
        overall = Math.max(overall, share());
    }

    private void begin(String id, List<String> shownAs) {
        expanded |= !isPlanned(id);
        String next = shown(id, shownAs);
        if (!next.equals(node)) {
            if (!node.isEmpty() && !statesSignalled && !expanded) {
                done.add(node);
            }
            node = next;
            value = 0;
            max = 1;
        }
        itself = next.equals(id);
        if (itself && !statesSignalled) {
            done.remove(id); // it begins once more
        }
    }

    private boolean isPlanned(String id) {
        return planned.isEmpty() || planned.contains(id);
    }

    /** The node of the workflow that another one belongs to: as the backend says, else by its id, such as 5.0.0.3. */
    private String shown(String id, List<String> shownAs) {
        if (isPlanned(id)) {
            return id;
        }
        int dot = id.indexOf('.');
        String root = dot < 0 ? id : id.substring(0, dot);
        return shownAs.stream().filter(planned::contains).findFirst().orElse(planned.contains(root) ? root : id);
    }

    private void stand(String id, JobSignal.Stand stand) {
        if (stand.finished()) {
            done.add(id);
        } else {
            advance(id, stand.shownAs(), stand.value(), stand.max());
        }
    }

    private void advance(String id, List<String> shownAs, double steps, double of) {
        if (of > 0) { // a node of third parties may count in any way
            if (!id.isEmpty()) {
                expanded |= !isPlanned(id);
                node = shown(id, shownAs);
                itself = node.equals(id);
            }
            value = Math.max(0, Math.min(steps, of));
            max = of;
        }
    }

    private double share() {
        if (planned.isEmpty()) {
            return 0;
        }
        double finished = done.stream().filter(planned::contains).count();
        boolean counts = itself && planned.contains(node) && !done.contains(node) && max > 0;
        double share = (finished + (counts ? value / max : 0)) / planned.size();
        return finished < planned.size() ? Math.min(ALMOST, share) : 1;
    }

    /** Empty before the first node. */
    Optional<JobProgress> current() {
        return node.isEmpty() ? Optional.empty() : Optional.of(new JobProgress(value, max, node, overall));
    }
}
