package org.genaiconnector.ra.comfyui.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.genaiconnector.comfyui.JobQuery;
import org.genaiconnector.ra.database.Dialect;
import org.genaiconnector.ra.database.StoreException;
import org.junit.jupiter.api.Test;

/** The tables: made, checked and refused. */
class SchemaTest extends StoreTest {
    private final JobStore careful = new JobStore("jdbc/jobs", source, false);

    SchemaTest(TestDatabase database) throws SQLException {
        super(database);
    }

    private static void fails(ThrowingCallable call, StoreException.Kind kind, String... words) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        StoreException.class, e -> assertThat(e.kind()).isEqualTo(kind))
                .hasMessageContainingAll(words);
    }

    private void runScript() throws SQLException {
        Dialect dialect = Dialect.valueOf(database.name());
        try (Connection connection = source.connection();
                Statement statement = connection.createStatement()) {
            for (String sql : dialect.tables()) {
                statement.executeUpdate(sql);
            }
        }
    }

    @Test
    void makesNoTablesUnlessItMay() throws StoreException, SQLException {
        fails(
                careful::prepare,
                StoreException.Kind.SCHEMA,
                "jdbc/jobs",
                "server-config/job-store/" + database.name().toLowerCase(Locale.ROOT) + ".sql",
                "jobStoreCreateTables");
        runScript();
        careful.prepare();
        assertThat(careful.jobs().query(JobQuery.all(), BACKEND)).isEmpty();
    }

    @Test
    void refusesTablesOfAnotherVersion() throws StoreException, SQLException {
        store.prepare();
        execute("UPDATE genai_schema SET version = 7");
        JobStore other = anotherStore();
        fails(
                other::prepare,
                StoreException.Kind.SCHEMA,
                "version 7 of genai-connector",
                "version 1 of genai-connector");
        execute("UPDATE genai_schema SET version = 1, product = 'acme'");
        fails(() -> other.jobs().find("x"), StoreException.Kind.SCHEMA, "version 1 of acme");
        execute("UPDATE genai_schema SET product = 'genai-connector'");
        assertThat(other.jobs().find("x")).isEmpty();
    }

    @Test
    void refusesTablesOfTwoVersions() throws StoreException, SQLException {
        store.prepare();
        execute("INSERT INTO genai_schema (version, product) VALUES (2, 'genai-connector')");
        fails(anotherStore()::prepare, StoreException.Kind.SCHEMA, "version 1 of", "version 2 of");
    }

    @Test
    void completesTablesWhoseMakingWasInterrupted() throws StoreException, SQLException {
        store.prepare();
        execute("DROP TABLE genai_schema");
        execute("DROP INDEX genai_job_tag");
        execute("DROP TABLE genai_subscription");
        fails(careful::prepare, StoreException.Kind.SCHEMA, "incomplete");
        JobStore other = anotherStore();
        other.deliveries().subscribe("s", Optional.empty(), Optional.empty());
        careful.prepare();
        assertThat(number("SELECT COUNT(*) FROM genai_subscription")).isEqualTo(1);
    }

    @Test
    void severalApplicationServersMayMakeThemAtOnce() throws Exception {
        int servers = 4;
        ExecutorService threads = Executors.newFixedThreadPool(servers);
        try {
            List<Future<Boolean>> all = new ArrayList<>();
            for (int i = 0; i < servers; i++) {
                all.add(threads.submit(() -> {
                    JobStore mine = anotherStore();
                    mine.prepare();
                    return mine.jobs().find("x").isEmpty();
                }));
            }
            for (Future<Boolean> each : all) {
                assertThat(each.get()).isTrue();
            }
        } finally {
            threads.shutdown();
        }
        assertThat(number("SELECT COUNT(*) FROM genai_schema")).isEqualTo(1);
    }

    @Test
    void makesTablesOutsideOfTheCallersTransaction() throws StoreException, SQLException {
        source.begin();
        NewJob job = job();
        store.jobs().insert(job);
        source.rollback();
        assertThat(store.jobs().find(job.id())).isEmpty();
        assertThat(number("SELECT COUNT(*) FROM genai_schema")).isEqualTo(1);
    }

    @Test
    void findsADataSourceThatComesLater() throws StoreException {
        source.bound(false);
        fails(() -> store.jobs().find("x"), StoreException.Kind.UNAVAILABLE, "jdbc/jobs", "no such data source");
        source.bound(true);
        assertThat(store.jobs().find("x")).isEmpty();
    }

    @Test
    void findsADatabaseThatComesBack() throws StoreException {
        source.down(true);
        fails(() -> store.jobs().find("x"), StoreException.Kind.UNAVAILABLE, "jdbc/jobs", "refused");
        source.down(false);
        String id = insert();
        source.down(true);
        fails(() -> store.jobs().find(id), StoreException.Kind.UNAVAILABLE, "reading job " + id);
        fails(() -> store.jobs().insert(job()), StoreException.Kind.UNAVAILABLE, "queueing job");
        source.down(false);
        assertThat(store.jobs().find(id)).isPresent();
    }

    @Test
    void noticesThatTheTablesHaveGone() throws StoreException, SQLException {
        insert();
        execute("DROP TABLE genai_job");
        fails(() -> store.jobs().find("x"), StoreException.Kind.SCHEMA, "reading job x");
    }

    @Test
    void theDialectIsThatOfTheDatabase() throws SQLException {
        try (Connection connection = source.connection()) {
            DatabaseMetaData metaData = connection.getMetaData();
            assertThat(Dialect.of(metaData)).isEqualTo(Dialect.valueOf(database.name()));
        }
    }
}
