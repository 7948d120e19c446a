package org.genaiconnector.ra.comfyui.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.StringJoiner;
import java.util.regex.Pattern;
import org.genaiconnector.comfyui.JobQuery;
import org.genaiconnector.comfyui.JobState;
import org.genaiconnector.comfyui.JobStatus;
import org.genaiconnector.ra.database.Dialect;
import org.genaiconnector.ra.database.StoreException;
import org.junit.jupiter.api.Test;

/** How the databases execute the statements if there are 100,000 jobs: by indexes, so that the number does not matter. */
class PlansIT extends StoreTest {
    private static final int JOBS = 100_000;

    /** A page of a query, and what it passes over. */
    private static final int MOST_READ = 1_500;

    /** In the plans of H2; twice in those of PostgreSQL, of which the first kind also counts rows that are found. */
    private static final Pattern READ =
            Pattern.compile("(?:scanCount: |rows=|Rows Removed by Filter: )(\\d++)(?! width)");

    private final String instance;

    PlansIT(TestDatabase database) throws SQLException, StoreException {
        super(database);
        instance = register();
    }

    /** One half waits, the other has ended; every tenth has a tag, every hundredth a delivery that waits. */
    private void fill() throws SQLException {
        List<String> indexes = Dialect.valueOf(database.name()).tables().stream()
                .filter(statement -> statement.startsWith("CREATE INDEX"))
                .toList();
        for (String each : indexes) {
            execute("DROP INDEX " + each.split(" ")[2]); // and made when the rows are there, which is faster
        }
        String numbers = database == TestDatabase.H2
                ? "SYSTEM_RANGE(1, " + JOBS + ") AS r(n)"
                : "generate_series(1, " + JOBS + ") AS r(n)";
        execute(
                "INSERT INTO genai_job (id, backend, tag, caller, priority, seq, state, cancel, submission, attempts, fence,"
                        + " created, due, sent, ended, outcome) SELECT CAST(n AS VARCHAR(36)), '" + BACKEND + "',"
                        + " CASE WHEN MOD(n, 10) = 0 THEN 'tag' END, CASE WHEN MOD(n, 10) = 1 THEN 'anna' END, 0, n,"
                        + " CASE WHEN MOD(n, 2) = 0 THEN 'QUEUED' ELSE 'COMPLETED' END, 0, '{}', 0, 0, 1700000000000 + n,"
                        + " 1700000000000 + n, CASE WHEN MOD(n, 2) = 1 THEN 1700000000000 + n END,"
                        + " CASE WHEN MOD(n, 2) = 1 THEN 1700000000000 + n END,"
                        + " CASE WHEN MOD(n, 2) = 1 THEN '{\"state\":\"COMPLETED\"}' END FROM " + numbers);
        execute(
                "INSERT INTO genai_delivery (subscription, job_id, state, attempts, due, fence, changed)"
                        + " SELECT 'mail', id, 'WAITING', 0, ended, 0, ended FROM genai_job WHERE ended IS NOT NULL AND MOD(seq, 10) = 1");
        for (String each : indexes) {
            execute(each);
        }
        execute(database == TestDatabase.H2 ? "ANALYZE" : "ANALYZE genai_job");
        if (database == TestDatabase.POSTGRESQL) {
            execute("ANALYZE genai_delivery");
        }
    }

    @Test
    void useIndexes() throws StoreException, SQLException {
        store.deliveries().subscribe("mail", Optional.empty(), Optional.empty());
        fill();
        source.record();
        work();
        administer();
        List<TestSource.Recorded> statements = source.recorded();
        assertThat(statements).hasSizeGreaterThan(40);
        for (TestSource.Recorded each : statements) {
            if (each.sql().startsWith("INSERT")) {
                continue; // cannot be executed again, and the one that reads finds its rows by keys
            }
            String plan = plan(each);
            assertThat(plan)
                    .as(each.sql())
                    .doesNotContain(
                            "Seq Scan on genai_job",
                            "Seq Scan on genai_delivery",
                            "GENAI_JOB.tableScan",
                            "GENAI_DELIVERY.tableScan");
            if (each.sql().contains("ROWS ONLY") && !each.sql().contains("state IN")) {
                assertThat(plan)
                        .as(each.sql())
                        .containsAnyOf("Limit", "index sorted")
                        .doesNotContain("Sort Key");
            }
            if (!each.sql().contains("COUNT(*) FROM genai_job") && !each.sql().contains("OFFSET 39999")) {
                assertThat(READ.matcher(plan).results().mapToInt(rows -> Integer.parseInt(rows.group(1))))
                        .as(plan)
                        .isNotEmpty()
                        .allMatch(rows -> rows < MOST_READ);
            }
        }
    }

    private void work() throws StoreException {
        String id = insert();
        store.jobs().find(id);
        store.jobs().position("4");
        store.jobs().requestCancel(id);
        store.jobs().cancelQueued(id);
        for (JobQuery query : List.of(
                JobQuery.all(),
                JobQuery.all().before(Instant.ofEpochMilli(1700000050000L), "5"),
                JobQuery.all().withTag("tag"),
                JobQuery.all().withCaller("anna").before(Instant.ofEpochMilli(1700000050000L), "5"),
                JobQuery.all().withStates(Set.of(JobState.PENDING)))) {
            store.jobs().query(query, BACKEND);
        }
        List<JobRow> rows = store.dispatch().claim(instance, BACKEND, 3, 3);
        store.dispatch().sent(rows.get(0), "p");
        store.dispatch().progressed(rows.get(0), JobStatus.of("x", JobState.RUNNING));
        store.dispatch().nextAttempt(rows.get(1), "why");
        store.dispatch().requeue(rows.get(2), Duration.ZERO, true, Optional.of("why"));
        end(rows.get(0));
        store.dispatch().endOverdue(9);
        store.dispatch().cancelRequests(instance);
        DeliveryRow delivery = store.deliveries().claim(instance, "mail", 3).get(0);
        store.deliveries().redeliver(delivery, Duration.ZERO, "why");
        store.deliveries().acknowledge(delivery);
    }

    private void administer() throws StoreException, SQLException {
        store.instances().renew(instance, LEASE);
        expire(instance);
        store.instances().takeOver();
        store.dispatch().adopt(register(), BACKEND, 9);
        store.upkeep().purge(Duration.ofDays(1), 40_000, 3);
        store.upkeep().requeue("1");
        store.upkeep().redeliver("mail", "1");
    }

    private String plan(TestSource.Recorded recorded) throws SQLException {
        try (Connection connection = source.sound();
                PreparedStatement statement = connection.prepareStatement("EXPLAIN ANALYZE " + recorded.sql())) {
            connection.setAutoCommit(false);
            recorded.set(statement);
            StringJoiner plan = new StringJoiner("\n");
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    plan.add(rows.getString(1));
                }
            }
            connection.rollback(); // because it was executed
            connection.setAutoCommit(true);
            return plan.toString();
        }
    }
}
