package org.genaiconnector.ra.comfyui;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.genaiconnector.comfyui.ComfyUiConnection;
import org.genaiconnector.comfyui.Download;
import org.genaiconnector.comfyui.JobState;
import org.genaiconnector.comfyui.JobStatus;
import org.genaiconnector.comfyui.OutputFile;
import org.genaiconnector.comfyui.ServerFeatures;
import org.genaiconnector.comfyui.Upload;
import org.genaiconnector.comfyui.Workflow;
import org.genaiconnector.ra.comfyui.files.FileSetup;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Memory, queue and history of servers of all ages. */
@Timeout(60)
class MaintenanceTest {
    private static final Duration LONG = Duration.ofSeconds(20);

    private static final String TEXT = """
            {"1": {"class_type": "PrimitiveString", "inputs": {"value": "x"}},
             "2": {"class_type": "PreviewAny", "inputs": {"source": ["1", 0]}}}""";

    private static List<String> run(FileSetup setup, int jobs) throws Exception {
        List<String> ids = new ArrayList<>();
        for (int i = 0; i < jobs; i++) {
            try (ComfyUiConnection connection = setup.factory.getConnection()) {
                ids.add(connection
                        .queuePrompt(Workflow.parse(TEXT).with("1.value", "text " + i))
                        .id());
            }
            assertThat(setup.factory.awaitJob(ids.get(i), LONG).state()).isEqualTo(JobState.COMPLETED);
        }
        return ids;
    }

    private static List<String> ids(List<JobStatus> jobs) {
        return jobs.stream().map(JobStatus::id).toList();
    }

    @ParameterizedTest
    @ValueSource(strings = {"0.3.40", "0.3.59", "0.3.60", "0.33.0", "0.45.2"})
    void pagesThroughTheHistoryFromTheOldestOn(String version) throws Exception {
        try (FileSetup setup = new FileSetup(server -> server.version(version)).start();
                ComfyUiConnection connection = setup.factory.getConnection()) {
            assertThat(connection.getHistoryPage(10, 0)).isEmpty();
            List<String> jobs = run(setup, 5);

            assertThat(ids(connection.getHistoryPage(2, 0))).isEqualTo(jobs.subList(0, 2));
            assertThat(ids(connection.getHistoryPage(2, 2))).isEqualTo(jobs.subList(2, 4));
            assertThat(ids(connection.getHistoryPage(2, 4))).isEqualTo(jobs.subList(4, 5));
            assertThat(connection.getHistoryPage(2, 5)).isEmpty();
            assertThat(connection.getHistoryPage(Integer.MAX_VALUE, 3)).hasSize(2);
        }
    }

    @Test
    void refusesPagesThatAreNone() throws Exception {
        try (FileSetup setup = new FileSetup().start();
                ComfyUiConnection connection = setup.factory.getConnection()) {
            assertThatThrownBy(() -> connection.getHistoryPage(0, 0)).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> connection.getHistoryPage(1, -1)).isInstanceOf(IllegalArgumentException.class);
            assertThat(setup.requestCount()).isZero();
        }
    }

    @Test
    void forgetsJobs() throws Exception {
        try (FileSetup setup = new FileSetup().start();
                ComfyUiConnection connection = setup.factory.getConnection()) {
            List<String> jobs = run(setup, 3);

            connection.deleteHistory(List.of(jobs.get(1), UUID.randomUUID().toString()));
            assertThat(ids(connection.getHistory())).containsExactly(jobs.get(0), jobs.get(2));

            connection.clearHistory();
            assertThat(connection.getHistory()).isEmpty();
        }
    }

    @Test
    void takesWaitingJobsFromTheQueueAndLetsTheRunningOneGoOn() throws Exception {
        try (FileSetup setup = new FileSetup(server -> server.stepDelay(Duration.ofMillis(200))).start();
                ComfyUiConnection connection = setup.factory.getConnection()) {
            List<String> jobs = new ArrayList<>();
            for (int seed = 0; seed < 4; seed++) {
                jobs.add(connection
                        .queuePrompt(
                                Workflow.parse(ComfyUiConnectionTest.PAINTING).with("5.seed", seed))
                        .id());
            }

            connection.deletePending(List.of(jobs.get(2)));
            assertThat(connection.getQueue().pending()).containsExactly(jobs.get(1), jobs.get(3));
            connection.deletePending(List.of());
            connection.clearQueue();

            assertThat(connection.getQueue().pending()).isEmpty();
            assertThat(connection.getQueue().running()).containsExactly(jobs.get(0));
        }
    }

    @Test
    void freesMemory() throws Exception {
        try (FileSetup setup = new FileSetup().start();
                ComfyUiConnection connection = setup.factory.getConnection()) {
            connection.unloadModels();
            connection.freeMemory();

            assertThat(setup.requests("/api/free", 0))
                    .extracting(request -> request.text())
                    .containsExactly("{\"unload_models\":true}", "{\"unload_models\":true,\"free_memory\":true}");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"0.3.10", "0.3.28", "0.3.45", "0.6.0", "0.19.0", "0.26.0", "0.33.0"})
    void servesFilesAndInformationOnEveryVersion(String version) throws Exception {
        byte[] content = FileSetup.noise(5000);
        try (FileSetup setup = new FileSetup(server -> server.version(version)).start();
                ComfyUiConnection connection = setup.factory.getConnection()) {
            OutputFile file = setup.output("a.bin", content);
            assertThat(connection.sizeOf(file)).hasValue(content.length);
            try (Download download = connection.download(file)) {
                assertThat(download.content().readAllBytes()).isEqualTo(content);
            }
            assertThat(connection.uploadImage(Upload.of("b.bin", content)).reference())
                    .isEqualTo("b.bin");
            assertThat(connection.getNodeClasses()).containsKey("KSampler");
            assertThat(connection.getModels("checkpoints")).isNotEmpty();
            assertThat(connection.getFeatures() == ServerFeatures.NONE)
                    .isEqualTo(version.equals("0.3.10") || version.equals("0.3.28"));
            assertThat(connection
                            .check(Workflow.parse(ComfyUiConnectionTest.PAINTING))
                            .isValid())
                    .isTrue();
            connection.freeMemory();
            connection.clearQueue();
            connection.clearHistory();
            assertThat(connection.getHistoryPage(5, 0)).isEmpty();
        }
    }
}
