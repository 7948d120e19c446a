package org.genaiconnector.servers.noop;

/** Connection handle of the adapter that does nothing. */
public final class NoopConnection implements AutoCloseable {
    private NoopManagedConnection owner;

    NoopConnection(NoopManagedConnection owner) {
        this.owner = owner;
    }

    void invalidate() {
        owner = null;
    }

    @Override
    public void close() {
        NoopManagedConnection current = owner;
        if (current != null) {
            owner = null;
            current.release(this);
        }
    }
}
