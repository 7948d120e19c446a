package org.genaiconnector.ra.comfyui;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.ThreadLocalRandom;
import org.genaiconnector.comfyui.Cancellation;
import org.genaiconnector.comfyui.ComfyUiConnection;
import org.genaiconnector.comfyui.ComfyUiConnectionFactory;
import org.genaiconnector.comfyui.Download;
import org.genaiconnector.comfyui.Job;
import org.genaiconnector.comfyui.JobState;
import org.genaiconnector.comfyui.JobStatus;
import org.genaiconnector.comfyui.OutputFile;
import org.genaiconnector.comfyui.OutputText;
import org.genaiconnector.comfyui.Submission;
import org.genaiconnector.comfyui.Workflow;
import org.genaiconnector.comfyui.WorkflowRejectedException;
import org.genaiconnector.ra.GenAiResourceAdapter;
import org.genaiconnector.ra.TestContainer;
import org.genaiconnector.ra.comfyui.jobs.JobTrackers;
import org.genaiconnector.ra.comfyui.jobs.RecordingObserver;
import org.genaiconnector.testkit.comfyui.ComfyUiSimulator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Workflows of core nodes that need no model, on the real server at {@code -Dcomfyui.url=http://...}, or on the simulator
 * (of {@code -Dcomfyui.version=0.3.10} if wished) without it. Nothing else may use the real server meanwhile. What an older
 * server does not have is skipped, by what it says itself.
 */
class CoreNodesTest {
    private static final GenAiResourceAdapter ADAPTER = new GenAiResourceAdapter();
    private static ComfyUiSimulator simulator;
    private static ComfyUiConnectionFactory factory;
    private final RecordingObserver heard = RecordingObserver.everything();

    /** Values that no server has in its cache. */
    private final int color = ThreadLocalRandom.current().nextInt(1 << 24);

    @BeforeAll
    static void start() throws Exception {
        String url = System.getProperty("comfyui.url", "");
        if (url.isBlank()) {
            simulator = ComfyUiSimulator.builder()
                    .version(System.getProperty("comfyui.version", "0.33.0"))
                    .start();
            url = simulator.uri().toString();
        }
        ADAPTER.start(new TestContainer());
        ComfyUiManagedConnectionFactory managed = new ComfyUiManagedConnectionFactory();
        managed.setResourceAdapter(ADAPTER);
        managed.setServerUrl(url);
        factory = (ComfyUiConnectionFactory) managed.createConnectionFactory();
    }

    @BeforeEach
    void listen() {
        JobTrackers.of(ADAPTER).subscribe(heard);
    }

    @AfterAll
    static void stop() {
        ADAPTER.stop();
        if (simulator != null) {
            simulator.close();
        }
    }

    private Job queue(String workflow) throws Exception {
        return queue(Submission.of(Workflow.parse(workflow)));
    }

    private Job queue(Submission submission) throws Exception {
        try (ComfyUiConnection connection = factory.getConnection()) {
            return connection.queuePrompt(submission);
        }
    }

    private JobStatus run(String workflow) throws Exception {
        Job job = queue(workflow);
        JobStatus end = heard.awaitEnd(job.id());
        assertThat(heard.ends(job.id())).hasSize(1);
        return end;
    }

    @Test
    void savesAndPreviewsPictures() throws Exception {
        JobStatus end = run("""
                {"1": {"class_type": "EmptyImage", "inputs": {"width": 64, "height": 48, "batch_size": 2, "color": %d}},
                 "2": {"class_type": "ImageInvert", "inputs": {"image": ["1", 0]}},
                 "3": {"class_type": "SaveImage", "inputs": {"images": ["2", 0], "filename_prefix": "it/w1"}},
                 "4": {"class_type": "PreviewImage", "inputs": {"images": ["1", 0]}}}""".formatted(color));

        assertThat(end.state()).isEqualTo(JobState.COMPLETED);
        assertThat(end.outputs()).hasSize(4);
        OutputFile saved = (OutputFile) end.outputs().stream()
                .filter(output -> output.node().equals("3"))
                .findFirst()
                .orElseThrow();
        try (ComfyUiConnection connection = factory.getConnection();
                Download download = connection.download(saved)) {
            assertThat(download.content().readNBytes(4)).isEqualTo(new byte[] {(byte) 0x89, 'P', 'N', 'G'});
        }
    }

    @Test
    void namesTheNodesOfAWorkflowThatIsRejected() {
        assertThatThrownBy(() -> queue("""
                        {"1": {"class_type": "EmptyImage", "inputs": {"width": 0, "height": 64, "batch_size": 1}},
                         "2": {"class_type": "ImageScale", "inputs": {"image": ["1", 0], "upscale_method": "zzz",
                               "width": 8, "height": 8, "crop": "disabled"}},
                         "3": {"class_type": "SaveImage", "inputs": {"images": ["2", 0], "filename_prefix": "it/w2"}}}"""))
                .isInstanceOfSatisfying(
                        WorkflowRejectedException.class,
                        e -> assertThat(e.nodeErrors()).containsOnlyKeys("1", "2"));
    }

    @Test
    void namesTheNodeThatFails() throws Exception {
        JobStatus end = run("""
                {"1": {"class_type": "EmptyImage", "inputs": {"width": 8, "height": 8, "batch_size": 1, "color": %d}},
                 "2": {"class_type": "SaveImage", "inputs": {"images": ["1", 0], "filename_prefix": "../../evil"}}}""".formatted(color));

        assertThat(end.state()).isEqualTo(JobState.FAILED);
        assertThat(end.failure().orElseThrow().node()).isEqualTo("2");
        assertThat(end.failure().orElseThrow().nodeType()).isEqualTo("SaveImage");
        assertThat(end.failure().orElseThrow().message()).contains("outside the output folder");
    }

    @Test
    void cancelsARunningJobAndLetsTheNextOneRun() throws Exception {
        String slow = """
                {"0": {"class_type": "EmptyImage", "inputs": {"width": 1536, "height": 1536, "batch_size": 4, "color": %d}},
                """.formatted(color);
        StringBuilder workflow = new StringBuilder(slow);
        for (int node = 1; node <= 6; node++) {
            workflow.append("""
                    "%d": {"class_type": "ImageScale", "inputs": {"image": ["%d", 0], "upscale_method": "lanczos",
                           "width": %d, "height": 1536, "crop": "disabled"}},
                    """.formatted(node, node - 1, node % 2 == 0 ? 1536 : 1537));
        }
        workflow.append("\"7\": {\"class_type\": \"PreviewImage\", \"inputs\": {\"images\": [\"6\", 0]}}}");
        Job job = queue(workflow.toString());
        Job next = queue("""
                {"1": {"class_type": "EmptyImage", "inputs": {"width": 8, "height": 8, "batch_size": 1, "color": %d}},
                 "2": {"class_type": "PreviewImage", "inputs": {"images": ["1", 0]}}}""".formatted(color));
        heard.await(
                () -> heard.news().stream().anyMatch(news -> news.status().state() == JobState.RUNNING), "a beginning");
        Cancellation outcome;
        try (ComfyUiConnection connection = factory.getConnection()) {
            outcome = connection.cancelJob(job.id());
        }

        assertThat(outcome).isIn(Cancellation.INTERRUPTING, Cancellation.UNSUPPORTED); // before 0.3.57
        assertThat(heard.awaitEnd(job.id()).state())
                .isEqualTo(outcome.isAccepted() ? JobState.CANCELLED : JobState.COMPLETED);
        assertThat(heard.awaitEnd(next.id()).state()).isEqualTo(JobState.COMPLETED);
    }

    private String partlyValid() {
        return """
                {"1": {"class_type": "EmptyImage", "inputs": {"width": 8, "height": 8, "batch_size": 1, "color": %d}},
                 "2": {"class_type": "SaveImage", "inputs": {"images": ["1", 0], "filename_prefix": "it/w5"}},
                 "5": {"class_type": "LoadImage", "inputs": {"image": "does-not-exist.png"}},
                 "6": {"class_type": "SaveImage", "inputs": {"images": ["5", 0], "filename_prefix": "it/w5b"}}}""".formatted(color);
    }

    @Test
    void runsThePartThatIsValidAndSaysWhatIsNot() throws Exception {
        Job job = queue(partlyValid());

        assertThat(job.nodeErrors()).containsOnlyKeys("5");
        assertThat(heard.awaitEnd(job.id()).outputs())
                .allMatch(output -> output.node().equals("2"));
    }

    @Test
    void refusesAPartIfTheWholeIsWanted() throws Exception {
        Submission whole = Submission.of(Workflow.parse(partlyValid())).withPartial(false);

        assertThatThrownBy(() -> queue(whole)).isInstanceOf(WorkflowRejectedException.class);
    }

    @Test
    void returnsTexts() throws Exception {
        assumeNodes("PrimitiveString", "PreviewAny");
        JobStatus end = run("""
                {"1": {"class_type": "PrimitiveString", "inputs": {"value": "hello %d"}},
                 "2": {"class_type": "PreviewAny", "inputs": {"source": ["1", 0]}}}""".formatted(color));

        assertThat(end.outputs()).containsExactly(new OutputText("2", "text", "hello " + color));
    }

    @Test
    void returnsSound() throws Exception {
        assumeNodes("EmptyAudio", "SaveAudio");
        JobStatus end = run("""
                {"1": {"class_type": "EmptyAudio", "inputs": {"duration": 0.5, "sample_rate": 44100, "channels": 2}},
                 "2": {"class_type": "SaveAudio", "inputs": {"audio": ["1", 0], "filename_prefix": "audio/it"}}}""");

        assertThat(end.outputs()).singleElement().satisfies(output -> {
            assertThat(output.kind()).isEqualTo("audio");
            assertThat(((OutputFile) output).mediaType()).isEqualTo("audio/flac");
        });
    }

    @Test
    void returnsVideos() throws Exception {
        assumeNodes("CreateVideo", "SaveVideo");
        JobStatus end = run("""
                {"1": {"class_type": "EmptyImage", "inputs": {"width": 64, "height": 64, "batch_size": 4, "color": %d}},
                 "2": {"class_type": "CreateVideo", "inputs": {"images": ["1", 0], "fps": 8.0}},
                 "3": {"class_type": "SaveVideo", "inputs": {"video": ["2", 0], "filename_prefix": "video/it",
                       "format": "auto", "codec": "auto"}}}""".formatted(color));

        assertThat(end.outputs())
                .singleElement()
                .satisfies(
                        output -> assertThat(((OutputFile) output).mediaType()).isEqualTo("video/mp4"));
    }

    /** The simulator and older servers have not all nodes. */
    private static void assumeNodes(String... types) throws Exception {
        try (ComfyUiConnection connection = factory.getConnection()) {
            for (String type : types) {
                Assumptions.assumeTrue(connection.getNodeClass(type).isPresent(), "the server has no node " + type);
            }
        }
    }
}
