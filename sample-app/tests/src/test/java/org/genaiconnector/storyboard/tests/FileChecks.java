package org.genaiconnector.storyboard.tests;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.json.JsonObject;
import java.net.http.HttpRequest.BodyPublishers;
import org.junit.jupiter.api.Test;

/** Uploads and outputs. */
interface FileChecks extends Application {

    @Test
    default void returnsTheInvertedPicture() throws Exception {
        JsonObject job = rest().finish(rest().startJob(Workflows.invert(0x204060)));

        assertThat(job.getString("state")).as("%s", job).isEqualTo("COMPLETED");
        JsonObject output = job.getJsonArray("outputs").getJsonObject(0);
        assertThat(output.getString("kind")).isEqualTo("images");
        assertThat(output.getString("mediaType")).isEqualTo("image/png");
        assertThat(output.getString("filename")).startsWith("inverted");
        assertThat(Pictures.color(Pictures.read(rest().get(output.getString("url")))))
                .isEqualTo(0xdfbf9f);
    }

    @Test
    default void answersHeadWithTheSameHeaders() throws Exception {
        JsonObject job = rest().finish(rest().startJob(Workflows.invert(0x010203)));
        String url = job.getJsonArray("outputs").getJsonObject(0).getString("url");

        Rest.Answer get = rest().get(url).expect(200);
        Rest.Answer head = rest().send(rest().request(url).method("HEAD", BodyPublishers.noBody()))
                .expect(200);

        assertThat(head.headers().firstValue("Content-Length"))
                .contains(Integer.toString(get.body().length))
                .isEqualTo(get.headers().firstValue("Content-Length"));
        assertThat(head.headers().firstValue("X-Content-Type-Options")).contains("nosniff");
    }

    @Test
    default void knowsNoOutputBehindTheLast() throws Exception {
        JsonObject job = rest().finish(rest().startJob(Workflows.invert(0x030201)));

        rest().get("/api/jobs/" + job.getString("id") + "/outputs/1").error(404, "NOT_FOUND");
    }

    @Test
    default void usesAnUploadedPicture() throws Exception {
        JsonObject upload = rest().upload("/api/uploads", "Größe 1.png", Pictures.ofColor(0x336699))
                .expect(201)
                .object();

        JsonObject job = rest().finish(rest().startJob(Workflows.copy(upload.getString("reference"))));

        assertThat(job.getString("state")).as("%s", job).isEqualTo("COMPLETED");
        String url = job.getJsonArray("outputs").getJsonObject(0).getString("url");
        assertThat(Pictures.color(Pictures.read(rest().get(url)))).isEqualTo(0x336699);
    }

    @Test
    default void showsTheMachineOfComfyUi() throws Exception {
        JsonObject system = rest().get("/api/comfyui/system").expect(200).object();

        assertThat(system.getString("server"))
                .isEqualTo(backends().comfyUi().uri().toString());
        assertThat(system.getString("version")).isEqualTo("0.33.0");
        assertThat(system.getJsonArray("devices")).isNotEmpty();
    }
}
