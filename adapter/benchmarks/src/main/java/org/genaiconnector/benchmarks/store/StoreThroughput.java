package org.genaiconnector.benchmarks.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import javax.sql.ConnectionPoolDataSource;
import org.genaiconnector.ra.database.StoreException;
import org.genaiconnector.testkit.database.PostgresServer;
import org.h2.jdbcx.JdbcDataSource;
import org.postgresql.ds.PGConnectionPoolDataSource;

/**
 * Jobs per second that a job store takes, dispatches and delivers, by one and by three instances, with few and with many jobs in
 * it, beside bare inserts of the same rows: the medians of several rounds. Arguments: the file for the table, and the numbers of jobs that are there before,
 * such as {@code 1000 1000000}.
 */
public final class StoreThroughput {
    private static final int[] USUAL = {1_000, 1_000_000};
    private static final int WARM_UP_ROUNDS = 3;
    private static final int ROUNDS = 5;

    /** Of a round. */
    private static final int JOBS = 1_500;

    private StoreThroughput() {}

    /** Measures, prints the table, and leaves it in a file. */
    public static void main(String[] arguments) throws IOException, SQLException, StoreException, InterruptedException {
        int[] sizes = arguments.length < 2
                ? USUAL
                : Stream.of(arguments).skip(1).mapToInt(Integer::parseInt).toArray();
        List<String> lines = new ArrayList<>(List.of(
                "| database | jobs before | instances | bare inserts | queued | dispatched and ended | delivered |",
                "|---|---:|---:|---:|---:|---:|---:|"));
        JdbcDataSource h2 = new JdbcDataSource();
        Path files = Files.createTempDirectory("job-store");
        h2.setURL("jdbc:h2:file:" + files.resolve("jobs"));
        measure("H2, file", h2, sizes, lines);
        Optional<PostgresServer> server = PostgresServer.shared();
        if (server.isPresent()) {
            PGConnectionPoolDataSource postgres = new PGConnectionPoolDataSource();
            postgres.setUrl(server.get().url("postgres"));
            measure("PostgreSQL, fsync off", postgres, sizes, lines);
        }
        String table = String.join("\n", lines) + "\n";
        System.out.print(table);
        if (arguments.length > 0) {
            Files.writeString(Path.of(arguments[0]), table);
        }
        h2Shutdown(h2.getURL());
        try (Stream<Path> all = Files.walk(files)) {
            for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(each);
            }
        }
    }

    private static void h2Shutdown(String url) throws SQLException {
        try (Connection connection = DriverManager.getConnection(url);
                Statement statement = connection.createStatement()) {
            statement.execute("SHUTDOWN");
        }
    }

    private static void measure(String name, ConnectionPoolDataSource source, int[] sizes, List<String> lines)
            throws SQLException, StoreException, InterruptedException {
        try (StoreUnderLoad load = new StoreUnderLoad(source)) {
            for (int round = 0; round < WARM_UP_ROUNDS; round++) {
                round(load, 1);
                round(load, 3);
            }
            for (int size : sizes) {
                load.fill(size);
                for (int instances : new int[] {1, 3}) {
                    double[] rates = medians(load, instances);
                    lines.add(String.format(
                            Locale.ROOT,
                            "| %s | %,d | %d | %.0f/s | %.0f/s | %.0f/s | %.0f/s |",
                            name,
                            size,
                            instances,
                            rates[0],
                            rates[1],
                            rates[2],
                            rates[3]));
                }
            }
        }
    }

    /** The median of each figure over several rounds. */
    private static double[] medians(StoreUnderLoad load, int instances) throws InterruptedException {
        double[][] rounds = new double[ROUNDS][];
        for (int round = 0; round < ROUNDS; round++) {
            rounds[round] = round(load, instances);
        }
        double[] medians = new double[rounds[0].length];
        for (int figure = 0; figure < medians.length; figure++) {
            int of = figure;
            medians[figure] =
                    Stream.of(rounds).mapToDouble(round -> round[of]).sorted().toArray()[ROUNDS / 2];
        }
        return medians;
    }

    /** Jobs take the whole way once. */
    private static double[] round(StoreUnderLoad load, int instances) throws InterruptedException {
        return new double[] {
            load.bare(JOBS, instances),
            load.queue(JOBS, instances),
            load.dispatch(JOBS, instances),
            load.deliver(JOBS, instances)
        };
    }
}
