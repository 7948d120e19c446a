package org.genaiconnector.storyboard.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.genaiconnector.storyboard.tests.Eventually.eventually;

import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.genaiconnector.testkit.Fault;
import org.genaiconnector.testkit.Match;
import org.junit.jupiter.api.Test;

/** {@code /api/stories}: every story ends, also if its backends fail. */
interface StoryChecks extends Application {

    Match CHECKPOINTS = Match.path("/api/models/checkpoints");

    private JsonObject story(String id) throws Exception {
        return rest().get("/api/stories/" + id).expect(200).object();
    }

    private String begin(String json) throws Exception {
        return rest().post("/api/stories", json).expect(202).object().getString("id");
    }

    private JsonObject end(String id) throws Exception {
        return eventually(() -> story(id), story -> !story.getString("state").equals("RUNNING"));
    }

    private JsonObject scene(JsonObject story, int index) {
        return story.getJsonArray("scenes").getJsonObject(index);
    }

    /** A story of pictures that end only if they are cancelled. */
    private String beginSlowly(int scenes) throws Exception {
        String id = begin("{\"idea\":\"a snail\",\"scenes\":" + scenes + ",\"parameters\":{\"sampler.steps\":5000}}");
        eventually(
                () -> story(id),
                story -> story.getJsonArray("scenes").size() == scenes
                        && story.getJsonArray("scenes").getValuesAs(JsonObject.class).stream()
                                .allMatch(scene -> scene.get("jobId") != JsonValue.NULL));
        return id;
    }

    @Test
    default void reportsTheNodesThatComfyUiRejected() throws Exception {
        JsonObject story = end(begin(
                "{\"idea\":\"a whale\",\"scenes\":2,\"parameters\":{\"checkpoint.ckpt_name\":\"none.safetensors\"}}"));

        assertThat(story.getString("state")).isEqualTo("FAILED");
        JsonObject error = story.getJsonObject("error");
        assertThat(error.getString("category")).isEqualTo("INVALID_REQUEST");
        assertThat(error.getString("message")).contains("none.safetensors");
        assertThat(error.getJsonObject("details").getJsonObject("nodeErrors")).containsOnlyKeys("4");
        assertThat(story.getJsonArray("scenes")).hasSize(2);
        assertThat(scene(story, 0).getString("state")).isEqualTo("REJECTED");
        assertThat(scene(story, 1).getString("state")).isEqualTo("REJECTED");
    }

    @Test
    default void paintsAStoryOnceComfyUiIsBack() throws Exception {
        rest().get("/api/comfyui/system").expect(200); // its checkpoints are known
        String id;
        backends().comfyUi().kill();
        try {
            id = begin("{\"idea\":\"a whale\",\"scenes\":2}");
            JsonObject waiting = eventually(
                    () -> story(id),
                    story -> story.getJsonArray("scenes").size() == 2
                            && scene(story, 1).get("jobId") != JsonValue.NULL);
            assertThat(waiting.getString("state")).isEqualTo("RUNNING");
        } finally {
            backends().comfyUi().restart();
        }

        assertThat(end(id).getString("state")).isEqualTo("COMPLETED");
        eventually(() -> rest().get("/api/comfyui/system"), answer -> answer.status() == 200);
    }

    @Test
    default void paintsWithTheFirstCheckpointOfComfyUi() throws Exception {
        backends().comfyUiFaults().always(CHECKPOINTS, Fault.status(200).json("[\"paperlantern_xl.safetensors\"]"));
        try {
            assertThat(rest().get("/api/comfyui/system").object().getString("checkpoint"))
                    .isEqualTo("paperlantern_xl.safetensors");
            backends().comfyUiFaults().traffic().forget();
            assertThat(end(begin("{\"idea\":\"a whale\",\"scenes\":1}")).getString("state"))
                    .isEqualTo("COMPLETED");
            assertThat(backends().comfyUiFaults().traffic().requests(Match.path("/api/prompt")))
                    .singleElement()
                    .satisfies(prompt -> assertThat(prompt.bodyText()).contains("paperlantern_xl.safetensors"));
        } finally {
            backends().comfyUiFaults().clear();
        }
    }

    @Test
    default void reportsThatComfyUiHasNoCheckpoint() throws Exception {
        backends().comfyUiFaults().always(CHECKPOINTS, Fault.status(200).json("[]"));
        try {
            JsonObject error = end(begin("{\"idea\":\"a whale\",\"scenes\":1}")).getJsonObject("error");

            assertThat(error.getString("category")).isEqualTo("UNAVAILABLE");
            assertThat(error.getString("message")).contains("has no checkpoint", "models/checkpoints");
            assertThat(rest().get("/api/comfyui/system")
                            .object()
                            .getJsonObject("checkpointError")
                            .getString("message"))
                    .contains("has no checkpoint");
        } finally {
            backends().comfyUiFaults().clear();
        }
    }

    @Test
    default void logsNothingThatABackendQuotes() throws Exception {
        backends()
                .llm()
                .faults()
                .next(
                        LlmChecks.CHATS,
                        Fault.status(400).json("{\"error\":{\"message\":\"I dislike 'a walrus in Rome'\"}}"));

        JsonObject error = end(begin("{\"idea\":\"a walrus in Rome\"}")).getJsonObject("error");

        assertThat(error.getString("category")).isEqualTo("INVALID_REQUEST");
        assertThat(error.getString("message")).contains("a walrus in Rome");
        assertThat(storyboard().log()).contains("INVALID_REQUEST (status 400").doesNotContain("walrus");
    }

    @Test
    default void listsStoriesNewestFirst() throws Exception {
        String first = begin("{\"idea\":\"one\",\"scenes\":1}");
        String second = begin("{\"idea\":\"two\",\"scenes\":1}");

        assertThat(rest().get("/api/stories").expect(200).array())
                .extracting(story -> story.asJsonObject().getString("id"))
                .startsWith(second, first);
        end(first);
        end(second);
    }

    @Test
    default void cancelsTheWritingOfAStory() throws Exception {
        backends().llm().faults().always(LlmChecks.CHATS, Fault.delay(Duration.ofMinutes(1)));
        try {
            backends().llm().traffic().forget();
            String id = begin("{\"idea\":\"a sloth\"}");
            eventually(
                    () -> backends().llm().traffic().requests(LlmChecks.CHATS).size(), chats -> chats == 1);

            JsonObject cancelled =
                    rest().delete("/api/stories/" + id).expect(202).object();

            assertThat(cancelled.getString("state")).isEqualTo("CANCELLED");
            assertThat(cancelled.get("error")).isEqualTo(JsonValue.NULL);
            eventually(
                    () -> rest().get("/api/statistics")
                            .object()
                            .getJsonObject("llm")
                            .getInt("activeConnections"),
                    active -> active == 0); // the call was cancelled, and its connection is free
            rest().delete("/api/stories/" + id).error(409, "CONFLICT");
        } finally {
            backends().llm().faults().clear();
        }
    }

    /** More stories than a managed executor has threads, which the health checks need. */
    @Test
    default void writesManyStoriesAtOnceAndStaysReady() throws Exception {
        backends().llm().faults().always(LlmChecks.CHATS, Fault.delay(Duration.ofMinutes(1)));
        List<String> ids = new ArrayList<>();
        try {
            backends().llm().traffic().forget();
            for (int i = 0; i < 8; i++) {
                ids.add(begin("{\"idea\":\"a sloth\"}"));
            }
            eventually(
                    () -> backends().llm().traffic().requests(LlmChecks.CHATS).size(), chats -> chats == 8);
            assertThat(rest().get("/health/ready").status()).isEqualTo(200);
        } finally {
            for (String id : ids) {
                rest().delete("/api/stories/" + id).expect(202);
            }
            backends().llm().faults().clear();
        }
    }

    @Test
    default void cancelsThePicturesOfAStory() throws Exception {
        String id = beginSlowly(2);

        rest().delete("/api/stories/" + id).expect(202);

        JsonObject story = eventually(
                () -> story(id),
                now -> now.getJsonArray("scenes").getValuesAs(JsonObject.class).stream()
                        .allMatch(scene -> scene.getString("state").equals("CANCELLED")));
        assertThat(story.getString("state")).isEqualTo("CANCELLED");
        rest().delete("/api/stories/" + id).error(409, "CONFLICT");
        rest().delete("/api/stories/unknown").error(404, "NOT_FOUND");
    }

    @Test
    default void paintsASceneAgain() throws Exception {
        String id = begin("{\"idea\":\"a whale\",\"scenes\":2}");
        JsonObject before = end(id);

        rest().send(rest().request("/api/stories/" + id + "/scenes/1").POST(BodyPublishers.noBody()))
                .expect(202);
        JsonObject after = end(id);

        assertThat(after.getString("state")).isEqualTo("COMPLETED");
        assertThat(scene(after, 0)).isEqualTo(scene(before, 0));
        assertThat(scene(after, 1).getString("text")).isEqualTo(scene(before, 1).getString("text"));
        assertThat(scene(after, 1).getString("jobId"))
                .isNotEqualTo(scene(before, 1).getString("jobId"));
        rest().send(rest().request("/api/stories/" + id + "/scenes/2").POST(BodyPublishers.noBody()))
                .error(404, "NOT_FOUND");
    }

    @Test
    default void paintsNoSceneAgainThatIsBeingPainted() throws Exception {
        String id = beginSlowly(1);

        rest().send(rest().request("/api/stories/" + id + "/scenes/0").POST(BodyPublishers.noBody()))
                .error(409, "CONFLICT");

        rest().delete("/api/stories/" + id).expect(202);
    }

    @Test
    default void paintsOverAPictureOfTheUsersOwn() throws Exception {
        String reference = rest().upload("/api/uploads", "own.png", Pictures.ofColor(0x123456))
                .expect(201)
                .object()
                .getString("reference");

        JsonObject story = end(begin("{\"idea\":\"a whale\",\"scenes\":1,\"template\":\"image-to-image\","
                + "\"parameters\":{\"image.image\":\"" + reference + "\",\"size.width\":256}}"));

        assertThat(story.getString("state")).as("%s", story).isEqualTo("COMPLETED");
        assertThat(Pictures.read(rest().get(scene(story, 0).getString("imageUrl")))
                        .getWidth())
                .isEqualTo(256);
    }

    @Test
    default void listsTemplatesAndWhatCanBeSetInThem() throws Exception {
        List<JsonObject> templates =
                rest().get("/api/templates").expect(200).array().getValuesAs(JsonObject.class);

        assertThat(templates)
                .extracting(template -> template.getString("name"))
                .containsExactly("text-to-image", "image-to-image");
        assertThat(templates.get(1).getJsonArray("parameters").getJsonObject(0))
                .isEqualTo(rest().get("/api/templates")
                        .array()
                        .getJsonObject(1)
                        .getJsonArray("parameters")
                        .getJsonObject(0))
                .containsEntry("required", JsonValue.TRUE);
    }

    @Test
    default void sendsAllEventsOnOneStreamAndRepeatsThoseThatAClientMissed() throws Exception {
        try (EventStreamReader tap = EventStreamReader.open(rest(), "/api/events", null)) {
            EventStreamReader.Event open = tap.await(event -> event.name().equals("hello"));
            String id = begin("{\"idea\":\"a whale\",\"scenes\":1}");
            EventStreamReader.Event end = tap.await(event -> event.name().equals("story")
                    && event.json().getString("id").equals(id)
                    && event.json().getString("state").equals("COMPLETED"));
            String job = scene(end.json(), 0).getString("jobId");
            assertThat(tap.seen())
                    .anyMatch(event -> event.name().equals("job")
                            && event.json().getString("id").equals(job));

            try (EventStreamReader late = EventStreamReader.open(rest(), "/api/events", open.id())) {
                assertThat(late.await(event -> true).json().getBoolean("missed"))
                        .isFalse();
                late.await(event -> event.name().equals("job")
                        && event.json().getString("id").equals(job)
                        && event.json().getString("state").equals("COMPLETED"));
                late.await(event -> event.id().equals(end.id()));
            }
            try (EventStreamReader other = EventStreamReader.open(rest(), "/api/events", "another-7")) {
                assertThat(other.await(event -> true).json().getBoolean("missed"))
                        .isTrue();
            }
        }
    }

    @Test
    default void reportsThatComfyUiIsDownAndUpWhilePicturesAreAwaited() throws Exception {
        String id = beginSlowly(1);
        try (EventStreamReader tap = EventStreamReader.open(rest(), "/api/events", null)) {
            backends().comfyUi().kill();
            EventStreamReader.Event down;
            try {
                down = tap.await(event -> event.name().equals("backend"));
            } finally {
                backends().comfyUi().restart();
            }
            assertThat(down.json().getString("backend")).isEqualTo("comfyui");
            assertThat(down.json().getBoolean("up")).isFalse();
            assertThat(down.json().getString("detail")).containsIgnoringCase("refused");
            eventually(
                    () -> rest().get("/api/comfyui/queue"),
                    queue -> queue.status() == 200
                            && !queue.object().getJsonArray("running").isEmpty()); // it is painted again
            rest().delete("/api/stories/" + id).expect(202);
            assertThat(end(id).getString("state")).isEqualTo("CANCELLED");
        }
        eventually(() -> rest().get("/api/comfyui/system"), answer -> answer.status() == 200);
    }
}
