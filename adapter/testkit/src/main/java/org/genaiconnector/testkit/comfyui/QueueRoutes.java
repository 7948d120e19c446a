package org.genaiconnector.testkit.comfyui;

import static org.genaiconnector.testkit.comfyui.ServerVersion.Since.HISTORY_OFFSET;
import static org.genaiconnector.testkit.comfyui.ServerVersion.Since.TARGETED_INTERRUPT;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** {@code /queue}, {@code /history}, {@code /interrupt} and {@code /free}. */
final class QueueRoutes {
    private final ServerVersion version;
    private final JobQueue queue;
    private final Interrupt interrupt;

    QueueRoutes(ServerVersion version, JobQueue queue, Interrupt interrupt) {
        this.version = version;
        this.queue = queue;
        this.interrupt = interrupt;
    }

    void addTo(Routes routes) {
        routes.get("/queue", exchange -> Answer.json(listed()))
                .post("/queue", exchange -> change(exchange, queue::clear, queue::delete))
                .post("/interrupt", this::interrupt)
                .post("/free", this::free)
                .get("/history", this::history)
                .get("/history/{id}", exchange -> Answer.json(remembered(exchange.variable("id"))))
                .post("/history", exchange -> change(exchange, queue::forgetHistory, queue::forgetHistory));
    }

    private ObjectNode listed() {
        JobQueue.Snapshot now = queue.snapshot();
        ObjectNode lists = Json.object();
        lists.set("queue_running", items(now.running()));
        lists.set("queue_pending", items(now.pending()));
        return lists;
    }

    private static ArrayNode items(List<Job> jobs) {
        ArrayNode items = Json.array();
        jobs.forEach(job -> items.add(job.queueItem()));
        return items;
    }

    /** A body may ask to clear all, to delete some, or both. */
    private static Answer change(Exchange exchange, Runnable clear, Consumer<String> delete) throws IOException {
        JsonNode body = exchange.json();
        if (Python.truth(body.path("clear"))) {
            clear.run();
        }
        body.path("delete").forEach(id -> delete.accept(id.asText()));
        return Answer.empty(200);
    }

    private Answer interrupt(Exchange exchange) {
        Optional<String> target = version.has(TARGETED_INTERRUPT) ? target(exchange) : Optional.empty();
        if (target.isEmpty() || queue.runs(target.get())) {
            interrupt.want();
        }
        return Answer.empty(200);
    }

    private static Optional<String> target(Exchange exchange) {
        try {
            JsonNode id = exchange.json().path("prompt_id");
            return Python.truth(id) ? Optional.of(id.asText()) : Optional.empty();
        } catch (JsonProcessingException e) {
            // No body, or none that can be read, means the running job
            return Optional.empty();
        }
    }

    private Answer free(Exchange exchange) throws IOException {
        if (Python.truth(exchange.json().path("free_memory"))) {
            queue.freeMemory();
        }
        return Answer.empty(200);
    }

    private Answer history(Exchange exchange) throws PythonError {
        Integer maxItems = whole(exchange.parameter("max_items"));
        Integer offset = version.has(HISTORY_OFFSET) ? whole(exchange.parameter("offset")) : null;
        return Answer.json(queue.history(maxItems, offset == null ? -1 : offset));
    }

    private static Integer whole(Optional<String> parameter) throws PythonError {
        return parameter.isEmpty()
                ? null
                : Python.toInt(Json.array().textNode(parameter.get())).intValue();
    }

    private ObjectNode remembered(String jobId) {
        ObjectNode found = Json.object();
        queue.remembered(jobId).ifPresent(entry -> found.set(jobId, entry.json()));
        return found;
    }
}
