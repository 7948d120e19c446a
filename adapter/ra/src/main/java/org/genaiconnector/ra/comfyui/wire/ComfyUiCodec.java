package org.genaiconnector.ra.comfyui.wire;

import jakarta.json.JsonArray;
import jakarta.json.JsonNumber;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.genaiconnector.ForeignText;
import org.genaiconnector.comfyui.JobFailure;
import org.genaiconnector.comfyui.JobQueue;
import org.genaiconnector.comfyui.JobState;
import org.genaiconnector.comfyui.JobStatus;
import org.genaiconnector.comfyui.Output;
import org.genaiconnector.comfyui.SystemStats;
import org.genaiconnector.ra.json.JsonValues;

/**
 * Reads the backend's JSON. Tolerant of what versions and third-party nodes add or leave out; a missing member is never an
 * error where the rest makes sense without it.
 */
public final class ComfyUiCodec {
    private static final int MAX_TRACEBACK = 20;
    private static final int MAX_MESSAGE = 4_000;

    private ComfyUiCodec() {}

    // ---- history: {id: {prompt, outputs, status, meta}}

    public static List<JobStatus> history(JsonObject history) {
        List<JobStatus> jobs = new ArrayList<>();
        history.forEach((id, entry) -> {
            if (entry instanceof JsonObject object) {
                jobs.add(historyEntry(id, object));
            }
        });
        return List.copyOf(jobs);
    }

    private static JobStatus historyEntry(String id, JsonObject entry) {
        List<JsonArray> messages = messages(entry.get("status"));
        JobState state = state(entry.get("status"), messages);
        Optional<JobFailure> failure = messages.stream()
                .filter(message -> message.getString(0, "").equals("execution_error"))
                .reduce((first, last) -> last)
                .map(message -> failure(JsonValues.object(message.get(1))));
        return ended(id, state, outputs(JsonValues.object(entry.get("outputs"))), failure);
    }

    /** The last terminal message wins over {@code status_str}, which is stale after errors while staging a node. */
    private static JobState state(JsonValue status, List<JsonArray> messages) {
        JobState state = null;
        for (JsonArray message : messages) {
            state = switch (message.getString(0, "")) {
                case "execution_success" -> JobState.COMPLETED;
                case "execution_error" -> JobState.FAILED;
                case "execution_interrupted" -> JobState.CANCELLED;
                default -> state;
            };
        }
        if (state != null) {
            return state;
        }
        // before 2024-07-21 there is no success message, in 2023 no status
        return JsonValues.object(status).getString("status_str", "success").equals("error")
                ? JobState.FAILED
                : JobState.COMPLETED;
    }

    private static List<JsonArray> messages(JsonValue status) {
        return JsonValues.elements(JsonValues.object(status).get("messages"))
                .filter(JsonArray.class::isInstance)
                .map(JsonValue::asJsonArray)
                .filter(message -> message.size() >= 2)
                .toList();
    }

    static FoundJob foundInHistory(String id, JsonObject entry) {
        List<JsonArray> messages = messages(entry.get("status"));
        OptionalLong end = timestamp(messages, "execution_success|execution_error|execution_interrupted");
        OptionalLong start = timestamp(messages, "execution_start");
        return new FoundJob(
                historyEntry(id, entry),
                start.isPresent() && end.isPresent()
                        ? OptionalLong.of(end.getAsLong() - start.getAsLong())
                        : OptionalLong.empty(),
                marker(entry));
    }

    /** Our marker in a history entry. */
    static Optional<JobMarker> marker(JsonObject historyEntry) {
        return historyEntry.get("prompt") instanceof JsonArray item && item.size() > 3
                ? JobMarker.in(item.get(3))
                : Optional.empty();
    }

    private static OptionalLong timestamp(List<JsonArray> messages, String types) {
        return messages.stream()
                .filter(message -> message.getString(0, "").matches(types))
                .map(message -> JsonValues.object(message.get(1)).get("timestamp"))
                .filter(JsonNumber.class::isInstance)
                .mapToLong(time -> ((JsonNumber) time).longValue())
                .findFirst();
    }

    // ---- GET /api/jobs/{id}

    /** Empty if its state has a name that is not known. */
    static Optional<FoundJob> foundJob(JsonObject job) {
        boolean timed = job.get("execution_start_time") instanceof JsonNumber
                && job.get("execution_end_time") instanceof JsonNumber;
        return job(job).map(status -> new FoundJob(
                status,
                timed
                        ? OptionalLong.of(JsonValues.number(job.get("execution_end_time"))
                                - JsonValues.number(job.get("execution_start_time")))
                        : OptionalLong.empty(),
                JobMarker.in(JsonValues.object(job.get("workflow")).get("extra_data"))));
    }

    static Optional<JobStatus> job(JsonObject job) {
        String id = JsonValues.text(job.get("id"));
        return Optional.ofNullable(
                switch (job.getString("status", "")) {
                    case "pending" -> JobStatus.of(id, JobState.PENDING);
                    case "in_progress" -> JobStatus.of(id, JobState.RUNNING);
                    case "cancelled" ->
                        ended(id, JobState.CANCELLED, outputs(JsonValues.object(job.get("outputs"))), Optional.empty());
                    case "failed" -> failedJob(id, job);
                    case "completed" ->
                        ended(id, JobState.COMPLETED, outputs(JsonValues.object(job.get("outputs"))), Optional.empty());
                    default -> null;
                });
    }

    /** From 0.6.0 to 0.8 cancelled jobs were called failed; the messages tell. */
    private static JobStatus failedJob(String id, JsonObject job) {
        List<Output> outputs = outputs(JsonValues.object(job.get("outputs")));
        JobState state = state(job.get("execution_status"), messages(job.get("execution_status")));
        if (state == JobState.CANCELLED) {
            return ended(id, state, outputs, Optional.empty());
        }
        return ended(id, JobState.FAILED, outputs, Optional.of(failure(JsonValues.object(job.get("execution_error")))));
    }

    private static JobStatus ended(String id, JobState state, List<Output> outputs, Optional<JobFailure> failure) {
        return JobStatus.ended(
                id,
                state,
                outputs,
                state == JobState.FAILED
                        ? failure.or(() -> Optional.of(JobFailure.of("", "ComfyUI gave no reason")))
                        : Optional.empty());
    }

    public static JobFailure failure(JsonObject error) {
        return new JobFailure(
                ForeignText.line(JsonValues.text(error.get("node_id"))),
                ForeignText.line(error.getString("node_type", "")),
                ForeignText.line(error.getString("exception_type", "")),
                ForeignText.line(error.getString("exception_message", "ComfyUI gave no reason"), MAX_MESSAGE),
                JsonValues.elements(error.get("traceback"))
                        .limit(MAX_TRACEBACK)
                        .map(entry -> ForeignText.lines(JsonValues.text(entry), MAX_MESSAGE))
                        .toList());
    }

    // ---- outputs: {node: {kind: [item...]}}

    static List<Output> outputs(JsonObject outputs) {
        List<Output> found = new ArrayList<>();
        outputs.forEach((node, kinds) -> found.addAll(outputs(node, kinds)));
        return found;
    }

    /** What one node has put out. */
    static List<Output> outputs(String node, JsonValue kinds) {
        return OutputCodec.outputs(node, kinds);
    }

    // ---- GET /api/jobs: {jobs: [job...]}

    static List<String> jobIds(JsonObject list) {
        return JsonValues.elements(list.get("jobs"))
                .map(job -> JsonValues.text(JsonValues.object(job).get("id")))
                .toList();
    }

    /** How a job in a list has ended. */
    static Optional<JobState> stateOf(JsonObject list, String id) {
        return JsonValues.elements(list.get("jobs"))
                .map(JsonValues::object)
                .filter(job -> JsonValues.text(job.get("id")).equals(id))
                .findFirst()
                .flatMap(ComfyUiCodec::job)
                .map(JobStatus::state)
                .filter(JobState::isFinal);
    }

    /** Sorted like a queue, since the route sorts by age. */
    static JobQueue alive(JsonObject list) {
        return new JobQueue(ids(list, "in_progress"), ids(list, "pending"));
    }

    private static List<String> ids(JsonObject list, String status) {
        return inOrder(JsonValues.elements(list.get("jobs"))
                .map(JsonValues::object)
                .filter(job -> job.getString("status", "").equals(status))
                .map(job -> new Item(JsonValues.decimal(job.get("priority")), JsonValues.text(job.get("id")))));
    }

    // ---- queue: {queue_running: [item...], queue_pending: [item...]}, item = [number, id, prompt, extra_data,
    // targets]

    public static JobQueue queue(JsonObject queue) {
        return new JobQueue(ids(queue.get("queue_running")), ids(queue.get("queue_pending")));
    }

    /** How many jobs wait and run; empty if it does not say. */
    public static OptionalInt queueLength(JsonObject execInfo) {
        return execInfo.get("queue_remaining") instanceof JsonNumber number
                ? OptionalInt.of(Math.max(0, number.intValue()))
                : OptionalInt.empty();
    }

    static List<JsonArray> queueItems(JsonObject queue) {
        return Stream.concat(items(queue.get("queue_running")), items(queue.get("queue_pending")))
                .toList();
    }

    private static List<String> ids(JsonValue items) {
        return inOrder(
                items(items).map(item -> new Item(JsonValues.decimal(item.get(0)), JsonValues.text(item.get(1)))));
    }

    private static Stream<JsonArray> items(JsonValue items) {
        return JsonValues.elements(items)
                .filter(JsonArray.class::isInstance)
                .map(JsonValue::asJsonArray)
                .filter(item -> item.size() >= 2);
    }

    private record Item(double number, String id) {}

    /** Pending items come in heap order; the backend takes the lowest number first, equal ones by id. */
    private static List<String> inOrder(Stream<Item> items) {
        return items.sorted(Comparator.comparingDouble(Item::number).thenComparing(Item::id))
                .map(Item::id)
                .toList();
    }

    /** The job's place in a queue, if it has one. */
    static Optional<JobStatus> inQueue(JobQueue queue, String id) {
        if (queue.running().contains(id)) {
            return Optional.of(JobStatus.of(id, JobState.RUNNING));
        }
        int position = queue.pending().indexOf(id) + 1;
        return position == 0 ? Optional.empty() : Optional.of(JobStatus.pending(id, position));
    }

    // ---- GET /system_stats

    public static SystemStats systemStats(JsonObject stats) {
        JsonObject system = JsonValues.object(stats.get("system"));
        return new SystemStats(
                JsonValues.string(system.get("comfyui_version")),
                system.getString("os", "unknown"),
                JsonValues.string(system.get("python_version")),
                JsonValues.elements(stats.get("devices"))
                        .map(JsonValues::object)
                        .map(device -> new SystemStats.Device(
                                device.getString("name", ""),
                                device.getString("type", ""),
                                JsonValues.number(device.get("vram_total")),
                                JsonValues.number(device.get("vram_free"))))
                        .toList(),
                stats);
    }
}
