package org.genaiconnector.ra.comfyui.wire;

import jakarta.json.JsonArray;
import jakarta.json.JsonObject;
import jakarta.json.spi.JsonProvider;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.genaiconnector.FailureCategory;
import org.genaiconnector.GenAiException;
import org.genaiconnector.comfyui.Cancellation;
import org.genaiconnector.comfyui.JobQueue;
import org.genaiconnector.comfyui.JobState;
import org.genaiconnector.comfyui.JobStatus;
import org.genaiconnector.ra.http.AnswerReader;
import org.genaiconnector.ra.http.FailureTrait;
import org.genaiconnector.ra.http.HttpAnswer;
import org.genaiconnector.ra.http.HttpCall;
import org.genaiconnector.ra.http.HttpConnection;
import org.genaiconnector.ra.http.HttpResource;
import org.genaiconnector.ra.http.HttpSettings;
import org.genaiconnector.ra.http.Repeatable;
import org.genaiconnector.ra.json.JsonValues;
import org.genaiconnector.ra.json.LongStringFilter;

/**
 * ComfyUI's own routes, the best that a backend has: {@code /api/jobs} since 0.6.0, with cancel
 * since 0.26.0, else queue and history. Routes are tried rather than derived from versions, which forks misstate.
 */
final class ComfyUiRoutes implements JobRoutes {
    private static final JsonProvider JSON = JsonProvider.provider();
    private static final Set<String> BULK_OF_JOB = Set.of("workflow", "execution_error", "execution_status");
    private static final Set<String> BULK_OF_HISTORY = Set.of("prompt", "status");
    private static final Set<String> BULK_OF_QUEUE = Set.of("queue_running", "queue_pending");
    private static final int MOST_LISTED = 1_000;

    private final ComfyUiBackend server;
    private final HttpConnection http;
    private final Optional<HttpSettings> limits;

    /** @param limits other than the backend's usual ones, for calls that the circuit does not hold back */
    ComfyUiRoutes(ComfyUiBackend server, HttpConnection http, Optional<HttpSettings> limits) {
        this.server = server;
        this.http = http;
        this.limits = limits;
    }

    /**
     * Reads without the long strings of some members.
     *
     * @param bulky names of the members that hold prompts, which may include pictures
     */
    private record Sifted<T>(AnswerReader<T> reader, Set<String> bulky) implements AnswerReader<T> {
        @Override
        public T read(HttpAnswer answer) throws GenAiException {
            return reader.read(answer);
        }

        @Override
        public InputStream sift(InputStream body) {
            return new LongStringFilter(body, bulky);
        }
    }

    private <T> T ask(HttpResource resource, Set<String> bulky, AnswerReader<T> reader) throws GenAiException {
        return call(HttpCall.get(resource), new Sifted<>(reader, bulky));
    }

    private <T> T call(HttpCall call, AnswerReader<T> reader) throws GenAiException {
        return limits.isPresent() ? http.call(call, reader, limits.get()) : http.call(call, reader);
    }

    @Override
    public void probe() throws GenAiException {
        alive();
    }

    @FunctionalInterface
    private interface Question<T> {
        T ask() throws GenAiException;
    }

    @Override
    public Optional<FoundJob> find(String id) throws GenAiException {
        Optional<FoundJob> found = byJobsRoute(id, () -> byQueueAndHistory(id));
        if (found.isEmpty()
                || found.get().status().state() != JobState.PENDING
                || found.get().status().queuePosition().isPresent()) {
            return found;
        }
        // the route does not tell the position; by now the job may have left the queue, and then there is none
        return ComfyUiCodec.inQueue(alive(), id).map(FoundJob::of).or(() -> found);
    }

    @Override
    public Optional<FoundJob> findEnded(String id) throws GenAiException {
        return byJobsRoute(id, () -> history(id));
    }

    private Optional<FoundJob> byJobsRoute(String id, Question<Optional<FoundJob>> otherwise) throws GenAiException {
        if (server.hasJobsRoute()) {
            try {
                Optional<FoundJob> found = ask(server.job(id), BULK_OF_JOB, answer -> foundJob(answer, id));
                // an unknown state is no end
                return found.isPresent()
                        ? found
                        : otherwise.ask().or(() -> Optional.of(FoundJob.of(JobStatus.of(id, JobState.RUNNING))));
            } catch (GenAiException e) {
                if (e.category() == FailureCategory.NOT_FOUND && e.getMessage().contains("Job not found")) {
                    return Optional.empty();
                }
                doWithoutJobsRoute(e);
            }
        }
        return otherwise.ask();
    }

    /** Empty if the backend calls the job's state by an unknown name. */
    private Optional<FoundJob> foundJob(HttpAnswer answer, String id) throws GenAiException {
        JsonObject job = answer.jsonObject();
        if (!JsonValues.string(job.get("id")).equals(Optional.of(id))) {
            throw answer.failure(
                    FailureCategory.PROTOCOL,
                    "answered " + answer.path() + " with something that is not that job: " + answer.excerpt(),
                    null);
        }
        return ComfyUiCodec.foundJob(job).map(this::located);
    }

    private FoundJob located(FoundJob found) {
        return new FoundJob(server.located(found.status()), found.millis(), found.marker());
    }

    /** In this order: the other way round misses a job that ends in between. */
    private Optional<FoundJob> byQueueAndHistory(String id) throws GenAiException {
        Optional<JobStatus> queued = ComfyUiCodec.inQueue(queue(), id);
        return queued.isPresent() ? queued.map(FoundJob::of) : history(id);
    }

    @Override
    public JobQueue alive() throws GenAiException {
        if (server.hasJobsRoute()) {
            try {
                return call(HttpCall.get(server.aliveJobs), answer -> ComfyUiCodec.alive(lists(answer, "jobs")));
            } catch (GenAiException e) {
                doWithoutJobsRoute(e);
            }
        }
        return queue();
    }

    /** One bad history entry is enough for the route to answer 500 to everybody (0.33.0). */
    private void doWithoutJobsRoute(GenAiException failure) throws GenAiException {
        if (FailureTrait.ROUTE_MISSING.of(failure)) {
            server.lacksJobsRoute();
        } else if (failure.category() != FailureCategory.SERVER && failure.category() != FailureCategory.PROTOCOL) {
            throw failure;
        } // else for this time only
    }

    @Override
    public List<String> ended(int most, int offset) throws GenAiException {
        if (server.hasJobsRoute()) {
            try {
                return endedByJobsRoute(most, offset);
            } catch (GenAiException e) {
                doWithoutJobsRoute(e);
            }
        }
        return ask(
                server.history.query("max_items", most + offset),
                BULK_OF_HISTORY,
                answer -> List.copyOf(answer.jsonObject().keySet()));
    }

    private List<String> endedByJobsRoute(int most, int offset) throws GenAiException {
        try {
            return endedByJobsRoute(server.endedStates(), most, offset);
        } catch (GenAiException e) {
            if (e.category() != FailureCategory.INVALID_REQUEST) {
                throw e;
            }
            server.lacksCancelledState();
            return endedByJobsRoute(server.endedStates(), most, offset);
        }
    }

    private List<String> endedByJobsRoute(String states, int most, int offset) throws GenAiException {
        HttpResource ended =
                server.jobs.query("status", states).query("limit", most).query("offset", offset);
        return call(HttpCall.get(ended), answer -> ComfyUiCodec.jobIds(lists(answer, "jobs")));
    }

    @Override
    public Optional<JobState> endedAs(String id) throws GenAiException {
        if (!server.hasJobsRoute()) {
            return Optional.empty();
        }
        HttpResource ended = server.jobs.query("status", server.endedStates()).query("limit", MOST_LISTED);
        return call(HttpCall.get(ended), answer -> ComfyUiCodec.stateOf(lists(answer, "jobs"), id));
    }

    JobQueue queue() throws GenAiException {
        return ask(server.queue, BULK_OF_QUEUE, answer -> ComfyUiCodec.queue(queue(answer)));
    }

    private static JsonObject queue(HttpAnswer answer) throws GenAiException {
        return lists(answer, "queue_running", "queue_pending");
    }

    /** An answer without its lists is none: taken for an empty queue it would end all jobs. */
    private static JsonObject lists(HttpAnswer answer, String... names) throws GenAiException {
        JsonObject body = answer.jsonObject();
        for (String name : names) {
            if (!(body.get(name) instanceof JsonArray)) {
                throw answer.failure(
                        FailureCategory.PROTOCOL,
                        "answered " + answer.path() + " without a list " + name + ": " + answer.excerpt(),
                        null);
            }
        }
        return body;
    }

    @Override
    public List<JsonArray> queueItems() throws GenAiException {
        return ask(server.queue, BULK_OF_QUEUE, answer -> ComfyUiCodec.queueItems(queue(answer)));
    }

    private Optional<FoundJob> history(String id) throws GenAiException {
        return ask(
                server.historyOf(id),
                BULK_OF_HISTORY,
                answer -> answer.jsonObject().get(id) instanceof JsonObject entry
                        ? Optional.of(located(ComfyUiCodec.foundInHistory(id, entry)))
                        : Optional.empty());
    }

    @Override
    public boolean keepIds() {
        return server.hasJobsRoute();
    }

    @Override
    public Optional<String> idOf(JobMarker marker) throws GenAiException {
        for (JsonArray item : queueItems()) {
            if (item.size() > 3 && JobMarker.in(item.get(3)).equals(Optional.of(marker))) {
                return JsonValues.string(item.get(1));
            }
        }
        return ask(
                server.history.query("max_items", 20),
                BULK_OF_HISTORY,
                answer -> answer.jsonObject().entrySet().stream()
                        .filter(entry -> ComfyUiCodec.marker(JsonValues.object(entry.getValue()))
                                .equals(Optional.of(marker)))
                        .map(entry -> entry.getKey())
                        .findFirst());
    }

    /** The jobs route is atomic and hits no other job; without it dequeue, then interrupt by id. */
    @Override
    public Cancellation cancel(String id) throws GenAiException {
        try {
            boolean cancelled = call(
                    HttpCall.post(server.job(id).sub("cancel"), Repeatable.ALWAYS),
                    answer -> answer.jsonObject().getBoolean("cancelled", false));
            // the route does not tell which; a job taken from the queue leaves no trace
            return !cancelled
                    ? Cancellation.NOT_ACTIVE
                    : find(id).isPresent() ? Cancellation.INTERRUPTING : Cancellation.DEQUEUED;
        } catch (GenAiException e) {
            if (!FailureTrait.ROUTE_MISSING.of(e)) {
                throw e;
            }
        }
        JobQueue queue = queue();
        boolean wasPending = queue.pending().contains(id);
        if (wasPending) {
            JsonObject delete = JSON.createObjectBuilder()
                    .add("delete", JSON.createArrayBuilder().add(id))
                    .build();
            call(HttpCall.post(server.queue, bytes(delete), Repeatable.ALWAYS), answer -> answer);
            queue = queue(); // it may have begun to run in between
        }
        if (queue.running().contains(id)) {
            return interruptAlone(id);
        }
        return wasPending && history(id).isEmpty() ? Cancellation.DEQUEUED : Cancellation.NOT_ACTIVE;
    }

    private Cancellation interruptAlone(String id) throws GenAiException {
        boolean byId = call(
                HttpCall.get(server.systemStats),
                answer -> server.interruptsById(ComfyUiCodec.systemStats(answer.jsonObject())));
        if (!byId) {
            return Cancellation.UNSUPPORTED;
        }
        interrupt(id);
        return Cancellation.INTERRUPTING;
    }

    @Override
    public void interrupt(String id) throws GenAiException {
        JsonObject body = JSON.createObjectBuilder().add("prompt_id", id).build();
        call(HttpCall.post(server.interrupt, bytes(body), Repeatable.ALWAYS), answer -> answer);
    }

    static byte[] bytes(JsonObject json) {
        return json.toString().getBytes(StandardCharsets.UTF_8);
    }
}
