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
    },
    POSTGRESQL {
        @Override
        public String empty() throws SQLException {
            PostgresServer server = PostgresServer.shared().orElse(null);
            Assumptions.assumeTrue(server != null, "No PostgreSQL on this machine: install the package postgresql");
            String schema = "s" + UUID.randomUUID().toString().replace("-", "");
            try (Connection connection = DriverManager.getConnection(server.url("postgres"));
                    Statement statement = connection.createStatement()) {
                statement.executeUpdate("CREATE SCHEMA " + schema);
            }
            return server.url("postgres") + "&currentSchema=" + schema;
        }
    };

    /** The URL of a database, or a schema of its own, without tables. */
    public abstract String empty() throws SQLException;
}
