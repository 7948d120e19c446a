package org.genaiconnector.ra.comfyui.store;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.UUID;
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
        public void remove(String url) throws SQLException {
            execute(url, "SHUTDOWN");
        }
    },
    POSTGRESQL {
        @Override
        public String empty() throws SQLException {
            PostgresServer server = PostgresServer.shared().orElse(null);
            Assumptions.assumeTrue(server != null, "No PostgreSQL on this machine: install the package postgresql");
            String schema = "s" + UUID.randomUUID().toString().replace("-", "");
            execute(server.url("postgres"), "CREATE SCHEMA " + schema);
            return server.url("postgres") + SCHEMA + schema;
        }

        @Override
        public void remove(String url) throws SQLException {
            execute(url, "DROP SCHEMA " + url.substring(url.indexOf(SCHEMA) + SCHEMA.length()) + " CASCADE");
        }
    };

    private static final String SCHEMA = "&currentSchema=";

    private static void execute(String url, String sql) throws SQLException {
        try (Connection connection = DriverManager.getConnection(url);
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /** The URL of a database, or a schema of its own, without tables. */
    public abstract String empty() throws SQLException;

    /** Removes what {@link #empty} has made, which would take memory until the JVM ends. */
    public abstract void remove(String url) throws SQLException;
}
