package org.genaiconnector.benchmarks.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.ConnectionPoolDataSource;
import javax.sql.DataSource;
import org.genaiconnector.comfyui.JobState;
import org.genaiconnector.comfyui.JobStatus;
import org.genaiconnector.ra.comfyui.store.DeliveryRow;
import org.genaiconnector.ra.comfyui.store.JobRow;
import org.genaiconnector.ra.comfyui.store.JobStore;
import org.genaiconnector.ra.comfyui.store.NewJob;
import org.genaiconnector.ra.database.StoreException;
import org.genaiconnector.ra.database.StoreSource;
import org.h2.jdbcx.JdbcConnectionPool;

/** A store, and instances that use it as fast as they can. The results are jobs per second. */
final class StoreUnderLoad implements AutoCloseable {
    private static final String BACKEND = "http://comfyui:8188";
    private static final String SUBSCRIPTION = "benchmark";
    private static final int AT_ONCE = 4;

    /** As large as the workflow of ComfyUI's first example. */
    private static final String SUBMISSION =
            "{\"workflow\":{\"3\":{\"class_type\":\"KSampler\",\"inputs\":{\"text\":\"" + "x".repeat(2_000) + "\"}}}}";

    private final JdbcConnectionPool pool;
    private final ExecutorService threads = Executors.newCachedThreadPool();

    StoreUnderLoad(ConnectionPoolDataSource source) throws StoreException, SQLException {
        pool = JdbcConnectionPool.create(source);
        pool.setMaxConnections(20);
        store().deliveries().subscribe(SUBSCRIPTION, Optional.empty(), Optional.empty());
        execute("CREATE TABLE bare AS SELECT * FROM genai_job WHERE 1 = 0");
    }

    private JobStore store() {
        return new JobStore(
                "benchmark",
                new StoreSource() {
                    @Override
                    public DataSource dataSource() {
                        return pool;
                    }

                    @Override
                    public boolean inTransaction() {
                        return false;
                    }

                    @Override
                    public void runOutside(Runnable task) {
                        threads.execute(task);
                    }
                },
                true);
    }

    private void execute(String sql) throws SQLException {
        try (Connection connection = pool.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private boolean isPostgres() throws SQLException {
        try (Connection connection = pool.getConnection()) {
            return connection.getMetaData().getDatabaseProductName().equals("PostgreSQL");
        }
    }

    /** Adds jobs that ended long ago, until there are so many. */
    void fill(int jobs) throws SQLException {
        String numbers = isPostgres() ? "generate_series(1, " : "SYSTEM_RANGE(1, ";
        execute("DELETE FROM genai_job");
        execute(
                "INSERT INTO genai_job (id, backend, tag, priority, seq, state, cancel, submission, attempts, fence, created, due,"
                        + " sent, ended, outcome) SELECT CAST(n AS VARCHAR(36)), '" + BACKEND
                        + "', 'tag', 0, n, 'COMPLETED', 0,"
                        + " '{}', 1, 1, 1700000000000 + n, 1700000000000 + n, 1700000000000 + n, 1700000000000 + n,"
                        + " '{\"state\":\"COMPLETED\"}' FROM " + numbers + jobs + ") AS r(n)");
        execute(isPostgres() ? "VACUUM ANALYZE" : "ANALYZE");
        if (isPostgres()) {
            execute("CHECKPOINT"); // rather than during what is measured
        }
    }

    /** Inserts rows into a table without indexes, each in a transaction. */
    double bare(int jobs, int instances) throws InterruptedException {
        return rate(jobs, instances, () -> count -> {
            try (Connection connection = pool.getConnection();
                    PreparedStatement insert =
                            connection.prepareStatement("INSERT INTO bare (id, backend, tag, priority, seq,"
                                    + " state, cancel, submission, attempts, fence, created, due)"
                                    + " VALUES (?, ?, ?, 0, ?, 'QUEUED', 0, ?, 0, 0, ?, ?)")) {
                insert.setString(1, UUID.randomUUID().toString());
                insert.setString(2, BACKEND);
                insert.setString(3, "tag");
                insert.setLong(4, count);
                insert.setString(5, SUBMISSION);
                insert.setLong(6, count);
                insert.setLong(7, count);
                return insert.executeUpdate();
            }
        });
    }

    /** Queues jobs, each in a transaction. */
    double queue(int jobs, int instances) throws InterruptedException {
        return rate(jobs, instances, () -> {
            JobStore store = store();
            return count -> {
                store.jobs()
                        .insert(new NewJob(
                                UUID.randomUUID().toString(),
                                BACKEND,
                                Optional.of("tag"),
                                Optional.empty(),
                                0,
                                SUBMISSION,
                                Duration.ZERO));
                return 1;
            };
        });
    }

    /** Claims the jobs, has them sent, running and ended. */
    double dispatch(int jobs, int instances) throws InterruptedException {
        return rate(jobs, instances, () -> new Leased() {
            @Override
            public int run(int count) throws StoreException {
                List<JobRow> rows = store.dispatch().claim(instance, BACKEND, AT_ONCE * instances, AT_ONCE);
                for (JobRow row : rows) {
                    JobRow sent = store.dispatch().sent(row, row.promptId()).orElseThrow();
                    JobRow running = store.dispatch()
                            .progressed(sent, JobStatus.of(row.id(), JobState.RUNNING))
                            .orElseThrow();
                    store.dispatch().end(running, JobStatus.of(row.id(), JobState.COMPLETED));
                }
                return rows.size();
            }
        });
    }

    /** Claims the deliveries of the ends and acknowledges them. */
    double deliver(int jobs, int instances) throws InterruptedException {
        return rate(jobs, instances, () -> new Leased() {
            @Override
            public int run(int count) throws StoreException {
                List<DeliveryRow> rows = store.deliveries().claim(instance, SUBSCRIPTION, AT_ONCE);
                for (DeliveryRow row : rows) {
                    store.deliveries().acknowledge(row);
                }
                return rows.size();
            }
        });
    }

    /** What an instance does again and again. */
    @FunctionalInterface
    private interface Step {
        /** Does it once, and tells how many jobs it was. */
        int run(int count) throws SQLException, StoreException;

        /** The instance has ended. */
        default void end() throws StoreException {}
    }

    /** A step of an instance that has a lease. */
    private abstract class Leased implements Step {
        final JobStore store = store();
        final String instance = store.instances().register("benchmark", Duration.ofHours(1));

        Leased() throws StoreException {}

        @Override
        public void end() throws StoreException {
            store.instances().unregister(instance);
        }
    }

    private double rate(int jobs, int instances, Callable<Step> instance) throws InterruptedException {
        AtomicInteger left = new AtomicInteger(jobs);
        List<Callable<Void>> all = new ArrayList<>();
        for (int i = 0; i < instances; i++) {
            all.add(() -> {
                Step step = instance.call();
                while (left.get() > 0) {
                    left.addAndGet(-step.run(left.get()));
                }
                step.end();
                return null;
            });
        }
        long start = System.nanoTime();
        for (Future<Void> each : threads.invokeAll(all)) {
            try {
                each.get();
            } catch (ExecutionException e) {
                throw new IllegalStateException(e);
            }
        }
        return (jobs - left.get()) * 1e9 / (System.nanoTime() - start);
    }

    @Override
    public void close() {
        pool.dispose();
        threads.shutdown();
    }
}
