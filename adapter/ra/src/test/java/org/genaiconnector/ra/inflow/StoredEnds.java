package org.genaiconnector.ra.inflow;

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
import org.genaiconnector.ra.comfyui.store.JobRow;
import org.genaiconnector.ra.comfyui.store.JobStore;
import org.genaiconnector.ra.comfyui.store.NewJob;
import org.genaiconnector.ra.comfyui.store.TestDatabase;
import org.genaiconnector.ra.comfyui.store.TestSource;
import org.genaiconnector.ra.database.StoreException;

/**
 * A database with a job store, in which jobs end by an application server without beans, and a table of an application: beans
 * write the ends there that they have taken.
 */
final class StoredEnds implements AutoCloseable {
    private final TestDatabase database;
    private final String url;
    private final TestSource source;
    private final JobStore store;
    private final String instance;

    StoredEnds(TestDatabase database) throws SQLException, StoreException {
        this.database = database;
        url = database.empty();
        source = new TestSource(database, url);
        store = new JobStore(TestInflow.STORE, source, true);
        instance = store.instances().register("without beans", Duration.ofHours(1));
        execute("CREATE TABLE app_end (job VARCHAR(36), delivery INT)");
    }

    /** The database as another application server reaches it. */
    TestSource connect() {
        return new TestSource(database, url);
    }

    TestDatabase database() {
        return database;
    }

    JobStore store() {
        return store;
    }

    /** A subscription without a bean. */
    void subscribe() throws StoreException {
        store.deliveries().subscribe(TestInflow.SUBSCRIPTION, Optional.empty(), Optional.empty());
    }

    /** Lets so many jobs end. */
    List<String> end(int jobs) throws StoreException {
        List<String> ids = new ArrayList<>();
        for (int i = 0; i < jobs; i++) {
            ids.add(end(Optional.empty()));
        }
        return ids;
    }

    String end(Optional<String> tag) throws StoreException {
        insert(tag);
        return endQueued();
    }

    /** Ends the job that waits to be sent. */
    String endQueued() throws StoreException {
        JobRow row = store.dispatch()
                .claim(instance, TestInflow.SERVER.toString(), 1, 1)
                .get(0);
        store.dispatch().end(row, JobStatus.of(row.id(), JobState.COMPLETED)).orElseThrow();
        return row.id();
    }

    /** A job that waits to be sent. */
    String queue() throws StoreException {
        return insert(Optional.empty());
    }

    private String insert(Optional<String> tag) throws StoreException {
        NewJob job = new NewJob(
                UUID.randomUUID().toString(),
                TestInflow.SERVER.toString(),
                tag,
                Optional.empty(),
                0,
                "{\"workflow\":{}}",
                Duration.ZERO);
        store.jobs().insert(job);
        return job.id();
    }

    /** Has the bean write each end into the table, in its transaction. */
    static void write(TestSource database, TestBean.Call call) {
        try (Connection connection = database.connection();
                PreparedStatement insert = connection.prepareStatement("INSERT INTO app_end VALUES (?, ?)")) {
            insert.setString(1, call.jobId());
            insert.setInt(2, call.event().delivery());
            insert.executeUpdate();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Jobs whose ends beans have taken, once for each time. */
    List<String> written() throws SQLException {
        return texts("SELECT job FROM app_end");
    }

    /** Deliveries that are not acknowledged. */
    int left() throws SQLException {
        return texts("SELECT job_id FROM genai_delivery").size();
    }

    /** States and attempts of the deliveries. */
    List<String> deliveries() throws SQLException {
        return texts("SELECT CONCAT(state, ' ', attempts) FROM genai_delivery ORDER BY job_id");
    }

    /** Names and tags of the subscriptions. */
    List<String> subscriptions() throws SQLException {
        return texts("SELECT CONCAT(name, ' ', tag) FROM genai_subscription");
    }

    /** Application servers that use the store, this one included. */
    int instances() throws SQLException {
        return texts("SELECT id FROM genai_instance").size();
    }

    /** Others find all leases over. */
    void expireLeases() throws SQLException, StoreException {
        execute("UPDATE genai_instance SET lease_until = 0 WHERE id <> '" + instance + "'");
        store.instances().takeOver();
    }

    int execute(String sql) throws SQLException {
        try (Connection connection = source.connection();
                PreparedStatement statement = connection.prepareStatement(sql)) {
            return statement.executeUpdate();
        }
    }

    private List<String> texts(String sql) throws SQLException {
        try (Connection connection = source.connection();
                PreparedStatement statement = connection.prepareStatement(sql);
                ResultSet rows = statement.executeQuery()) {
            List<String> texts = new ArrayList<>();
            while (rows.next()) {
                texts.add(rows.getString(1));
            }
            return texts;
        }
    }

    @Override
    public void close() throws SQLException {
        source.close();
        database.remove(url);
    }
}
