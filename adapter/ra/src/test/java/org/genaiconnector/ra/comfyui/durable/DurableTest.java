package org.genaiconnector.ra.comfyui.durable;

import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.genaiconnector.comfyui.Job;
import org.genaiconnector.comfyui.Workflow;
import org.genaiconnector.ra.comfyui.store.TestDatabase;
import org.genaiconnector.testkit.Faults;
import org.genaiconnector.testkit.Match;
import org.genaiconnector.testkit.comfyui.ComfyUiSimulator;
import org.junit.jupiter.api.AfterEach;

/** Tests of durable jobs with a database, a backend and any number of application servers. */
abstract class DurableTest {
    static final Match PROMPT = Match.path("/api/prompt").and(Match.method("POST"));

    final TestDatabase database;
    final String url;
    final Faults faults = new Faults();
    final ComfyUiSimulator backend =
            ComfyUiSimulator.builder().labNodes().wrap(faults::wrap).start();
    private final List<Instance> instances = new ArrayList<>();

    DurableTest() {
        this(TestDatabase.H2);
    }

    DurableTest(TestDatabase database) {
        this.database = database;
        try {
            this.url = database.empty();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    @AfterEach
    final void end() throws SQLException {
        instances.forEach(Instance::close);
        backend.close();
        database.remove(url);
    }

    final Instance instance() {
        return instance(any -> {});
    }

    final Instance instance(Consumer<Instance> settings) {
        Instance made = new Instance(url, backend, settings);
        instances.add(made);
        return made;
    }

    /** By somebody else. */
    final void execute(String sql) throws SQLException {
        try (Connection connection = DriverManager.getConnection(url);
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /** Takes no time. */
    static Workflow picture(int color) throws Exception {
        return Workflow.parse("""
                {"1": {"class_type": "EmptyImage", "inputs": {"width": 8, "height": 8, "batch_size": 1, "color": %d}},
                 "2": {"class_type": "PreviewImage", "inputs": {"images": ["1", 0]}}}""".formatted(color));
    }

    /** Takes some time, and can be interrupted. */
    static Workflow steps(Duration time, int color) throws Exception {
        return Workflow.parse("""
                {"1": {"class_type": "LabSteps", "inputs": {"steps": 50, "seconds": %s, "color": %d}},
                 "2": {"class_type": "PreviewImage", "inputs": {"images": ["1", 0]}}}""".formatted(time.toMillis() / 1000.0, color));
    }

    /** Whether the backend has ended a job; nobody else is asked. */
    final boolean hasEnded(Job job) throws Exception {
        try (InputStream history =
                backend.uri().resolve("/history/" + job.id()).toURL().openStream()) {
            return new String(history.readAllBytes(), StandardCharsets.UTF_8).contains("\"completed\"");
        }
    }

    /** How many prompts the backend has taken. */
    final long prompts() {
        return backend.requests().stream()
                .filter(request ->
                        request.method().equals("POST") && request.path().equals("/api/prompt"))
                .count();
    }

    /** How many prompts with a picture of this colour the backend has taken. */
    final long prompts(int color) {
        return backend.requests().stream()
                .filter(request ->
                        request.method().equals("POST") && request.path().equals("/api/prompt"))
                .filter(request -> request.text().contains("\"color\":" + color + "}")
                        || request.text().contains("\"color\":" + color + ","))
                .count();
    }
}
