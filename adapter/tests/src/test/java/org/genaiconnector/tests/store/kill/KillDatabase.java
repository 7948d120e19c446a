package org.genaiconnector.tests.store.kill;

import java.net.URISyntaxException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.genaiconnector.testkit.database.PostgresServer;
import org.junit.jupiter.api.Assumptions;

/** Where the rows are. */
enum KillDatabase {
    /** The embedded one of Payara, in a file. What is committed is in that file at once, rather than up to half a second later. */
    H2 {
        @Override
        void create(String name) {
            // made when it is used
        }

        @Override
        List<String> commands(String name, Path directory) {
            return dataSource(
                    "org.h2.jdbcx.JdbcDataSource",
                    "sa",
                    "jdbc:h2:" + directory.resolve(name).toAbsolutePath() + ";WRITE_DELAY=0");
        }

        @Override
        List<Path> libraries() {
            return List.of();
        }
    },

    POSTGRESQL {
        @Override
        void create(String name) throws SQLException {
            try (Connection connection = DriverManager.getConnection(server().url("postgres"));
                    Statement statement = connection.createStatement()) {
                statement.execute("CREATE DATABASE " + name);
            }
        }

        @Override
        List<String> commands(String name, Path directory) {
            return dataSource(
                    "org.postgresql.ds.PGSimpleDataSource",
                    PostgresServer.USER,
                    "jdbc:postgresql://127.0.0.1:" + server().port() + "/" + name);
        }

        @Override
        List<Path> libraries() throws URISyntaxException {
            return List.of(Path.of(org.postgresql.Driver.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI()));
        }

        private PostgresServer server() {
            Assumptions.assumeTrue(
                    PostgresServer.shared().isPresent(), "no initdb on the PATH or below /usr/lib/postgresql");
            return PostgresServer.shared().orElseThrow();
        }
    };

    /** Makes an empty database. */
    abstract void create(String name) throws SQLException;

    /**
     * Commands for the data source {@code jdbc/kill} of a server.
     *
     * @param name of the database
     * @param directory for its files
     */
    abstract List<String> commands(String name, Path directory);

    /** What a server needs besides. */
    abstract List<Path> libraries() throws URISyntaxException;

    private static List<String> dataSource(String type, String user, String url) {
        return List.of(
                "create-jdbc-connection-pool --datasourceclassname=" + type
                        + " --restype=javax.sql.DataSource --property=user=" + user + ":password=kill:url="
                        + url.replace(":", "\\:").replace("=", "\\=") + " kill-pool",
                "create-jdbc-resource --connectionpoolid=kill-pool jdbc/kill");
    }
}
