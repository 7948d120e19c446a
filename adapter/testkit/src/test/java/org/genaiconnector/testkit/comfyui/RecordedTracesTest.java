package org.genaiconnector.testkit.comfyui;

import java.io.IOException;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The simulator answers what the real server answered, for every recording. */
class RecordedTracesTest {
    /** What another recording left behind and this one builds upon. */
    private static final Map<String, List<String>> BEFORE = Map.of(
            "w1-cached", List.of("w1-success"),
            "w1-no-feature-flags", List.of("w1-success"),
            "view-errors", List.of("upload-image"),
            "queue-while-running", List.of("w1-success", "w1-cached", "w1-no-feature-flags", "w1-polling-only"),
            "worker-thread-dead", List.of("server-killed-and-restarted"));

    /** Recorded from the second server, with a small body limit and nodes of its own. */
    private static final Set<String> SECOND_SERVER = Set.of(
            "execution-blocked",
            "infinity-in-object-info",
            "out-of-memory",
            "preview-frames-plain",
            "preview-frames-with-metadata",
            "request-too-large",
            "save-image-websocket",
            "server-killed-and-restarted",
            "worker-thread-dead");

    /** Recorded while a job was at work, which here would be over too soon. */
    private static final Set<String> AT_WORK = Set.of(
            "cancel-pending-job",
            "queue-while-running",
            "w4-cancel-running-job",
            "w4-interrupt-by-prompt-id",
            "ws-join-running");

    @TempDir
    Path directory;

    static Stream<String> recordings() throws IOException {
        return Trace.names().stream();
    }

    @ParameterizedTest
    @MethodSource("recordings")
    void answersAsRecorded(String name) throws IOException, InterruptedException {
        ComfyUiSimulator.Builder builder =
                ComfyUiSimulator.builder().directory(directory.resolve("base")).stepDelay(Duration.ZERO);
        if (SECOND_SERVER.contains(name)) {
            builder.labNodes().maxUploadBytes(0.05 * 1024 * 1024);
        }
        if (AT_WORK.contains(name)) {
            builder.nodeDelay(Duration.ofMillis(400));
        }
        HttpClient client =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
        RecordedNames names = new RecordedNames();
        try (ComfyUiSimulator server = builder.start()) {
            for (String earlier : BEFORE.getOrDefault(name, List.of())) {
                new Replay(server, client, names, Trace.read(earlier)).run();
            }
            new Replay(server, client, names, Trace.read(name)).run();
        }
    }
}
