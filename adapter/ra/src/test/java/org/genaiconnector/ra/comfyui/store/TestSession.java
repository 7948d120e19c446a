package org.genaiconnector.ra.comfyui.store;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLNonTransientConnectionException;

/** A physical connection of {@link TestSource} that can be lost. What is behind it serves again: PostgreSQL starts no process. */
final class TestSession {
    private final Connection connection;
    private volatile boolean lost;

    TestSession(Connection connection) {
        this.connection = connection;
    }

    boolean isLost() {
        return lost;
    }

    Connection connection() throws SQLException {
        if (lost) {
            throw new SQLNonTransientConnectionException("this connection was lost", "08003");
        }
        return connection;
    }

    /** Ends its transaction, as the database does. */
    Connection lose() throws SQLException {
        Connection next = connection();
        lost = true;
        if (!next.getAutoCommit()) {
            next.rollback();
            next.setAutoCommit(true);
        }
        return next;
    }
}
