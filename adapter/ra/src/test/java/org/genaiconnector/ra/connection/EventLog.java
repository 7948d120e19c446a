package org.genaiconnector.ra.connection;

import jakarta.resource.spi.ConnectionEvent;
import jakarta.resource.spi.ConnectionEventListener;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/** Listener that remembers the events it hears, and does within them what it is told to. */
final class EventLog implements ConnectionEventListener {
    private final List<ConnectionEvent> events = new CopyOnWriteArrayList<>();
    private final Consumer<ConnectionEvent> reaction;

    EventLog() {
        this(event -> {});
    }

    EventLog(Consumer<ConnectionEvent> reaction) {
        this.reaction = reaction;
    }

    List<ConnectionEvent> events() {
        return events;
    }

    List<Integer> ids() {
        return events.stream().map(ConnectionEvent::getId).toList();
    }

    private void heard(ConnectionEvent event) {
        events.add(event);
        reaction.accept(event);
    }

    @Override
    public void connectionClosed(ConnectionEvent event) {
        heard(event);
    }

    @Override
    public void connectionErrorOccurred(ConnectionEvent event) {
        heard(event);
    }

    @Override
    public void localTransactionStarted(ConnectionEvent event) {
        heard(event);
    }

    @Override
    public void localTransactionCommitted(ConnectionEvent event) {
        heard(event);
    }

    @Override
    public void localTransactionRolledback(ConnectionEvent event) {
        heard(event);
    }
}
