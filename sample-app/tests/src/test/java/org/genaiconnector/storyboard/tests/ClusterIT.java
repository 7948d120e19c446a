package org.genaiconnector.storyboard.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.genaiconnector.storyboard.tests.Eventually.eventually;

import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.genaiconnector.testkit.Fault;
import org.genaiconnector.testkit.FreePort;
import org.genaiconnector.testkit.comfyui.ComfyUiSimulator;
import org.genaiconnector.testkit.database.PostgresServer;
import org.genaiconnector.testkit.llm.LlmSimulator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;

/** Two Storyboards with one PostgreSQL, started by {@code server-config/cluster}; then one of them is killed. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ClusterIT {

    private static final int FIRST = 0;
    private static final int SECOND = 1;

    /** Two lease times of the job store, and some work. */
    private static final Duration TAKE_OVER = Duration.ofSeconds(90);

    /** The tables of the version before there were owners, with a story that was being written. */
    private static final List<String> OLD_TABLES = List.of("""
            CREATE TABLE storyboard_story (
              id VARCHAR(36) NOT NULL PRIMARY KEY, begun BIGINT NOT NULL, idea VARCHAR(10000) NOT NULL, length INT NOT NULL,
              template VARCHAR(1000) NOT NULL, parameters VARCHAR(1000000) NOT NULL, state VARCHAR(20) NOT NULL,
              writings INT NOT NULL, cancelled BOOLEAN NOT NULL, failure VARCHAR(1000000))""", """
            CREATE TABLE storyboard_scene (
              story_id VARCHAR(36) NOT NULL REFERENCES storyboard_story (id), position INT NOT NULL,
              text VARCHAR(1000000) NOT NULL, attempt INT NOT NULL, cancelled BOOLEAN NOT NULL, job_id VARCHAR(100),
              job VARCHAR(1000000), failure VARCHAR(1000000), PRIMARY KEY (story_id, position))""", """
            INSERT INTO storyboard_story VALUES ('old', 1764500000000000, 'a fossil', 1, 'text-to-image',
              '{"sampler.steps":5}', 'RUNNING', 1, FALSE, NULL)""");

    private final ComfyUiSimulator comfyUi = ComfyUiSimulator.start();
    private final LlmSimulator llm = LlmSimulator.start();
    private final String database = "storyboard" + ProcessHandle.current().pid();
    private String url;
    private Cluster cluster;
    private Rest first;
    private Rest second;

    private String ended;
    private String painted;
    private String written;

    @BeforeAll
    void start() throws Exception {
        Assumptions.assumeTrue(
                PostgresServer.shared().isPresent(), "no initdb on the PATH or below /usr/lib/postgresql");
        PostgresServer server = PostgresServer.shared().orElseThrow();
        execute(server.url("postgres"), "CREATE DATABASE " + database);
        url = server.url(database);
        for (String sql : OLD_TABLES) {
            execute(url, sql);
        }
        cluster = Cluster.start(
                Map.of(
                        "DATABASE_URL",
                        "jdbc:postgresql://127.0.0.1:" + server.port() + "/" + database,
                        "DATABASE_USER",
                        PostgresServer.USER,
                        "COMFYUI_URL",
                        comfyUi.uri().toString(),
                        "LLM_URL",
                        llm.openAiUri().toString(),
                        "LLM_MODEL",
                        "simulator",
                        "JAVA_TOOL_OPTIONS", // two at once start sooner so
                        "-XX:TieredStopAtLevel=1"),
                List.of(FreePort.reserve(), FreePort.reserve()));
        eventually(
                Duration.ofMinutes(5), () -> cluster.isReady(FIRST) && cluster.isReady(SECOND), Boolean.TRUE::equals);
        first = new Rest(cluster.uri(FIRST));
        second = new Rest(cluster.uri(SECOND));
    }

    @AfterAll
    void stop() throws Exception {
        if (cluster != null) {
            cluster.stop();
        }
        comfyUi.close();
        llm.close();
    }

    private static void execute(String url, String sql) throws SQLException {
        try (Connection connection = DriverManager.getConnection(url);
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    @Test
    @Order(1)
    void listensOnThisMachineOnly() throws Exception {
        assertThat(cluster.processes()).hasSize(2);
        assertThat(ListeningSockets.reachableFromOutside(cluster.processes())).isEmpty();
    }

    @Test
    @Order(2)
    void goesOnWithAStoryOfTheVersionBefore() throws Exception {
        assertThat(end(first, "old").getString("state")).isEqualTo("COMPLETED");
        eventually(() -> story(second, "old").equals(story(first, "old")), Boolean.TRUE::equals);
    }

    @Test
    @Order(3)
    void showsAStoryOfTheOtherAtOnce() throws Exception {
        ended = begin(first, "an owl", 2, 5);
        assertThat(story(second, ended).getString("idea")).isEqualTo("an owl");
        String other = begin(second, "a snail", 1, 5);
        end(first, other);

        JsonObject story = end(second, ended);

        assertThat(story).isEqualTo(end(first, ended));
        assertThat(picture(second, story)).isEqualTo(picture(first, story)).isNotEmpty();
        assertThat(ideas(first)).isEqualTo(ideas(second)).containsExactly("a snail", "an owl", "a fossil");
    }

    @Test
    @Order(4)
    void tellsPagesOfTheOtherWhatHappens() throws Exception {
        try (EventStreamReader events = EventStreamReader.open(second, "/api/events", null)) {
            events.await(event -> event.name().equals("hello"));
            String id = begin(first, "a crab", 1, 5);

            events.await(event -> event.name().equals("story")
                    && event.json().getString("id").equals(id)
                    && event.json().getString("state").equals("COMPLETED"));
        }
    }

    @Test
    @Order(5)
    void cancelsAStoryOfTheOther() throws Exception {
        String slow = begin(first, "a sloth", 1, 10_000);
        eventually(() -> story(second, slow), ClusterIT::isSent);

        second.delete("/api/stories/" + slow).expect(202);

        assertThat(end(second, slow).getString("state")).isEqualTo("CANCELLED");
        assertThat(end(first, slow).getString("state")).isEqualTo("CANCELLED");
        first.delete("/api/stories/" + slow).error(409, "CONFLICT");
    }

    @Test
    @Order(6)
    void paintsASceneOfTheOtherAgain() throws Exception {
        String before =
                story(second, ended).getJsonArray("scenes").getJsonObject(0).getString("jobId");

        second.post("/api/stories/" + ended + "/scenes/0", "{}").expect(202);

        assertThat(end(second, ended).getJsonArray("scenes").getJsonObject(0).getString("jobId"))
                .isNotEqualTo(before);
        eventually(() -> story(first, ended).equals(story(second, ended)), Boolean.TRUE::equals);
    }

    @Test
    @Order(7)
    void goesOnWithTheStoriesOfOneThatIsKilled() throws Exception {
        painted = begin(first, "a turtle", 2, 300);
        eventually(() -> story(first, painted), ClusterIT::isSent);
        llm.faults().always(LlmChecks.CHATS, Fault.delay(Duration.ofMinutes(5)));
        llm.traffic().forget();
        written = begin(first, "a whale", 2, 5);
        eventually(() -> llm.traffic().requests(LlmChecks.CHATS).size(), chats -> chats == 1);

        cluster.kill(FIRST);
        llm.faults().clear();

        assertThat(story(second, painted).getString("state")).isEqualTo("RUNNING");
        assertThat(end(second, painted).getString("state")).isEqualTo("COMPLETED");
        assertThat(end(second, written).getString("state")).isEqualTo("COMPLETED");
        assertThat(picture(second, story(second, painted))).isNotEmpty();
    }

    /** 1 of the version before, 3 in 2 stories, 1, 1, 1 again, and 4 in the 2 stories of the one that was killed. */
    @Test
    @Order(8)
    void hasEachPicturePaintedOnce() {
        assertThat(comfyUi.requests())
                .filteredOn(request ->
                        request.method().equals("POST") && request.path().equals("/api/prompt"))
                .hasSize(11);
    }

    @Test
    @Order(9)
    void saysWhichStoriesItTookOver() {
        assertThat(cluster.output(SECOND)).contains("STORYBOARD-109 Going on with the story " + written);
        assertThat(cluster.output(FIRST)).contains("STORYBOARD-110 Another Storyboard goes on with the story " + ended);
    }

    @Test
    @Order(10)
    void logsNoUnexpectedMessage() throws Exception {
        cluster.stop();

        assertThat(ServerLog.troubles(cluster.output(FIRST))).isEmpty();
        assertThat(ServerLog.troubles(cluster.output(SECOND))).isEmpty();
        assertThat(leases())
                .as("a Storyboard that is stopped gives up its lease")
                .isEqualTo(1);
    }

    private int leases() throws SQLException {
        try (Connection connection = DriverManager.getConnection(url);
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT COUNT(*) FROM storyboard_instance")) {
            rows.next();
            return rows.getInt(1);
        }
    }

    private static String begin(Rest rest, String idea, int scenes, int steps) throws Exception {
        String story = "{\"idea\":\"" + idea + "\",\"scenes\":" + scenes + ",\"parameters\":{\"sampler.steps\":" + steps
                + "}}";
        return rest.post("/api/stories", story).expect(202).object().getString("id");
    }

    private static List<String> ideas(Rest rest) throws Exception {
        return rest.get("/api/stories").expect(200).array().getValuesAs(JsonObject.class).stream()
                .map(story -> story.getString("idea"))
                .toList();
    }

    private static JsonObject story(Rest rest, String id) throws Exception {
        return rest.get("/api/stories/" + id).expect(200).object();
    }

    private static JsonObject end(Rest rest, String id) throws Exception {
        Predicate<JsonObject> hasEnded = story -> story.getJsonArray("scenes").getValuesAs(JsonObject.class).stream()
                .noneMatch(scene -> List.of("PENDING", "RUNNING").contains(scene.getString("state")));
        return eventually(
                TAKE_OVER,
                () -> story(rest, id),
                hasEnded.and(story -> !story.getString("state").equals("RUNNING")));
    }

    private static boolean isSent(JsonObject story) {
        return !story.getJsonArray("scenes").isEmpty()
                && story.getJsonArray("scenes").getValuesAs(JsonObject.class).stream()
                        .allMatch(scene -> scene.get("jobId") != JsonValue.NULL);
    }

    private static byte[] picture(Rest rest, JsonObject story) throws Exception {
        return rest.get(story.getJsonArray("scenes").getJsonObject(0).getString("imageUrl"))
                .expect(200)
                .body();
    }
}
