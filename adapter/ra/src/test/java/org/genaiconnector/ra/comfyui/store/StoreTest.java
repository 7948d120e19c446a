package org.genaiconnector.ra.comfyui.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.genaiconnector.comfyui.JobState;
import org.genaiconnector.comfyui.JobStatus;
import org.genaiconnector.ra.database.StoreException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Tests of a store, on each database of {@link TestDatabase}. */
@ParameterizedClass
@EnumSource(TestDatabase.class)
abstract class StoreTest {
    static final String BACKEND = "http://comfyui:8188";
    static final Duration LEASE = Duration.ofMinutes(1);
    static final Duration NOT_ANY_MORE = Duration.ofMillis(-1);

    final TestDatabase database;
    final String url;
    final TestSource source;
    final JobStore store;

    StoreTest(TestDatabase database) throws SQLException {
        this.database = database;
        this.url = database.empty();
        this.source = new TestSource(database, url);
        this.store = anotherStore();
    }

    @AfterEach
    final void closeConnections() throws SQLException {
        source.close();
        database.remove(url);
    }

    /** The same tables, seen by another application server. */
    final JobStore anotherStore() {
        return new JobStore("jdbc/jobs", source, true);
    }

    final String insert() throws StoreException {
        return insert(job());
    }

    final String insert(NewJob job) throws StoreException {
        store.jobs().insert(job);
        return job.id();
    }

    final NewJob job() {
        return job(Optional.empty());
    }

    final NewJob job(Optional<String> tag) {
        return new NewJob(
                UUID.randomUUID().toString(), BACKEND, tag, Optional.empty(), 0, "{\"workflow\":{}}", Duration.ZERO);
    }

    final String register() throws StoreException {
        return store.instances().register("server", LEASE);
    }

    /** A job that is claimed by the instance. */
    final JobRow claimed(String instance) throws StoreException {
        insert();
        return store.dispatch().claim(instance, BACKEND, 100, 1).get(0);
    }

    final JobRow end(JobRow row) throws StoreException {
        return store.dispatch()
                .end(row, JobStatus.of(row.id(), JobState.COMPLETED))
                .orElseThrow();
    }

    final JobRow found(String id) throws StoreException {
        return store.jobs().find(id).orElseThrow();
    }

    /** Lets the lease of an instance end, by the database's clock. */
    final void expire(String instance) throws SQLException {
        execute("UPDATE genai_instance SET lease_until = 0 WHERE id = ?", instance);
    }

    /** Instances that have asked for jobs count as if they asked again and again, however slow this machine is. */
    final void askForever() throws SQLException {
        execute("UPDATE genai_worker SET seen = seen + 3600000");
    }

    final int execute(String sql, Object... values) throws SQLException {
        try (Connection connection = source.sound();
                PreparedStatement statement = connection.prepareStatement(sql)) {
            set(statement, values);
            return statement.executeUpdate();
        }
    }

    final long number(String sql, Object... values) throws SQLException {
        return Long.parseLong(texts(sql, values).get(0));
    }

    /** The first column. */
    final List<String> texts(String sql, Object... values) throws SQLException {
        try (Connection connection = source.sound();
                PreparedStatement statement = connection.prepareStatement(sql)) {
            set(statement, values);
            try (ResultSet rows = statement.executeQuery()) {
                List<String> texts = new ArrayList<>();
                while (rows.next()) {
                    texts.add(rows.getString(1));
                }
                return texts;
            }
        }
    }

    private static void set(PreparedStatement statement, Object... values) throws SQLException {
        for (int i = 0; i < values.length; i++) {
            statement.setObject(i + 1, values[i]);
        }
    }
}
