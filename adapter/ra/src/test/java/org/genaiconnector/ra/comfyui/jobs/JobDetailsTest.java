package org.genaiconnector.ra.comfyui.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonReader;
import jakarta.json.JsonValue;
import java.io.InputStream;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.stream.IntStream;
import org.genaiconnector.comfyui.Job;
import org.genaiconnector.comfyui.JobFailure;
import org.genaiconnector.comfyui.JobState;
import org.genaiconnector.comfyui.Submission;
import org.genaiconnector.ra.comfyui.wire.ComfyUiCodec;
import org.genaiconnector.ra.comfyui.wire.JobMarker;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What goes with a job, and what comes of it in unusual size. */
class JobDetailsTest {
    private static final int FIVE_MEGABYTES = 5 << 20;

    private TrackingSetup tracking;

    @BeforeEach
    void start() {
        tracking = TrackingSetup.with(server -> server.labNodes());
    }

    @AfterEach
    void stop() {
        tracking.close();
    }

    private JsonObject fromServer(String path) throws Exception {
        HttpRequest request =
                HttpRequest.newBuilder(tracking.server.uri().resolve(path)).build();
        try (InputStream answer = HttpClient.newHttpClient()
                        .send(request, HttpResponse.BodyHandlers.ofInputStream())
                        .body();
                JsonReader reader = Json.createReader(answer)) {
            return reader.readObject();
        }
    }

    @Test
    void hasTheServerKeepExtraDataBesideOurMark() throws Exception {
        JsonObject data = Json.createObjectBuilder()
                .add("order", 4711)
                .add("extra_pnginfo", Json.createObjectBuilder().add("author", "me"))
                .build();
        Job job = tracking.queue(Submission.of(TrackingSetup.picture(1))
                .withExtraData(data)
                .withPreviewMethod("latent2rgb")
                .withTag("cover"));
        tracking.heard.awaitEnd(job.id());

        JsonObject kept = fromServer("/history/" + job.id())
                .getJsonObject(job.id())
                .getJsonArray("prompt")
                .getJsonObject(3);
        assertThat(kept.entrySet()).containsAll(data.entrySet());
        assertThat(kept.getString("preview_method")).isEqualTo("latent2rgb");
        assertThat(JobMarker.in((JsonValue) kept)).get().satisfies(marker -> {
            assertThat(marker.id()).isEqualTo(job.id());
            assertThat(marker.tag()).contains("cover");
        });
    }

    @Test
    void receivesPreviewsAboveUsualLimitsAndLaterEvents() throws Exception {
        Job job = tracking.queue(TrackingSetup.steps(100, 60, 1));
        tracking.heard.await(() -> !tracking.heard.previews().isEmpty(), "a preview");
        byte[] content = new byte[4 + FIVE_MEGABYTES];
        content[3] = 2; // a PNG
        tracking.server.broadcastFrame(1, content);
        tracking.heard.await(
                () -> tracking.heard.previews().stream().anyMatch(preview -> preview.image().length == FIVE_MEGABYTES),
                "the large preview");
        int before = tracking.heard.previews().size();

        tracking.heard.await(() -> tracking.heard.previews().size() > before, "the next preview");
        tracking.cancel(job);
        assertThat(tracking.heard.awaitEnd(job.id()).state()).isEqualTo(JobState.CANCELLED);
    }

    @Test
    void keepsOnlyTheBeginningOfLongMessagesAndTracebacks() {
        JobFailure failure = ComfyUiCodec.failure(Json.createObjectBuilder()
                .add("node_id", "3")
                .add("exception_message", "x".repeat(1_000_000))
                .add(
                        "traceback",
                        Json.createArrayBuilder(IntStream.range(0, 500)
                                .mapToObj(line -> "line " + line)
                                .toList()))
                .build());

        assertThat(failure.message()).startsWith("x".repeat(4_000)).hasSizeLessThan(4_100); // and how many there were
        assertThat(failure.traceback()).hasSize(20).startsWith("line 0");
    }
}
