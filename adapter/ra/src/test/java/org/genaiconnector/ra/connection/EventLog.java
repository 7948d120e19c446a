package org.genaiconnector.ra.connection;

import jakarta.resource.spi.ConnectionEvent;
import jakarta.resource.spi.ConnectionEventListener;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/** Listener that records the events it receives, and reacts to them as a test says. */
public final class EventLog implements ConnectionEventListener {
    private final List<ConnectionEvent> events = new CopyOnWriteArrayList<>();
    private final Consumer<ConnectionEvent> reaction;

    /** Only records. */
    public EventLog() {
        this(event -> {});
    }

    EventLog(Consumer<ConnectionEvent> reaction) {
        this.reaction = reaction;
    }

    /** The events so far. */
    public List<ConnectionEvent> events() {
        return events;
    }

    List<Integer> ids() {
        return events.stream().map(ConnectionEvent::getId).toList();
    }

    private void received(ConnectionEvent event) {
        events.add(event);
        reaction.accept(event);
    }

    @Override
    public void connectionClosed(ConnectionEvent event) {
        received(event);
    }

    @Override
    public void connectionErrorOccurred(ConnectionEvent event) {
        received(event);
    }

    @Override
    public void localTransactionStarted(ConnectionEvent event) {
        received(event);
    }

    @Override
    public void localTransactionCommitted(ConnectionEvent event) {
        received(event);
    }

    @Override
    public void localTransactionRolledback(ConnectionEvent event) {
        received(event);
    }
}
