package org.genaiconnector.storyboard.web;

import jakarta.annotation.PreDestroy;
import jakarta.annotation.Resource;
import jakarta.enterprise.concurrent.ManagedScheduledExecutorService;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.sse.Sse;
import jakarta.ws.rs.sse.SseEventSink;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.genaiconnector.storyboard.JobSnapshot;
import org.genaiconnector.storyboard.TrackedJob;

/** The event streams that are open, each of one client that watches one job. */
@ApplicationScoped
public class JobEvents {

    private static final int HEARTBEAT_SECONDS = 15;

    @Resource
    private ManagedScheduledExecutorService executor;

    private final Set<JobEventStream> streams = ConcurrentHashMap.newKeySet();

    /**
     * Sends a job's changes until it has ended or the client is gone.
     *
     * @param job the watched job
     * @param unfollow is called when nobody needs to hear of the job on this stream any more
     * @param lastEventId version that a reconnecting client has seen, null for a new client
     * @param sink leads to the client
     * @param sse makes events
     * @throws WebApplicationException 204 if the client has seen the end already, which stops its reconnecting
     */
    void send(TrackedJob job, Runnable unfollow, String lastEventId, SseEventSink sink, Sse sse) {
        JobSnapshot now = job.snapshot();
        if (now.status().state().isFinal() && Long.toString(now.version()).equals(lastEventId)) {
            throw new WebApplicationException(Response.noContent().build());
        }
        JobEventStream stream = new JobEventStream(sink, sse, executor);
        ScheduledFuture<?> heartbeat = executor.scheduleWithFixedDelay(
                stream::heartbeat, HEARTBEAT_SECONDS, HEARTBEAT_SECONDS, TimeUnit.SECONDS);
        streams.add(stream);
        stream.onEnd(() -> {
            heartbeat.cancel(false);
            streams.remove(stream);
        });
        stream.onEnd(unfollow);
        stream.onEnd(job.listen(stream));
    }

    @PreDestroy
    void close() {
        streams.forEach(JobEventStream::end);
    }
}
