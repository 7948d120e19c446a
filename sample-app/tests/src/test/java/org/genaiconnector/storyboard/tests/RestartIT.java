package org.genaiconnector.storyboard.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.genaiconnector.storyboard.tests.Eventually.eventually;

import jakarta.json.JsonArray;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.genaiconnector.testkit.Fault;
import org.genaiconnector.testkit.comfyui.ComfyUiSimulator;
import org.genaiconnector.testkit.llm.LlmSimulator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;

/**
 * The application has three ComfyUI servers. It is killed while it writes and paints, and started again with the same
 * directory.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class RestartIT {

    private static final Path HOME = Path.of(System.getProperty("storyboard.micro"));

    private final List<ComfyUiSimulator> comfyUis =
            List.of(ComfyUiSimulator.start(), ComfyUiSimulator.start(), ComfyUiSimulator.start());
    private final LlmSimulator llm = LlmSimulator.start();
    private Map<String, String> environment;
    private Storyboard storyboard;
    private Rest rest;

    private String ended;
    private String painted;
    private String slow;
    private String written;
    private JsonObject endedBefore;
    private byte[] pictureBefore;

    @BeforeAll
    void start() throws Exception {
        environment = new HashMap<>(Map.of(
                "COMFYUI_URL",
                IntStream.range(0, comfyUis.size())
                        .mapToObj(i -> comfyUis.get(i).uri() + "|name=gpu" + i)
                        .collect(Collectors.joining(",")),
                "LLM_URL",
                llm.openAiUri().toString(),
                "LLM_MODEL",
                "simulator",
                "STORYBOARD_DATA",
                Files.createTempDirectory("stories").resolve("data").toString()));
        launch();
        ended = begin("an owl", 2, 5);
        endedBefore = end(ended);
        pictureBefore = picture(endedBefore).body();
        painted = begin("a snail", 1, 300);
        eventually(() -> story(painted), RestartIT::isSent);
        slow = begin("a sloth", 1, 10_000);
        eventually(() -> story(slow), RestartIT::isSent);
        llm.faults().always(LlmChecks.CHATS, Fault.delay(Duration.ofMinutes(5)));
        llm.traffic().forget();
        written = begin("a whale", 2, 5);
        eventually(() -> llm.traffic().requests(LlmChecks.CHATS).size(), chats -> chats == 1);
    }

    private void launch() throws Exception {
        storyboard = Storyboard.launch(HOME, environment);
        rest = new Rest(storyboard.uri());
    }

    @AfterAll
    void stop() throws Exception {
        if (storyboard != null) {
            storyboard.stop();
        }
        comfyUis.forEach(ComfyUiSimulator::close);
        llm.close();
    }

    @Test
    @Order(1)
    void refusesADirectoryThatIsInUse() throws Exception {
        Storyboard second = Storyboard.launch(HOME, environment);

        assertThat(second.awaitEnd()).isEqualTo(1);
        assertThat(second.output())
                .contains("Storyboard cannot start: STORYBOARD_DATA=", "is in use by another Storyboard")
                .doesNotContain("\tat ");
    }

    @Test
    @Order(2)
    void showsTheStoriesOfBeforeItWasKilled() throws Exception {
        storyboard.kill();
        llm.faults().clear();
        launch();

        assertThat(eventually(this::stories, stories -> stories.size() == 4).getValuesAs(JsonObject.class))
                .extracting(story -> story.getString("id"))
                .containsExactly(written, slow, painted, ended);
        assertThat(story(ended)).isEqualTo(endedBefore);
        assertThat(picture(story(ended)).body()).isEqualTo(pictureBefore);
    }

    @Test
    @Order(3)
    void listsTheJobsOfBeforeItWasKilled() throws Exception {
        List<String> jobs = rest.get("/api/jobs").expect(200).array().getValuesAs(JsonObject.class).stream()
                .map(job -> job.getString("id"))
                .toList();

        assertThat(jobs)
                .contains(
                        scene(story(ended), 0).getString("jobId"),
                        scene(story(ended), 1).getString("jobId"),
                        scene(story(painted), 0).getString("jobId"),
                        scene(story(slow), 0).getString("jobId"));
    }

    @Test
    @Order(4)
    void goesOnWithWhatWasBeingPainted() throws Exception {
        JsonObject story = end(painted);

        assertThat(story.getString("state")).as("%s", story).isEqualTo("COMPLETED");
        assertThat(picture(story).body()).isNotEmpty();
    }

    @Test
    @Order(5)
    void cancelsAStoryOfBeforeItWasKilled() throws Exception {
        assertThat(story(slow).getString("state")).isEqualTo("RUNNING");

        rest.delete("/api/stories/" + slow).expect(202);

        assertThat(end(slow).getString("state")).isEqualTo("CANCELLED");
    }

    @Test
    @Order(6)
    void writesAndPaintsWhatWasBeingWritten() throws Exception {
        JsonObject story = end(written);

        assertThat(story.getString("state")).as("%s", story).isEqualTo("COMPLETED");
        assertThat(story.getJsonArray("scenes")).hasSize(2);
    }

    @Test
    @Order(7)
    void hasEachPicturePaintedOnce() {
        assertThat(comfyUis)
                .flatExtracting(ComfyUiSimulator::requests)
                .filteredOn(request ->
                        request.method().equals("POST") && request.path().equals("/api/prompt"))
                .hasSize(6);
    }

    @Test
    @Order(8)
    void showsTheJobStore() throws Exception {
        JsonObject store = rest.get("/api/statistics").expect(200).object().getJsonObject("jobStore");

        assertThat(store.getString("name")).isEqualTo("jdbc/storyboard");
        assertThat(store.getJsonObject("jobs").getInt("COMPLETED")).isEqualTo(5);
        assertThat(store.getJsonObject("jobs").getInt("CANCELLED")).isEqualTo(1);
        assertThat(store.getInt("instances")).isEqualTo(1);
    }

    @Test
    @Order(9)
    void showsTheComfyUiServersAndDrainsOne() throws Exception {
        assertThat(backends()).extracting(each -> each.getString("name")).containsExactly("gpu0", "gpu1", "gpu2");
        rest.post("/api/statistics/backends/gpu1/drain", "").expect(204);
        assertThat(backends()).extracting(each -> each.getString("state")).containsExactly("LIVE", "DRAINED", "LIVE");
        int before = comfyUis.get(1).completed().size();

        assertThat(end(begin("a drained well", 4, 5)).getString("state")).isEqualTo("COMPLETED");

        assertThat(comfyUis.get(1).completed()).hasSize(before);
        rest.post("/api/statistics/backends/gpu1/resume", "").expect(204);
        assertThat(backends()).allMatch(each -> each.getString("state").equals("LIVE"));
        rest.post("/api/statistics/backends/gpu3/drain", "").expect(404);
    }

    private List<JsonObject> backends() throws Exception {
        return rest.get("/api/statistics")
                .expect(200)
                .object()
                .getJsonArray("backends")
                .getValuesAs(JsonObject.class);
    }

    @Test
    @Order(10)
    void logsNoUnexpectedMessage() throws Exception {
        storyboard.stop();

        assertThat(ServerLog.troubles(storyboard.log())).isEmpty();
    }

    private String begin(String idea, int scenes, int steps) throws Exception {
        String story = "{\"idea\":\"" + idea + "\",\"scenes\":" + scenes + ",\"parameters\":{\"sampler.steps\":" + steps
                + "}}";
        return rest.post("/api/stories", story).expect(202).object().getString("id");
    }

    private JsonArray stories() throws Exception {
        return rest.get("/api/stories").expect(200).array();
    }

    private JsonObject story(String id) throws Exception {
        return rest.get("/api/stories/" + id).expect(200).object();
    }

    private JsonObject end(String id) throws Exception {
        Predicate<JsonObject> hasEnded = story -> story.getJsonArray("scenes").getValuesAs(JsonObject.class).stream()
                .noneMatch(scene -> List.of("PENDING", "RUNNING").contains(scene.getString("state")));
        return eventually(
                () -> story(id), hasEnded.and(story -> !story.getString("state").equals("RUNNING")));
    }

    private static boolean isSent(JsonObject story) {
        return !story.getJsonArray("scenes").isEmpty()
                && story.getJsonArray("scenes").getValuesAs(JsonObject.class).stream()
                        .allMatch(scene -> scene.get("jobId") != JsonValue.NULL);
    }

    private static JsonObject scene(JsonObject story, int index) {
        return story.getJsonArray("scenes").getJsonObject(index);
    }

    private Rest.Answer picture(JsonObject story) throws Exception {
        return rest.get(scene(story, 0).getString("imageUrl")).expect(200);
    }
}
