package org.genaiconnector.storyboard.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.genaiconnector.storyboard.tests.Eventually.eventually;

import jakarta.json.JsonObject;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/** Backends that are down or reject the key when the application starts; runs first. */
interface OutageChecks extends Application {

    @Test
    @Order(1)
    default void namesTheBackendThatIsDownAndWhy() throws Exception {
        Rest.Answer answer = rest().get("/api/comfyui/system");

        JsonObject error = answer.error(503, "UNAVAILABLE");
        assertThat(error.getString("message"))
                .contains(backends().comfyUi().uri().toString())
                .containsIgnoringCase("refused");
        assertThat(answer.headers().firstValueAsLong("Retry-After")).isPresent();
    }

    @Test
    @Order(2)
    default void failsAStoryIfTheModelRejectsTheKey() throws Exception {
        String id = rest().post("/api/stories", "{\"idea\":\"a whale\"}")
                .expect(202)
                .object()
                .getString("id");

        JsonObject story = eventually(
                () -> rest().get("/api/stories/" + id).expect(200).object(),
                json -> !json.getString("state").equals("RUNNING"));

        assertThat(story.getString("state")).isEqualTo("FAILED");
        assertThat(story.getJsonObject("error").getString("category")).isEqualTo("AUTHENTICATION");
    }

    @Test
    @Order(3)
    default void reportsAWrongKeyWithoutShowingIt() throws Exception {
        Rest.Answer answer = rest().post("/api/chat", LlmChecks.HELLO);

        answer.error(502, "AUTHENTICATION");
        assertThat(answer.text()).doesNotContain(Backends.KEY);
        assertThat(storyboard().log()).doesNotContain(Backends.KEY);
    }

    @Test
    @Order(4)
    default void isAliveButNotReadyAndSaysWhy() throws Exception {
        rest().get("/health/live").expect(200);

        assertThat(rest().get("/health/ready").expect(503).text())
                .contains("\"backends\"")
                .containsIgnoringCase("refused")
                .doesNotContain(Backends.KEY);
    }

    @Test
    @Order(5)
    default void worksWithoutARestartOnceTheBackendIsUp() throws Exception {
        backends().comfyUi().restart();

        eventually(() -> rest().get("/api/comfyui/system"), answer -> answer.status() == 200);
    }

    @Test
    @Order(6)
    default void worksWithoutARestartOnceTheKeyIsAccepted() throws Exception {
        backends().acceptKey();

        eventually(() -> rest().post("/api/chat", LlmChecks.HELLO), answer -> answer.status() == 200);
    }

    @Test
    @Order(7)
    default void isReadyOnceBothBackendsRespond() throws Exception {
        eventually(() -> rest().get("/health/ready"), answer -> answer.status() == 200);
    }
}
