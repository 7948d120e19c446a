package org.genaiconnector.storyboard.web;

import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.sse.OutboundSseEvent;
import jakarta.ws.rs.sse.Sse;
import jakarta.ws.rs.sse.SseEventSink;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.genaiconnector.storyboard.JobSnapshot;

/**
 * One client's event stream. Writing to a client blocks for as long as its network likes, so it is done on a thread of
 * its own; a client too slow for every change gets the newest one.
 */
final class JobEventStream implements Consumer<JobSnapshot> {

    private final SseEventSink sink;
    private final Sse sse;
    private final Executor executor;
    private final List<Runnable> endActions = new ArrayList<>();
    private JobSnapshot next;
    private boolean heartbeatDue;
    private boolean writing;
    private boolean ended;

    JobEventStream(SseEventSink sink, Sse sse, Executor executor) {
        this.sink = sink;
        this.sse = sse;
        this.executor = executor;
    }

    /** Has something done when the stream ends; at once if it has ended already. */
    void onEnd(Runnable action) {
        synchronized (this) {
            if (!ended) {
                endActions.add(action);
                return;
            }
        }
        action.run();
    }

    @Override
    public synchronized void accept(JobSnapshot snapshot) {
        next = snapshot;
        write();
    }

    /** Sends a comment: the only way to find out that a client is gone while its job waits. */
    synchronized void heartbeat() {
        heartbeatDue = true;
        write();
    }

    void end() {
        List<Runnable> actions;
        synchronized (this) {
            if (ended) {
                return;
            }
            ended = true;
            actions = List.copyOf(endActions);
        }
        actions.forEach(Runnable::run);
        sink.close();
    }

    private void write() {
        if (!writing && !ended) {
            writing = true;
            executor.execute(this::writeAll);
        }
    }

    private void writeAll() {
        for (Message message = take(); message != null; message = take()) {
            try {
                // Jersey writes before it returns; joining makes its failures, such as a client gone, visible
                sink.send(message.event).toCompletableFuture().join();
            } catch (RuntimeException e) {
                end(); // nobody is left to be told
            }
            if (message.last) {
                end();
            }
        }
    }

    private record Message(OutboundSseEvent event, boolean last) {}

    /** The next thing to write; null if there is nothing, and then the next change begins to write anew. */
    private synchronized Message take() {
        Message message = null;
        if (next != null && !ended) {
            message = new Message(event(next), next.status().state().isFinal());
        } else if (heartbeatDue && !ended) {
            message = new Message(sse.newEventBuilder().comment("still there").build(), false);
        }
        next = null;
        heartbeatDue = false;
        writing = message != null;
        return message;
    }

    private OutboundSseEvent event(JobSnapshot snapshot) {
        return sse.newEventBuilder()
                .id(Long.toString(snapshot.version()))
                .mediaType(MediaType.APPLICATION_JSON_TYPE)
                .data(String.class, JobJson.of(snapshot).toString())
                .build();
    }
}
