package org.genaiconnector.testkit.comfyui;

import static org.genaiconnector.testkit.comfyui.ServerVersion.Since.ASSETS;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.genaiconnector.testkit.OperatorMessage;

/** One run of one job on the worker thread: which nodes run, which events are sent, and how it ends. */
final class Execution {
    private static final System.Logger LOG = System.getLogger(Execution.class.getName());
    private static final String MEMORY_TIPS = "\nThis error means you ran out of memory on your GPU.\n\nTIPS: If the"
            + " workflow worked before you might have accidentally set the batch_size to a large number.";

    /** Levels of a value over which Python's recursion ends. */
    private static final int DEEPEST = 900;

    private final ProcessParts parts;
    private final Job job;
    private final JobEvents events;
    private final Progress progress;
    private final Map<String, NodeResult> results = new LinkedHashMap<>();
    private final Set<String> executed = new LinkedHashSet<>();
    private final ObjectNode outputs = Json.object();
    private final ObjectNode meta = Json.object();
    private final ArrayNode messages = Json.array();

    Execution(ProcessParts parts, Job job) {
        this.parts = parts;
        this.job = job;
        this.events = new JobEvents(parts.hub(), parts.version(), job);
        this.progress = new Progress(job.id(), events, parts.version());
    }

    /**
     * Runs the job to its end.
     *
     * @throws WorkerDied if it takes the worker thread with it
     * @throws InterruptedException if the simulator stops
     */
    HistoryEntry run() throws WorkerDied, InterruptedException {
        parts.interrupt().forget();
        note("execution_start", about());
        refuseToLiveOn();
        parts.cache().enter(job.prompt());
        List<String> known = parts.cache().known();
        note(
                "execution_cached",
                Json.object().<ObjectNode>set("nodes", Json.strings(known)).setAll(about()));
        parts.models().enter(job.prompt());
        boolean success = runNodes(known);
        if (success) {
            note("execution_success", about());
        }
        events.nothingRuns();
        ObjectNode status =
                Json.object().put("status_str", success ? "success" : "error").put("completed", success);
        status.set("messages", messages);
        return new HistoryEntry(job, outputs, meta, status);
    }

    /** Computes cache keys, which fails for unused nodes without inputs and for deep graphs although validation accepts both. */
    private void refuseToLiveOn() throws WorkerDied {
        boolean broken = false;
        for (JsonNode node : job.prompt()) {
            broken |= !node.path("inputs").isObject() || depth(node.path("inputs")) > DEEPEST;
        }
        if (broken || parts.switches().workerDies()) {
            throw new WorkerDied(job.id());
        }
    }

    private static int depth(JsonNode value) {
        int deepest = 0;
        for (JsonNode inner : value) {
            deepest = Math.max(deepest, depth(inner));
        }
        return value.isContainerNode() ? deepest + 1 : 0;
    }

    private boolean runNodes(List<String> known) throws InterruptedException {
        NodeOrder order = new NodeOrder(
                job.prompt(),
                job.outputs(),
                known::contains,
                nodeId -> nodeClass(nodeId).outputNode());
        while (!order.isEmpty()) {
            String nodeId = order.next();
            Optional<NodeResult> cached = parts.cache().find(nodeId);
            if (cached.isPresent()) {
                show(nodeId, cached.get());
            } else if (!runNode(nodeId)) {
                return false;
            }
            progress.finish(nodeId);
            order.done(nodeId);
        }
        return true;
    }

    /** Runs a node; false if that ends the job. */
    private boolean runNode(String nodeId) throws InterruptedException {
        // before a client hears of the node: if that makes it cancel the job, the node runs already
        boolean cancelled = parts.interrupt().isWanted();
        progress.start(nodeId);
        events.nodeRuns(nodeId);
        events.tellOwner(
                "executing",
                Json.object().put("node", nodeId).put("display_node", nodeId).put("prompt_id", job.id()));
        Map<String, Value> inputs = new LinkedHashMap<>();
        try {
            collectInputs(nodeId, inputs);
            if (cancelled) {
                parts.interrupt().check();
            }
            Optional<Value.Blocked> blocked = blocked(inputs);
            NodeResult result = blocked.isPresent()
                    ? passBlockOn(nodeId, blocked.get())
                    : nodeClass(nodeId)
                            .action()
                            .run(new NodeCall(inputs, new JobNodeContext(parts, job, nodeId, progress, events)));
            TimeUnit.NANOSECONDS.sleep(parts.nodeDelay().toNanos());
            show(nodeId, result);
            results.put(nodeId, result);
            parts.cache().put(nodeId, result);
            executed.add(nodeId);
            return true;
        } catch (Cancelled e) {
            note("execution_interrupted", where(nodeId).setAll(timestamp()), events::tell);
        } catch (PythonError e) {
            note("execution_error", failure(nodeId, e, inputs));
        } catch (RuntimeException e) {
            // Any failure of a node ends the job, never the worker
            OperatorMessage.NODE_FAILED.logFailure(LOG, e, nodeId, job.id());
            note("execution_error", failure(nodeId, new PythonError("RuntimeError", e.toString(), e), inputs));
        } catch (OutOfMemoryError e) {
            // What the graphics card would have said to such a picture
            PythonError error = new PythonError("torch.OutOfMemoryError", "Allocation on device", e);
            note("execution_error", failure(nodeId, error, inputs));
        }
        return false;
    }

    private NodeClass nodeClass(String nodeId) {
        return parts.classes().of(job.prompt(), nodeId);
    }

    private void collectInputs(String nodeId, Map<String, Value> inputs) throws PythonError {
        NodeClass nodeClass = nodeClass(nodeId);
        JsonNode given = job.prompt().get(nodeId).get("inputs");
        if (nodeClass.isAnything()) {
            for (Map.Entry<String, JsonNode> each : given.properties()) {
                inputs.put(each.getKey(), input(each.getValue()));
            }
        }
        for (List<InputSpec> specs : List.of(nodeClass.required(), nodeClass.optional())) {
            for (InputSpec spec : specs) {
                if (given.has(spec.name())) {
                    inputs.put(spec.name(), input(given.get(spec.name())));
                }
            }
        }
    }

    private Value input(JsonNode given) throws PythonError {
        if (!Links.isLink(given)) {
            return new Value.Scalar(given);
        }
        String source = given.get(0).textValue();
        NodeResult result = results.get(source);
        if (result == null) {
            result = parts.cache().find(source).orElseThrow(() -> PythonError.missingKey(source));
        }
        int slot = given.get(1).intValue();
        return result.outputs().get(slot < 0 ? result.outputs().size() + slot : slot);
    }

    private static Optional<Value.Blocked> blocked(Map<String, Value> inputs) {
        return inputs.values().stream()
                .filter(Value.Blocked.class::isInstance)
                .map(Value.Blocked.class::cast)
                .findFirst();
    }

    /** The node does not run; the first one to meet the block says so. */
    private NodeResult passBlockOn(String nodeId, Value.Blocked block) {
        if (block.message() != null) {
            ObjectNode data = where(nodeId)
                    .put("exception_message", "Execution Blocked: " + block.message())
                    .put("exception_type", "ExecutionBlocked");
            data.putArray("traceback");
            data.putArray("current_inputs");
            data.putArray("current_outputs");
            events.tellOwner("execution_error", data);
        }
        int slots = nodeClass(nodeId).describe().get("output").size();
        return new NodeResult(Collections.nCopies(slots, new Value.Blocked(null)), null);
    }

    private void show(String nodeId, NodeResult result) {
        if (result.ui() == null) {
            return;
        }
        ObjectNode ui = parts.version().has(ASSETS) ? FileAssets.named(result.ui()) : result.ui();
        outputs.set(nodeId, ui);
        String origin = parts.cache().origin(nodeId); // the cache keeps it with the result
        meta.set(
                nodeId,
                Json.object()
                        .put("node_id", origin)
                        .put("display_node", origin)
                        .putNull("parent_node")
                        .put("real_node_id", origin));
        ObjectNode data = Json.object().put("node", nodeId).put("display_node", nodeId);
        data.set("output", ui);
        events.tellOwner("executed", data.put("prompt_id", job.id()));
    }

    private ObjectNode failure(String nodeId, PythonError error, Map<String, Value> inputs) {
        boolean memory = error.type().endsWith("OutOfMemoryError");
        ObjectNode data = where(nodeId)
                .put("exception_message", error.getMessage() + (memory ? MEMORY_TIPS : "\n"))
                .put("exception_type", error.type());
        ArrayNode traceback = data.putArray("traceback");
        for (String function : List.of("execute", "get_output_data", "_async_map_node_over_list")) {
            traceback.add("  File \"/srv/comfyui/execution.py\", line 1, in " + function + "\n");
        }
        ObjectNode shown = data.putObject("current_inputs");
        inputs.forEach((name, value) -> shown.putArray(name).add(value.shown()));
        if (nodeClass(nodeId).wantsPrompt()) {
            shown.putArray("prompt").add(Python.str(job.prompt()));
            JsonNode extra = job.extraData().path("extra_pnginfo");
            shown.putArray("extra_pnginfo")
                    .add(extra.isMissingNode() ? Json.array().nullNode() : Python.toStr(extra));
        }
        ArrayNode all = data.putArray("current_outputs");
        job.prompt().fieldNames().forEachRemaining(all::add);
        return data.setAll(timestamp());
    }

    private ObjectNode where(String nodeId) {
        return Json.object()
                .put("prompt_id", job.id())
                .put("node_id", nodeId)
                .put("node_type", nodeClass(nodeId).name())
                .set("executed", Json.strings(executed));
    }

    private ObjectNode about() {
        return Json.object().put("prompt_id", job.id()).setAll(timestamp());
    }

    private ObjectNode timestamp() {
        return Json.object().put("timestamp", parts.clock().millis());
    }

    /** Tells the owner of an event and keeps it for the history. */
    private void note(String event, ObjectNode data) {
        note(event, data, events::tellOwner);
    }

    private void note(String event, ObjectNode data, Teller teller) {
        messages.addArray().add(event).add(data);
        teller.tell(event, data);
    }

    /** One of the two ways to send an event. */
    @FunctionalInterface
    private interface Teller {
        void tell(String event, ObjectNode data);
    }
}
