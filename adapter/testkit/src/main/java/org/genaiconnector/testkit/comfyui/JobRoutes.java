package org.genaiconnector.testkit.comfyui;

import static org.genaiconnector.testkit.comfyui.ServerVersion.Since.JOBS;
import static org.genaiconnector.testkit.comfyui.ServerVersion.Since.JOB_CANCEL;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** {@code /api/jobs}: one view on what waits, runs and ended. */
final class JobRoutes {
    private static final List<String> STATUSES = List.of("pending", "in_progress", "completed", "failed", "cancelled");

    private final ServerVersion version;
    private final JobQueue queue;
    private final JobView view;

    JobRoutes(ServerVersion version, JobQueue queue) {
        this.version = version;
        this.queue = queue;
        this.view = new JobView(version);
    }

    void addTo(Routes routes) {
        if (version.has(JOB_CANCEL)) {
            routes.post("/api/jobs/cancel", this::cancelAll)
                    .post("/api/jobs/{id}/cancel", exchange -> cancelled(queue.cancel(exchange.variable("id"))));
        }
        if (version.has(JOBS)) {
            routes.get("/api/jobs", this::list).get("/api/jobs/{id}", this::one);
        }
    }

    private Answer one(Exchange exchange) throws PythonError {
        String id = exchange.variable("id");
        JobQueue.Snapshot now = queue.snapshot();
        for (Job job : now.running()) {
            if (job.id().equals(id)) {
                return Answer.json(view.waitingInDetail(job, "in_progress"));
            }
        }
        for (Job job : now.pending()) {
            if (job.id().equals(id)) {
                return Answer.json(view.waitingInDetail(job, "pending"));
            }
        }
        Optional<HistoryEntry> ended = queue.remembered(id);
        return ended.isPresent() ? Answer.json(view.endedInDetail(ended.get())) : Answer.error(404, "Job not found");
    }

    private Answer cancelAll(Exchange exchange) {
        JsonNode ids;
        try {
            ids = exchange.json().path("job_ids");
        } catch (JsonProcessingException e) {
            return Answer.error(400, "Request body must be valid JSON");
        }
        if (!ids.isArray()) {
            return Answer.error(400, "job_ids must be a list");
        }
        ArrayNode invalid = Json.array();
        for (JsonNode id : ids) {
            if (!PromptRoutes.CANONICAL_UUID.matcher(id.asText()).matches()) {
                invalid.add(id);
            }
        }
        if (!invalid.isEmpty()) {
            ObjectNode error = Json.object().put("error", "job_ids contains invalid id(s)");
            return Answer.json(400, error.set("invalid_ids", invalid));
        }
        boolean any = false;
        for (JsonNode id : ids) {
            any |= queue.cancel(id.asText());
        }
        return cancelled(any);
    }

    private static Answer cancelled(boolean any) {
        return Answer.json(Json.object().put("cancelled", any));
    }

    private Answer list(Exchange exchange) throws PythonError {
        Query query;
        try {
            query = Query.of(exchange);
        } catch (BadQuery e) {
            return Answer.error(400, e.getMessage());
        }
        List<ObjectNode> jobs = all();
        jobs.removeIf(job -> !query.selects(job));
        jobs.sort(query.order());
        int from = Math.min(query.offset(), jobs.size());
        int to = query.limit() == null ? jobs.size() : Math.min(from + query.limit(), jobs.size());
        ObjectNode answer = Json.object();
        answer.putArray("jobs").addAll(jobs.subList(from, to));
        answer.putObject("pagination")
                .put("offset", query.offset())
                .put("limit", query.limit())
                .put("total", jobs.size())
                .put("has_more", to < jobs.size());
        return Answer.json(answer);
    }

    private List<ObjectNode> all() throws PythonError {
        JobQueue.Snapshot now = queue.snapshot();
        List<ObjectNode> jobs = new ArrayList<>();
        for (Job job : now.running()) {
            jobs.add(view.waiting(job, "in_progress"));
        }
        for (Job job : now.pending()) {
            jobs.add(view.waiting(job, "pending"));
        }
        for (HistoryEntry entry : now.history()) {
            jobs.add(view.ended(entry));
        }
        return jobs;
    }

    /** Which jobs are wanted, in which order. {@code limit} is null for all, an empty set of statuses means any. */
    private record Query(
            Set<String> statuses, String workflowId, boolean byDuration, boolean ascending, Integer limit, int offset) {

        static Query of(Exchange exchange) throws BadQuery {
            Set<String> statuses = Set.copyOf(exchange.parameter("status").stream()
                    .flatMap(csv -> List.of(csv.split(",")).stream())
                    .map(String::strip)
                    .filter(status -> !status.isEmpty())
                    .toList());
            List<String> unknown = statuses.stream()
                    .filter(status -> !STATUSES.contains(status))
                    .sorted()
                    .toList();
            if (!unknown.isEmpty()) {
                throw new BadQuery("Invalid status value(s): " + String.join(", ", unknown) + ". Valid values: "
                        + String.join(", ", STATUSES));
            }
            String sortBy = exchange.parameter("sort_by").orElse("created_at");
            if (!List.of("created_at", "execution_duration").contains(sortBy)) {
                throw new BadQuery("sort_by must be 'created_at' or 'execution_duration'");
            }
            String sortOrder = exchange.parameter("sort_order").orElse("desc");
            if (!List.of("asc", "desc").contains(sortOrder)) {
                throw new BadQuery("sort_order must be 'asc' or 'desc'");
            }
            Integer limit = whole("limit", exchange);
            if (limit != null && limit <= 0) {
                throw new BadQuery("limit must be a positive integer");
            }
            Integer offset = whole("offset", exchange);
            return new Query(
                    statuses,
                    exchange.parameter("workflow_id").orElse(null),
                    sortBy.equals("execution_duration"),
                    sortOrder.equals("asc"),
                    limit,
                    offset == null ? 0 : Math.max(0, offset));
        }

        private static Integer whole(String name, Exchange exchange) throws BadQuery {
            try {
                return exchange.parameter(name).map(Integer::valueOf).orElse(null);
            } catch (NumberFormatException e) {
                throw new BadQuery(name + " must be an integer");
            }
        }

        boolean selects(ObjectNode job) {
            boolean ofStatus =
                    statuses.isEmpty() || statuses.contains(job.get("status").textValue());
            return ofStatus
                    && (workflowId == null
                            || workflowId.equals(job.path("workflow_id").asText()));
        }

        Comparator<ObjectNode> order() {
            Comparator<ObjectNode> order = Comparator.comparingLong(byDuration ? Query::duration : Query::created);
            return ascending ? order : order.reversed();
        }

        private static long created(ObjectNode job) {
            return job.path("create_time").asLong();
        }

        private static long duration(ObjectNode job) {
            return job.path("execution_end_time").asLong()
                    - job.path("execution_start_time").asLong();
        }
    }

    /** A query parameter that is refused. */
    private static final class BadQuery extends Exception {
        private static final long serialVersionUID = 1L;

        BadQuery(String message) {
            super(message);
        }
    }
}
