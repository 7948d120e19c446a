package org.genaiconnector.ra.comfyui.store;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.genaiconnector.testkit.database.PostgresServer;
import org.junit.jupiter.api.Assumptions;

/** The databases of the tests. */
public enum TestDatabase {
    H2 {
        @Override
        public String empty() {
            return "jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1";
        }

        @Override
        public Connection connect(String url) throws SQLException {
            return DriverManager.getConnection(url);
        }

        @Override
        public void release(Connection connection) throws SQLException {
            connection.close();
        }

        @Override
        public void remove(String url) throws SQLException {
            execute(url, "SHUTDOWN");
        }
    },
    POSTGRESQL {
        /** A new one would cost more than most tests: a process. */
        private final Queue<Connection> idle = new ConcurrentLinkedQueue<>();

        @Override
        public String empty() throws SQLException {
            PostgresServer server = PostgresServer.shared().orElse(null);
            Assumptions.assumeTrue(server != null, "No PostgreSQL on this machine: install the package postgresql");
            String schema = "s" + UUID.randomUUID().toString().replace("-", "");
            String url = server.url("postgres") + SCHEMA + schema;
            execute(url, "CREATE SCHEMA " + schema);
            return url;
        }

        @Override
        public Connection connect(String url) throws SQLException {
            Connection known = idle.poll();
            if (known == null) {
                return DriverManager.getConnection(url);
            }
            known.setSchema(schema(url));
            return known;
        }

        @Override
        public void release(Connection connection) throws SQLException {
            if (!connection.getAutoCommit()) {
                connection.rollback();
                connection.setAutoCommit(true);
            }
            idle.add(connection);
        }

        @Override
        public void remove(String url) throws SQLException {
            execute(url, "DROP SCHEMA " + schema(url) + " CASCADE");
        }

        private String schema(String url) {
            return url.substring(url.indexOf(SCHEMA) + SCHEMA.length());
        }
    };

    private static final String SCHEMA = "&currentSchema=";

    final void execute(String url, String sql) throws SQLException {
        Connection connection = connect(url);
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } finally {
            release(connection);
        }
    }

    /** The URL of a database, or a schema of its own, without tables. */
    public abstract String empty() throws SQLException;

    /** A connection to it, in auto-commit mode. */
    public abstract Connection connect(String url) throws SQLException;

    /** Takes back a connection that nobody uses any more. */
    public abstract void release(Connection connection) throws SQLException;

    /** Removes what {@link #empty} has made, which would take memory until the JVM ends. */
    public abstract void remove(String url) throws SQLException;
}
