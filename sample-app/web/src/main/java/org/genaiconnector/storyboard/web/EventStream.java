package org.genaiconnector.storyboard.web;

import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.sse.OutboundSseEvent;
import jakarta.ws.rs.sse.Sse;
import jakarta.ws.rs.sse.SseEventSink;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Supplier;

/**
 * One client's event stream. Writing to a client blocks for as long as its network likes, so it is done on a thread of
 * its own; a client too slow for every change of a thing gets the newest one.
 */
final class EventStream {

    /**
     * An event.
     *
     * @param id what a client that comes back has seen
     * @param name null for the default, {@code message}
     * @param data made when it is written
     * @param last whether the stream ends with it
     */
    record Event(String id, String name, Supplier<?> data, boolean last) {}

    private static final Event HEARTBEAT = new Event("", null, () -> "", false);

    private final SseEventSink sink;
    private final Sse sse;
    private final Executor executor;
    private final List<Runnable> endActions = new ArrayList<>();
    private final Map<String, Event> waiting = new LinkedHashMap<>();
    private boolean heartbeatDue;
    private boolean writing;
    private boolean ended;

    EventStream(SseEventSink sink, Sse sse, Executor executor) {
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

    /** Sends an event in place of an older one of the same key that has not been written yet. Does not block. */
    synchronized void send(String key, Event event) {
        waiting.remove(key); // so that the ids are written in their order
        waiting.put(key, event);
        write();
    }

    /** Sends a comment: the only way to find out that a client is gone while nothing changes. */
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
            try {
                executor.execute(this::writeAll);
                writing = true;
            } catch (RejectedExecutionException stopping) {
                waiting.clear(); // the application is being stopped, and ends its streams
            }
        }
    }

    private void writeAll() {
        for (Optional<Event> next = take(); next.isPresent(); next = take()) {
            try {
                // Jersey writes before it returns; joining makes its failures, such as a client gone, visible
                sink.send(event(next.get())).toCompletableFuture().join();
            } catch (RuntimeException e) {
                end(); // there is no client to write to any more
            }
            if (next.get().last()) {
                end();
            }
        }
    }

    /** The next event to write; if there is none, the next change begins to write again. */
    private synchronized Optional<Event> take() {
        Optional<Event> next = Optional.empty();
        Iterator<Event> events = waiting.values().iterator();
        if (!ended && events.hasNext()) {
            next = Optional.of(events.next());
            events.remove();
        } else if (!ended && heartbeatDue) {
            next = Optional.of(HEARTBEAT);
        }
        heartbeatDue = false;
        writing = next.isPresent();
        return next;
    }

    /** Not under the lock, for making the data may take others. */
    private OutboundSseEvent event(Event event) {
        if (event == HEARTBEAT) {
            return sse.newEventBuilder().comment("still there").build();
        }
        OutboundSseEvent.Builder builder = sse.newEventBuilder()
                .id(event.id())
                .mediaType(MediaType.APPLICATION_JSON_TYPE)
                .data(String.class, JsonConfiguration.write(event.data().get()));
        return event.name() == null
                ? builder.build()
                : builder.name(event.name()).build();
    }
}
