package org.genaiconnector.storyboard.web;

import jakarta.annotation.PostConstruct;
import jakarta.annotation.PreDestroy;
import jakarta.annotation.Resource;
import jakarta.enterprise.concurrent.ManagedScheduledExecutorService;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.sse.Sse;
import jakarta.ws.rs.sse.SseEventSink;
import java.util.Collection;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.genaiconnector.FailureCategory;
import org.genaiconnector.GenAiException;
import org.genaiconnector.storyboard.BackendProbes;
import org.genaiconnector.storyboard.Change;
import org.genaiconnector.storyboard.Changes;
import org.genaiconnector.storyboard.JobBoard;
import org.genaiconnector.storyboard.JobSnapshot;
import org.genaiconnector.storyboard.OperatorMessage;
import org.genaiconnector.storyboard.Probe;
import org.genaiconnector.storyboard.TrackedJob;

/** The event streams that are open: each of a client that watches one job, or of a page that watches everything. */
@ApplicationScoped
public class EventStreams {

    private static final System.Logger LOG = System.getLogger(EventStreams.class.getName());
    private static final int HEARTBEAT_SECONDS = 15;
    private static final int WATCH_SECONDS = 5;

    /** Each has a connection; a page that is not looked at has none. */
    private static final int MOST = 500;

    @Resource
    private ManagedScheduledExecutorService executor;

    @Inject
    private Changes changes;

    @Inject
    private JobBoard board;

    @Inject
    private BackendProbes probes;

    private final Set<EventStream> streams = ConcurrentHashMap.newKeySet();

    /** Numbers of changes begin at 1 in every run of the application; with this they are those of one run. */
    private final String run = UUID.randomUUID().toString().substring(0, 8);

    private ScheduledFuture<?> watch;

    /** For the container, which injects the rest. */
    public EventStreams() {
        this(null, null, null);
    }

    EventStreams(ManagedScheduledExecutorService executor, Changes changes, JobBoard board) {
        this.executor = executor;
        this.changes = changes;
        this.board = board;
    }

    /**
     * Sends a job's changes until it has ended or the client is gone.
     *
     * @param job the watched job
     * @param follow has the job followed once there is a stream, until what it returns is run
     * @param lastEventId version that a reconnecting client has seen, null for a new client
     * @param sink leads to the client
     * @param sse makes events
     * @throws WebApplicationException 204 if the client has seen the end already, which stops its reconnecting
     * @throws GenAiException category {@code OVERLOADED} if 500 streams are open
     */
    void send(TrackedJob job, Supplier<Runnable> follow, String lastEventId, SseEventSink sink, Sse sse)
            throws GenAiException {
        JobSnapshot now = job.snapshot();
        if (now.status().state().isFinal() && Long.toString(now.version()).equals(lastEventId)) {
            throw new WebApplicationException(Response.noContent().build());
        }
        EventStream stream = open(sink, sse);
        stream.onEnd(follow.get());
        stream.onEnd(job.listen(snapshot -> stream.send("", event(snapshot))));
    }

    private static EventStream.Event event(JobSnapshot snapshot) {
        return new EventStream.Event(
                Long.toString(snapshot.version()),
                null,
                () -> JobJson.of(snapshot),
                snapshot.status().state().isFinal());
    }

    /**
     * Sends every change of every job, story and backend until the client is gone: first {@code hello}, then what a client that
     * comes back has missed, then what happens.
     *
     * @param lastEventId of a reconnecting client, null for a new one
     * @param sink leads to the client
     * @param sse makes events
     * @throws GenAiException category {@code OVERLOADED} if 500 streams are open
     */
    void sendAll(String lastEventId, SseEventSink sink, Sse sse) throws GenAiException {
        long last = changes.last();
        long since = lastEventId == null ? last : number(lastEventId, last);
        boolean missed = since < 0 || !changes.coverFrom(since);
        long from = since < 0 ? last : since;
        Hello hello = new Hello(missed, changes.backends());
        EventStream stream = open(sink, sse);
        stream.send("hello", new EventStream.Event(id(from), "hello", () -> hello, false));
        stream.onEnd(changes.listen(from, change -> stream.send(change.key(), event(change))));
    }

    private String id(long number) {
        return run + "-" + number;
    }

    /** The number in an id of this run; -1 in an id of another one. */
    private long number(String lastEventId, long last) {
        if (lastEventId.matches(run + "-\\d{1,18}")) {
            long number = Long.parseLong(lastEventId.substring(run.length() + 1));
            return number <= last ? number : -1;
        }
        return -1;
    }

    /**
     * The first event of a stream of everything.
     *
     * @param missed whether the client has missed changes that are known no more
     * @param backends how they are
     */
    public record Hello(boolean missed, Collection<Probe> backends) {}

    private EventStream.Event event(Change change) {
        String id = id(change.number());
        if (change instanceof Change.OfJob job) {
            return new EventStream.Event(id, "job", () -> JobJson.of(job.job()), false);
        } else if (change instanceof Change.OfStory story) {
            return new EventStream.Event(id, "story", () -> StoryJson.of(story.story()), false);
        }
        return new EventStream.Event(id, "backend", ((Change.OfBackend) change)::probe, false);
    }

    private EventStream open(SseEventSink sink, Sse sse) throws GenAiException {
        if (streams.size() >= MOST) {
            sink.close();
            throw new GenAiException(FailureCategory.OVERLOADED, MOST + " event streams are open; close some pages");
        }
        EventStream stream = new EventStream(sink, sse, executor);
        streams.add(stream);
        ScheduledFuture<?> heartbeat = executor.scheduleWithFixedDelay(
                stream::heartbeat, HEARTBEAT_SECONDS, HEARTBEAT_SECONDS, TimeUnit.SECONDS);
        stream.onEnd(() -> {
            heartbeat.cancel(false);
            streams.remove(stream);
        });
        return stream;
    }

    @PostConstruct
    void begin() {
        watch = executor.scheduleWithFixedDelay(this::watch, WATCH_SECONDS, WATCH_SECONDS, TimeUnit.SECONDS);
    }

    /** Of a job whose backend is down nothing is heard; so the backend is asked while pictures are awaited. */
    private void watch() {
        try {
            if (!streams.isEmpty() && board.active() > 0) {
                probes.watchComfyUi();
            }
        } catch (RuntimeException e) { // or it would not be done again
            OperatorMessage.BACKENDS_NOT_WATCHED.logFailure(LOG, e);
        }
    }

    @PreDestroy
    void close() {
        watch.cancel(false);
        streams.forEach(EventStream::end);
    }
}
