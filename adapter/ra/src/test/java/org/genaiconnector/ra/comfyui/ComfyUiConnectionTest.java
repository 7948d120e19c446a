package org.genaiconnector.ra.comfyui;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.io.ByteArrayInputStream;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import javax.imageio.ImageIO;
import org.genaiconnector.FailureCategory;
import org.genaiconnector.GenAiException;
import org.genaiconnector.comfyui.Cancellation;
import org.genaiconnector.comfyui.ComfyUiConnection;
import org.genaiconnector.comfyui.ComfyUiConnectionFactory;
import org.genaiconnector.comfyui.Download;
import org.genaiconnector.comfyui.FileDirectory;
import org.genaiconnector.comfyui.Job;
import org.genaiconnector.comfyui.JobState;
import org.genaiconnector.comfyui.JobStatus;
import org.genaiconnector.comfyui.OutputFile;
import org.genaiconnector.comfyui.OutputText;
import org.genaiconnector.comfyui.OutputValue;
import org.genaiconnector.comfyui.Upload;
import org.genaiconnector.comfyui.UploadedFile;
import org.genaiconnector.comfyui.Workflow;
import org.genaiconnector.comfyui.WorkflowRejectedException;
import org.genaiconnector.testkit.comfyui.ComfyUiSimulator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

public class ComfyUiConnectionTest {
    private static final Duration LONG = Duration.ofSeconds(20);

    private ComfyUiSimulator server;
    private ComfyUiConnectionFactory factory;

    @BeforeEach
    void start() throws Exception {
        server = ComfyUiSimulator.start();
        ComfyUiManagedConnectionFactory managed = new ComfyUiManagedConnectionFactory();
        managed.setServerUrl(server.uri().toString());
        factory = (ComfyUiConnectionFactory) managed.createConnectionFactory();
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void givesTheOutputsAsTheServerHasThem() throws Exception {
        JobStatus end = run(INVERTED_RED);

        OutputFile file = (OutputFile) end.outputs().get(0);
        try (ComfyUiConnection connection = factory.getConnection()) {
            JsonObject raw = connection.getRawOutputs(end.id()).orElseThrow();
            assertThat(raw.getJsonObject(file.node())
                            .getJsonArray("images")
                            .getJsonObject(0)
                            .getString("filename"))
                    .isEqualTo(file.filename());
            assertThat(connection.getRawOutputs(UUID.randomUUID().toString())).isEmpty();
            assertThatThrownBy(() -> connection.getRawOutputs("..")).isInstanceOf(GenAiException.class);
        }
    }

    @Test
    void readsValuesAndModelsAlikeByEveryRoute() throws Exception {
        server.close();
        server = ComfyUiSimulator.builder()
                .node("Model", Map.of("any", "*"), List.of("STRING"), """
                        {"result": ["mesh/castle.glb", {"zoom": 1}, null], "text": [42, "it ends in .obj", ["a", "b"]]}""")
                .start();
        ComfyUiManagedConnectionFactory managed = new ComfyUiManagedConnectionFactory();
        managed.setServerUrl(server.uri().toString());
        factory = (ComfyUiConnectionFactory) managed.createConnectionFactory();
        Files.createDirectories(server.outputDirectory().resolve("mesh"));
        Files.write(server.outputDirectory().resolve("mesh/castle.glb"), new byte[] {1, 2, 3});

        JobStatus found = run("{\"1\": {\"class_type\": \"Model\", \"inputs\": {\"any\": \"x\"}}}");

        OutputFile model = new OutputFile("1", "result", "castle.glb", "mesh", FileDirectory.OUTPUT);
        assertThat(found.outputs())
                .containsExactly(
                        model,
                        new OutputValue(
                                "1",
                                "result",
                                Json.createObjectBuilder().add("zoom", 1).build()),
                        new OutputValue("1", "text", Json.createValue(42)),
                        new OutputText("1", "text", "it ends in .obj"),
                        new OutputValue(
                                "1",
                                "text",
                                Json.createArrayBuilder().add("a").add("b").build()));
        try (ComfyUiConnection connection = factory.getConnection()) {
            assertThat(connection.getHistory(found.id()).orElseThrow().outputs())
                    .isEqualTo(found.outputs());
            try (Download download = connection.download(model)) {
                assertThat(download.content().readAllBytes()).containsExactly(1, 2, 3);
            }
        }
    }

    @Test
    void paintsInvertsAndReturnsThePicture() throws Exception {
        JobStatus status = run(INVERTED_RED);

        assertThat(status.state()).isEqualTo(JobState.COMPLETED);
        OutputFile file = (OutputFile) status.outputs().get(0);
        assertThat(file.mediaType()).isEqualTo("image/png");
        try (ComfyUiConnection connection = factory.getConnection();
                Download download = connection.download(file)) {
            byte[] png = download.content().readAllBytes();
            assertThat(download.length()).hasValue(png.length);
            assertThat(ImageIO.read(new ByteArrayInputStream(png)).getRGB(3, 3) & 0xffffff)
                    .isEqualTo(0x00ffff);
        }
    }

    @Test
    void returnsTexts() throws Exception {
        JobStatus status = run("""
                {"1": {"class_type": "PrimitiveString", "inputs": {"value": "hello"}},
                 "2": {"class_type": "PreviewAny", "inputs": {"source": ["1", 0]}}}""");

        assertThat(status.outputs()).containsExactly(new OutputText("2", "text", "hello"));
    }

    @Test
    void tellsWhichNodesTheServerRejects() throws Exception {
        Workflow workflow = Workflow.parse(INVERTED_RED).with("1.width", 0);
        try (ComfyUiConnection connection = factory.getConnection()) {
            assertThatThrownBy(() -> connection.queuePrompt(workflow))
                    .isInstanceOfSatisfying(WorkflowRejectedException.class, e -> {
                        assertThat(e.nodeErrors()).containsOnlyKeys("1");
                        assertThat(e.nodeErrors().get("1").get(0).type()).isEqualTo("value_smaller_than_min");
                        assertThat(e.status()).hasValue(400);
                        assertThat(e.isRetryable()).isFalse();
                    })
                    .hasMessageContaining("node 1")
                    .hasMessageContaining("width");
        }
    }

    @Test
    void tellsWhichOutputsThePartlyValidJobLeavesOut() throws Exception {
        try (ComfyUiConnection connection = factory.getConnection()) {
            Job job = connection.queuePrompt(Workflow.parse("""
                            {"1": {"class_type": "EmptyImage", "inputs": {"width": 8, "height": 8, "batch_size": 1, "color": 5}},
                             "2": {"class_type": "SaveImage", "inputs": {"images": ["1", 0], "filename_prefix": "it/w5"}},
                             "5": {"class_type": "LoadImage", "inputs": {"image": "does-not-exist.png"}},
                             "6": {"class_type": "SaveImage", "inputs": {"images": ["5", 0], "filename_prefix": "it/w5b"}}}"""));
            assertThat(job.nodeErrors()).containsOnlyKeys("5");
            assertThat(factory.awaitJob(job.id(), LONG).state()).isEqualTo(JobState.COMPLETED);
        }
    }

    @Test
    void tellsWhyAJobFailed() throws Exception {
        JobStatus status = run("""
                {"1": {"class_type": "EmptyImage", "inputs": {"width": 8, "height": 8, "batch_size": 1, "color": 1}},
                 "2": {"class_type": "SaveImage", "inputs": {"images": ["1", 0], "filename_prefix": "../../evil"}}}""");

        assertThat(status.state()).isEqualTo(JobState.FAILED);
        assertThat(status.failure().orElseThrow().node()).isEqualTo("2");
        assertThat(status.failure().orElseThrow().nodeType()).isEqualTo("SaveImage");
        assertThat(status.failure().orElseThrow().message()).contains("outside the output folder");
    }

    @Test
    void usesTheNameTheServerGaveToAnUpload() throws Exception {
        try (ComfyUiConnection connection = factory.getConnection()) {
            byte[] red = download(run(INVERTED_RED));
            byte[] other = download(run(INVERTED_RED.replace("16711680", "255")));
            UploadedFile first = connection.uploadImage(Upload.of("Katze 猫.png", new ByteArrayInputStream(red)));
            UploadedFile second = connection.uploadImage(Upload.of("Katze 猫.png", new ByteArrayInputStream(other)));

            assertThat(first.reference()).isEqualTo("Katze 猫.png");
            assertThat(second.reference()).isEqualTo("Katze 猫 (1).png");
            JobStatus status = run("""
                    {"1": {"class_type": "LoadImage", "inputs": {"image": "%s"}},
                     "2": {"class_type": "SaveImage", "inputs": {"images": ["1", 0], "filename_prefix": "copy"}}}""".formatted(second.reference()));
            assertThat(ImageIO.read(new ByteArrayInputStream(download(status))).getRGB(0, 0) & 0xffffff)
                    .isEqualTo(0xffff00);
        }
    }

    @Test
    void knowsNothingOfAForeignJob() throws Exception {
        String unknown = UUID.randomUUID().toString();
        try (ComfyUiConnection connection = factory.getConnection()) {
            assertThat(connection.findJob(unknown)).isEmpty();
            assertThat(connection.getHistory(unknown)).isEmpty();
            assertThat(connection.cancelJob(unknown)).isEqualTo(Cancellation.NOT_ACTIVE);
        }
        assertThat(factory.awaitJob(unknown, LONG).state()).isEqualTo(JobState.LOST);
    }

    @Test
    void namesAFileThatIsGone() throws Exception {
        try (ComfyUiConnection connection = factory.getConnection()) {
            assertThatThrownBy(() ->
                            connection.download(new OutputFile("1", "images", "gone.png", "a b", FileDirectory.OUTPUT)))
                    .isInstanceOfSatisfying(
                            GenAiException.class, e -> assertThat(e.category()).isEqualTo(FailureCategory.NOT_FOUND))
                    .hasMessageContaining("gone.png")
                    .hasMessageContaining("a b");
            assertThat(connection.getQueue().pending()).isEmpty();
        }
    }

    @Test
    void tellsVersionAndDevices() throws Exception {
        try (ComfyUiConnection connection = factory.getConnection()) {
            assertThat(connection.getSystemStats().version()).contains("0.33.0");
            assertThat(connection.getSystemStats().devices()).isNotEmpty();
        }
    }

    @Test
    void refusesASecondUseWhileADownloadIsOpen() throws Exception {
        OutputFile file = (OutputFile) run(INVERTED_RED).outputs().get(0);
        try (ComfyUiConnection connection = factory.getConnection()) {
            try (Download download = connection.download(file)) {
                assertThatThrownBy(connection::getQueue).hasMessageContaining("in use");
                assertThat(download.content().read()).isEqualTo(0x89);
            }
            assertThat(connection.getQueue().running()).isEmpty();
        }
    }

    @Test
    void diesWithItsHandle() throws Exception {
        ComfyUiConnection connection = factory.getConnection();
        connection.close();
        connection.close();
        assertThatThrownBy(connection::getQueue)
                .isInstanceOfSatisfying(
                        GenAiException.class, e -> assertThat(e.category()).isEqualTo(FailureCategory.CLOSED));
    }

    @Test
    void namesBackendAndCauseWhenTheConnectionIsRefused() throws Exception {
        server.close();
        assertThatThrownBy(factory::getConnection)
                .isInstanceOfSatisfying(
                        GenAiException.class, e -> assertThat(e.category()).isEqualTo(FailureCategory.UNAVAILABLE))
                .hasMessageContaining(server.uri().toString())
                .hasMessageContaining("Connection refused");
    }

    @Test
    void givesUpWaitingAtTheDeadlineWhileTheJobGoesOn() throws Exception {
        server.close();
        server = ComfyUiSimulator.builder().stepDelay(Duration.ofMillis(200)).start();
        ComfyUiManagedConnectionFactory managed = new ComfyUiManagedConnectionFactory();
        managed.setServerUrl(server.uri().toString());
        factory = (ComfyUiConnectionFactory) managed.createConnectionFactory();
        try (ComfyUiConnection connection = factory.getConnection()) {
            Job job = connection.queuePrompt(Workflow.parse(PAINTING));
            assertThatThrownBy(() -> factory.awaitJob(job.id(), Duration.ofMillis(300)))
                    .isInstanceOfSatisfying(
                            GenAiException.class, e -> assertThat(e.category()).isEqualTo(FailureCategory.DEADLINE));
            assertThat(connection.findJob(job.id()).map(JobStatus::state)).contains(JobState.RUNNING);
            Job waiting = connection.queuePrompt(Workflow.parse(PAINTING).with("5.seed", 2));
            Optional<JobStatus> pending = connection.findJob(waiting.id());
            assertThat(pending.orElseThrow().queuePosition()).hasValue(1);

            assertThat(connection.cancelJob(waiting.id())).isEqualTo(Cancellation.DEQUEUED);
            assertThat(connection.findJob(waiting.id())).isEmpty();
            assertThat(connection.cancelJob(job.id())).isEqualTo(Cancellation.INTERRUPTING);
            assertThat(factory.awaitJob(job.id(), LONG).state()).isEqualTo(JobState.CANCELLED);
        }
    }

    private JobStatus run(String workflow) throws Exception {
        Job job;
        try (ComfyUiConnection connection = factory.getConnection()) {
            job = connection.queuePrompt(Workflow.parse(workflow));
        }
        return factory.awaitJob(job.id(), LONG);
    }

    private byte[] download(JobStatus status) throws Exception {
        try (ComfyUiConnection connection = factory.getConnection();
                Download download =
                        connection.download((OutputFile) status.outputs().get(0))) {
            return download.content().readAllBytes();
        }
    }

    private static final String INVERTED_RED = """
            {"1": {"class_type": "EmptyImage", "inputs": {"width": 64, "height": 48, "batch_size": 1, "color": 16711680}},
             "2": {"class_type": "ImageInvert", "inputs": {"image": ["1", 0]}},
             "3": {"class_type": "SaveImage", "inputs": {"images": ["2", 0], "filename_prefix": "it/inverted"}}}""";

    public static final String PAINTING = """
            {"1": {"class_type": "CheckpointLoaderSimple", "inputs": {"ckpt_name": "%s"}},
             "2": {"class_type": "CLIPTextEncode", "inputs": {"text": "a lighthouse", "clip": ["1", 1]}},
             "3": {"class_type": "CLIPTextEncode", "inputs": {"text": "", "clip": ["1", 1]}},
             "4": {"class_type": "EmptyLatentImage", "inputs": {"width": 64, "height": 64, "batch_size": 1}},
             "5": {"class_type": "KSampler", "inputs": {"model": ["1", 0], "seed": 1, "steps": 20, "cfg": 7.0,
                   "sampler_name": "euler", "scheduler": "normal", "positive": ["2", 0], "negative": ["3", 0],
                   "latent_image": ["4", 0], "denoise": 1.0}},
             "6": {"class_type": "VAEDecode", "inputs": {"samples": ["5", 0], "vae": ["1", 2]}},
             "7": {"class_type": "SaveImage", "inputs": {"images": ["6", 0], "filename_prefix": "it/painting"}}}""".formatted("dreamcoast_v2.safetensors");
}
