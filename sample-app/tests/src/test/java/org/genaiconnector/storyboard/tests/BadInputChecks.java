package org.genaiconnector.storyboard.tests;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.json.JsonObject;
import java.net.http.HttpRequest.BodyPublishers;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Wrong requests: each is rejected in the same form, with the reason. */
interface BadInputChecks extends Application {

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            delimiter = '|',
            value = {
                "/api/jobs     | {\"workflow\":                         | not JSON",
                "/api/jobs     | []                                     | JSON object",
                "/api/jobs     | {}                                     | workflow",
                "/api/jobs     | {\"workflow\":1}                       | workflow",
                "/api/jobs     | {\"template\":\"none\"}                | text-to-image",
                "/api/jobs     | {\"template\":\"text-to-image\",\"parameters\":{\"positive.txt\":\"a\"}} | positive.txt",
                "/api/stories  | {}                                     | idea",
                "/api/stories  | {\"idea\":\" \"}                       | idea",
                "/api/stories  | {\"idea\":\"a\",\"scenes\":0}          | scenes",
                "/api/stories  | {\"idea\":\"a\",\"scenes\":\"three\"}  | scenes",
                "/api/stories  | {\"idea\":\"a\",\"template\":\"none\"} | image-to-image",
                "/api/stories  | {\"idea\":\"a\",\"template\":\"image-to-image\"} | image.image",
                "/api/stories  | {\"idea\":\"a\",\"parameters\":{\"size.height\":\"tall\"}} | size.height",
                "/api/stories  | {\"idea\":\"a\",\"parameters\":{\"positive.text\":\"a\"}} | text of the scene",
                "/api/chat     | {}                                     | messages",
                "/api/chat     | {\"messages\":[]}                      | messages",
                "/api/chat     | {\"messages\":[{\"role\":\"user\"}]}   | messages[0].text",
                "/api/chat     | {\"messages\":[{\"role\":\"robot\",\"text\":\"a\"}]} | robot",
                "/api/chat     | {\"messages\":[{\"role\":\"user\",\"text\":\"a\"}],\"temperature\":-1} | temperature",
                "/api/complete | {\"text\":\"a\"}                       | prompt",
            })
    default void refusesAMalformedRequestByName(String path, String body, String words) throws Exception {
        JsonObject error = rest().post(path, body).error(400, "INVALID_REQUEST");

        assertThat(error.getString("message")).contains(words);
    }

    @Test
    default void refusesAWorkflowInUiFormat() throws Exception {
        JsonObject error = rest().post("/api/jobs", "{\"workflow\":{\"nodes\":[],\"links\":[]}}")
                .error(422, "INVALID_REQUEST");

        assertThat(error.getString("message")).contains("Export (API)");
    }

    @Test
    default void namesTheNodeWithoutInputs() throws Exception {
        JsonObject error = rest().post("/api/jobs", "{\"workflow\":{\"17\":{\"class_type\":\"SaveImage\"}}}")
                .error(422, "INVALID_REQUEST");

        assertThat(error.getJsonObject("details").getJsonObject("nodeErrors")).containsOnlyKeys("17");
    }

    @Test
    default void namesTheLinkToAMissingNode() throws Exception {
        JsonObject error = rest().post(
                        "/api/jobs",
                        "{\"workflow\":{\"17\":{\"class_type\":\"SaveImage\",\"inputs\":{\"images\":[\"99\",0]}}}}")
                .error(422, "INVALID_REQUEST");

        assertThat(error.getString("message")).contains("17", "99");
        assertThat(error.getJsonObject("details").getJsonObject("nodeErrors")).containsOnlyKeys("17");
    }

    @Test
    default void passesOnTheRejectionOfComfyUi() throws Exception {
        JsonObject error = rest().post(
                        "/api/jobs",
                        "{\"template\":\"text-to-image\",\"parameters\":{\"checkpoint.ckpt_name\":\"none.safetensors\"}}")
                .error(422, "INVALID_REQUEST");

        assertThat(error.getJsonObject("details").getJsonObject("nodeErrors")).containsOnlyKeys("4");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/api",
                "/api/nothing",
                "/api/jobs/unknown",
                "/api/jobs/unknown/events",
                "/api/jobs/unknown/outputs/0",
                "/api/jobs/unknown/outputs/x",
                "/api/stories/unknown",
            })
    default void answersNotFound(String path) throws Exception {
        rest().get(path).error(404, "NOT_FOUND");
    }

    @Test
    default void cancelsNoUnknownJob() throws Exception {
        rest().delete("/api/jobs/unknown").error(404, "NOT_FOUND");
    }

    @Test
    default void refusesOtherMethodsAndTypes() throws Exception {
        rest().send(rest().request("/api/jobs").PUT(BodyPublishers.ofString("{}")))
                .error(405, "UNSUPPORTED");
        rest().send(rest().request("/api/jobs")
                        .header("Content-Type", "text/plain")
                        .POST(BodyPublishers.ofString("{}")))
                .error(415, "UNSUPPORTED");
    }

    @Test
    default void refusesAFormWithoutAFile() throws Exception {
        rest().send(rest().request("/api/uploads")
                        .header("Content-Type", "multipart/form-data; boundary=b")
                        .POST(BodyPublishers.ofString(
                                "--b\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nb\r\n--b--\r\n")))
                .error(400, "INVALID_REQUEST");
    }

    @Test
    default void refusesAFileNameThatIsAPath() throws Exception {
        rest().upload("/api/uploads", "../x.png", Pictures.ofColor(0)).error(400, "INVALID_REQUEST");
    }
}
