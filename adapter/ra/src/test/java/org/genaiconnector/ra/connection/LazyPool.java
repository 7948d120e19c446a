package org.genaiconnector.ra.connection;

import jakarta.resource.ResourceException;
import jakarta.resource.spi.ConnectionRequestInfo;
import jakarta.resource.spi.DissociatableManagedConnection;
import jakarta.resource.spi.LazyAssociatableConnectionManager;
import jakarta.resource.spi.ManagedConnection;
import jakarta.resource.spi.ManagedConnectionFactory;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** A pool that takes connections back from handles that are still open, and gives them others when they are used again. */
public final class LazyPool extends TestPool implements LazyAssociatableConnectionManager {
    private static final long serialVersionUID = 1L;

    private final transient List<Object> closedInactive = new CopyOnWriteArrayList<>();
    private final transient AtomicInteger associations = new AtomicInteger();

    private transient CountDownLatch meeting = new CountDownLatch(0);

    /** A pool that lends so many connections at the same time. */
    public LazyPool(int size) {
        super(size);
    }

    /** Has associations wait for each other for a moment, so that two which may happen at the same time do. */
    void letAssociationsMeet() {
        meeting = new CountDownLatch(2);
    }

    /** The end of a component's invocation. */
    public void endInvocation() throws ResourceException {
        for (ManagedConnection connection : lent()) {
            ((DissociatableManagedConnection) connection).dissociateConnections();
            takeBack(connection);
        }
    }

    @Override
    public void associateConnection(Object handle, ManagedConnectionFactory factory, ConnectionRequestInfo request)
            throws ResourceException {
        associations.incrementAndGet();
        meeting.countDown();
        try {
            meeting.await(200, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            throw new ResourceException(e);
        }
        lend(factory, request).associateConnection(handle);
    }

    @Override
    public void inactiveConnectionClosed(Object handle, ManagedConnectionFactory factory) {
        closedInactive.add(handle);
    }

    /** The handles that were closed while they had no connection. */
    List<Object> closedInactive() {
        return closedInactive;
    }

    int associations() {
        return associations.get();
    }
}
