package org.genaiconnector.storyboard.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.genaiconnector.storyboard.tests.Eventually.eventually;

import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import java.util.List;
import org.genaiconnector.testkit.Match;
import org.junit.jupiter.api.Test;

/** {@code /api/jobs} and {@code /api/stories}: jobs and their ends. */
interface JobChecks extends Application {

    @Test
    default void paintsAStoryOfThreeScenes() throws Exception {
        String id = rest().post("/api/stories", "{\"idea\":\"a lighthouse keeper\",\"scenes\":3}")
                .expect(202)
                .object()
                .getString("id");

        JsonObject story = eventually(
                () -> rest().get("/api/stories/" + id).expect(200).object(),
                json -> !json.getString("state").equals("RUNNING"));

        assertThat(story.getString("state")).as("%s", story).isEqualTo("COMPLETED");
        List<JsonObject> scenes = story.getJsonArray("scenes").getValuesAs(JsonObject.class);
        assertThat(scenes).hasSize(3).allMatch(scene -> scene.getString("text").contains("lighthouse"));
        assertThat(scenes).extracting(scene -> scene.getString("jobId")).doesNotHaveDuplicates();
        for (JsonObject scene : scenes) {
            assertThat(Pictures.read(rest().get(scene.getString("imageUrl")))).satisfies(picture -> {
                assertThat(picture.getWidth()).isEqualTo(512);
                assertThat(picture.getHeight()).isEqualTo(512);
            });
        }
    }

    @Test
    default void showsProgressAndQueuePosition() throws Exception {
        String first = startSlowJob();
        String second = startSlowJob();
        JsonObject running = eventually(
                () -> rest().get("/api/jobs/" + first).object(), job -> job.get("progress") != JsonValue.NULL);
        JsonObject pending = eventually(
                () -> rest().get("/api/jobs/" + second).object(), job -> job.get("queuePosition") != JsonValue.NULL);

        assertThat(running.getString("state")).isEqualTo("RUNNING");
        assertThat(running.getJsonObject("progress")).containsKeys("value", "max", "node");
        assertThat(pending.getString("state")).isEqualTo("PENDING");
        assertThat(pending.getInt("queuePosition")).isEqualTo(1);
        assertThat(rest().get("/api/comfyui/queue").expect(200).text()).contains(first, second);
        assertThat(rest().get("/api/jobs").expect(200).array())
                .extracting(job -> job.asJsonObject().getString("id"))
                .startsWith(second, first);

        rest().delete("/api/jobs/" + second).expect(202);
        rest().delete("/api/jobs/" + first).expect(202);
        assertThat(rest().finish(second).getString("state")).isEqualTo("CANCELLED");
        assertThat(rest().finish(first).getString("state")).isEqualTo("CANCELLED");
    }

    @Test
    default void refusesTheOutputOfAJobThatHasNotEnded() throws Exception {
        String id = startSlowJob();

        rest().get("/api/jobs/" + id + "/outputs/0").error(409, "CONFLICT");

        rest().delete("/api/jobs/" + id).expect(202);
        rest().finish(id);
        rest().delete("/api/jobs/" + id).error(409, "CONFLICT");
    }

    @Test
    default void interruptsTheRunningJob() throws Exception {
        String id = startSlowJob();
        awaitRunning(id);

        rest().send(rest().request("/api/comfyui/interrupt").POST(java.net.http.HttpRequest.BodyPublishers.noBody()))
                .expect(204);

        assertThat(rest().finish(id).getString("state")).isEqualTo("CANCELLED");
    }

    @Test
    default void sendsAJobAgainThatComfyUiHasLost() throws Exception {
        String before = startSlowJob();
        String id = startSlowJob();
        eventually(
                () -> rest().get("/api/comfyui/queue").expect(200).text(),
                queue -> queue.contains(before) && queue.contains(id));
        backends().comfyUiFaults().traffic().forget();

        backends().comfyUi().forget(id);

        eventually(
                () -> backends()
                        .comfyUiFaults()
                        .traffic()
                        .requests(Match.path("/api/prompt"))
                        .size(),
                prompts -> prompts == 1);
        assertThat(rest().get("/api/jobs/" + id).object().getString("state")).isEqualTo("PENDING");
        rest().delete("/api/jobs/" + id).expect(202);
        rest().delete("/api/jobs/" + before).expect(202);
        assertThat(rest().finish(id).getString("state")).isEqualTo("CANCELLED");
        assertThat(rest().finish(before).getString("state")).isEqualTo("CANCELLED");
    }

    @Test
    default void stopsAClientThatHasSeenTheEndFromReconnecting() throws Exception {
        String id = rest().startJob(Workflows.invert(0));
        rest().finish(id);
        List<String> ids = rest().get("/api/jobs/" + id + "/events")
                .text()
                .lines()
                .filter(line -> line.startsWith("id:"))
                .map(line -> line.substring("id:".length()).strip())
                .toList();

        rest().send(rest().request("/api/jobs/" + id + "/events").header("Last-Event-ID", ids.get(ids.size() - 1)))
                .expect(204);
    }

    @Test
    default void showsTheEndOfAJobOfAnotherClient() throws Exception {
        String before = startSlowJob();
        awaitRunning(before); // from a job store it is sent a little later
        Rest comfyUi = new Rest(backends().comfyUi().uri());
        String foreign = comfyUi.post("/api/prompt", "{\"prompt\":" + Workflows.invert(77) + "}")
                .expect(200)
                .object()
                .getString("prompt_id");

        List<JsonObject> events = rest().events(
                        foreign, () -> rest().delete("/api/jobs/" + before).expect(202));

        assertThat(events.get(0).getString("state")).isEqualTo("PENDING");
        assertThat(events.get(events.size() - 1).getString("state")).isEqualTo("COMPLETED");
        assertThat(rest().finish(before).getString("state")).isEqualTo("CANCELLED");
    }

    private void awaitRunning(String id) throws Exception {
        eventually(
                () -> rest().get("/api/jobs/" + id).object(),
                job -> job.getString("state").equals("RUNNING"));
    }

    /** A picture with so many steps that it ends only if it is cancelled. */
    private String startSlowJob() throws Exception {
        return rest().post(
                        "/api/jobs",
                        "{\"template\":\"text-to-image\",\"parameters\":{\"positive.text\":\"slow\",\"sampler.steps\":5000}}")
                .expect(202)
                .object()
                .getString("id");
    }
}
