package org.genaiconnector.storyboard.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonReader;
import jakarta.json.JsonValue;
import java.io.StringReader;
import java.math.BigDecimal;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.genaiconnector.CircuitState;
import org.genaiconnector.ConnectionStatistics;
import org.genaiconnector.FailureCategory;
import org.genaiconnector.comfyui.FileDirectory;
import org.genaiconnector.comfyui.JobFailure;
import org.genaiconnector.comfyui.JobProgress;
import org.genaiconnector.comfyui.JobState;
import org.genaiconnector.comfyui.JobStatus;
import org.genaiconnector.comfyui.NodeError;
import org.genaiconnector.comfyui.OutputFile;
import org.genaiconnector.comfyui.OutputText;
import org.genaiconnector.comfyui.OutputValue;
import org.genaiconnector.comfyui.SystemStats;
import org.genaiconnector.comfyui.WorkflowParameter;
import org.genaiconnector.llm.FinishReason;
import org.genaiconnector.llm.LlmModel;
import org.genaiconnector.storyboard.Failure;
import org.genaiconnector.storyboard.JobSnapshot;
import org.genaiconnector.storyboard.SceneView;
import org.genaiconnector.storyboard.Story;
import org.genaiconnector.storyboard.StoryRequest;
import org.genaiconnector.storyboard.StoryView;
import org.junit.jupiter.api.Test;

/** The JSON of each answer, with its null members and without its absent ones. */
class JsonConfigurationTest {

    private static void assertJson(Object answer, String expected) {
        assertThat(read(JsonConfiguration.write(answer))).isEqualTo(read(expected));
    }

    private static JsonValue read(String json) {
        try (JsonReader reader = Json.createReader(new StringReader(json))) {
            return reader.readValue();
        }
    }

    private static JobJson job(JobStatus status, int previews) {
        return JobJson.of(new JobSnapshot(1, status, previews));
    }

    @Test
    void writesRunningJobs() {
        JobStatus running = new JobStatus(
                "j",
                JobState.RUNNING,
                OptionalInt.of(2),
                Optional.of(new JobProgress(3, 20, "5", 0.25)),
                Optional.of(Duration.ofSeconds(7)),
                List.of(),
                Optional.empty(),
                Map.of());

        assertJson(job(running, 4), """
                {"id":"j","state":"RUNNING","queuePosition":2,"progress":{"value":3.0,"max":20.0,"node":"5","overall":0.25},
                "remainingSeconds":7,"previewUrl":"/api/jobs/j/preview?number=4","outputs":[],"error":null}""");
    }

    @Test
    void writesOutputs() {
        JobStatus completed = JobStatus.ended(
                "j",
                JobState.COMPLETED,
                List.of(
                        new OutputFile("9", "images", "a.png", "", FileDirectory.OUTPUT),
                        new OutputText("8", "text", "x".repeat(2_001)),
                        new OutputValue(
                                "7", "result", Json.createArrayBuilder().add(1).build()),
                        new OutputValue("6", "result", Json.createValue("x".repeat(2_001)))),
                Optional.empty());

        assertJson(job(completed, 0), """
                {"id":"j","state":"COMPLETED","queuePosition":null,"progress":null,"remainingSeconds":null,"previewUrl":null,
                "outputs":[
                {"node":"9","kind":"images","filename":"a.png","mediaType":"image/png","url":"/api/jobs/j/outputs/0"},
                {"node":"8","kind":"text","filename":null,"mediaType":"text/plain","text":"%s…","url":"/api/jobs/j/outputs/1"},
                {"node":"7","kind":"result","filename":null,"mediaType":"text/plain","value":[1],"url":"/api/jobs/j/outputs/2"},
                {"node":"6","kind":"result","filename":null,"mediaType":"text/plain","value":null,"url":"/api/jobs/j/outputs/3"}
                ],"error":null}""".formatted("x".repeat(2_000)));
    }

    @Test
    void writesWhyJobsFailed() {
        JobFailure failure = new JobFailure("3", "KSampler", "OOM", "no memory", List.of());

        assertJson(
                job(JobStatus.ended("j", JobState.FAILED, List.of(), Optional.of(failure)), 0)
                        .error(),
                """
                {"category":"SERVER","message":"KSampler (node 3) failed: OOM: no memory",
                "details":{"node":"3","nodeType":"KSampler","type":"OOM"}}""");
        assertJson(
                job(JobStatus.rejected("j", Map.of("4", List.of(new NodeError("t", "m", "d"))), Optional.empty()), 0)
                        .error()
                        .orElseThrow()
                        .details(),
                """
                {"nodeErrors":{"4":[{"type":"t","message":"m","details":"d"}]}}""");
    }

    @Test
    void writesErrorsInTheOrderInWhichPeopleReadThem() {
        assertThat(JsonConfiguration.write(ErrorJson.of(FailureCategory.UNAVAILABLE, "down")))
                .isEqualTo("{\"category\":\"UNAVAILABLE\",\"message\":\"down\",\"details\":{}}");
    }

    @Test
    void writesAcceptedJobs() {
        assertJson(new JobJson.Accepted("j", JobState.PENDING, OptionalInt.of(1), null), """
                {"id":"j","state":"PENDING","queuePosition":1}""");
        assertJson(
                new JobJson.Accepted(
                        "j", JobState.PENDING, OptionalInt.empty(), Map.of("4", List.of(new NodeError("t", "m", "d")))),
                """
                {"id":"j","state":"PENDING","queuePosition":null,
                "nodeErrors":{"4":[{"type":"t","message":"m","details":"d"}]}}""");
    }

    @Test
    void writesStories() {
        StoryRequest request = new StoryRequest("a fox", 1, "txt2img", Map.of("width", Json.createValue(64)));
        SceneView scene = new SceneView(
                "It runs",
                JobState.COMPLETED,
                Optional.of(JobStatus.ended("j", JobState.COMPLETED, List.of(), Optional.empty())),
                Optional.of(2),
                Optional.empty());
        SceneView failed = new SceneView(
                "It jumps",
                JobState.FAILED,
                Optional.empty(),
                Optional.empty(),
                Failure.of(new IllegalArgumentException("odd")));

        assertJson(
                StoryJson.of(new StoryView(
                        "s", request, Instant.EPOCH, Story.State.FAILED, List.of(scene, failed), Optional.empty())),
                """
                {"id":"s","idea":"a fox","length":1,"template":"txt2img","parameters":{"width":64},"begun":"1970-01-01T00:00:00Z",
                "state":"FAILED","scenes":[
                {"text":"It runs","jobId":"j","state":"COMPLETED","imageUrl":"/api/jobs/j/outputs/2","error":null},
                {"text":"It jumps","jobId":null,"state":"FAILED","imageUrl":null,"error":null}],"error":null}""");
    }

    @Test
    void writesComfyUisSystem() {
        SystemStats stats = new SystemStats(
                Optional.of("0.3"),
                "posix",
                Optional.empty(),
                List.of(new SystemStats.Device("gpu", "cuda", 8, 4)),
                JsonValue.EMPTY_JSON_OBJECT);
        String known = """
                {"server":"http://localhost:8188","version":"0.3","operatingSystem":"posix","pythonVersion":null,
                "devices":[{"name":"gpu","type":"cuda","vramTotal":8,"vramFree":4}],""";

        assertJson(
                ComfyUiResource.SystemJson.of(
                        URI.create("http://localhost:8188"), stats, Optional.of("a"), Optional.empty()),
                known + "\"checkpoint\":\"a\",\"checkpointError\":null}");
        assertJson(
                ComfyUiResource.SystemJson.of(
                        URI.create("http://localhost:8188"),
                        stats,
                        Optional.empty(),
                        Optional.of(ErrorJson.of(FailureCategory.UNAVAILABLE, "down"))),
                known + """
                        "checkpoint":null,"checkpointError":{"category":"UNAVAILABLE","message":"down","details":{}}}""");
    }

    @Test
    void writesTemplates() {
        assertJson(
                new TemplatesResource.TemplateJson(
                        "txt2img",
                        List.of(TemplatesResource.ParameterJson.of(new WorkflowParameter(
                                "seed", "3.seed", WorkflowParameter.Type.NUMBER, JsonValue.NULL, false)))),
                """
                {"name":"txt2img","parameters":[{"name":"seed","type":"NUMBER","default":null,"required":false}]}""");
    }

    @Test
    void writesModelsAndAnswers() {
        assertJson(List.of(new LlmModel("tiny", Optional.empty(), Optional.of("me"))), """
                [{"id":"tiny","displayName":null,"ownedBy":"me"}]""");
        assertJson(
                new AnswerJson(
                        "Hi",
                        FinishReason.STOP,
                        "tiny",
                        new AnswerJson.Usage(OptionalLong.of(3), OptionalLong.empty()),
                        Optional.of(new AnswerJson.AnsweredBy("gpu", 2, Optional.of(new BigDecimal("0.0012")), "USD"))),
                """
                {"text":"Hi","finishReason":"STOP","model":"tiny","usage":{"inputTokens":3,"outputTokens":null},\
                "answeredBy":{"target":"gpu","tries":2,"cost":0.0012,"currency":"USD"}}""");
    }

    @Test
    void writesStatistics() {
        ConnectionStatistics.Latency latency = new ConnectionStatistics.Latency(
                Duration.ofNanos(1_234_567), Duration.ZERO, Duration.ZERO, Duration.ZERO, Duration.ofSeconds(2));
        ConnectionStatistics figures = new ConnectionStatistics(
                "llm",
                Instant.EPOCH,
                new ConnectionStatistics.Connections(3, 1, 2, 2, 4, 1),
                new ConnectionStatistics.Borrowing(9, 0, Duration.ofMillis(1), Duration.ofMillis(5)),
                new ConnectionStatistics.Requests(3, 2, 1, 0, Map.of(FailureCategory.SERVER, 1L), latency, 0, latency),
                new ConnectionStatistics.Tokens(10, 20),
                new ConnectionStatistics.Jobs(0, 0, 0, 0, 0, 0, 0, 0),
                CircuitState.CLOSED,
                false);

        JsonObject json = read(JsonConfiguration.write(StatisticsJson.of(figures, OptionalInt.empty())))
                .asJsonObject();
        assertThat(json)
                .contains(
                        entry("container", JsonValue.NULL),
                        entry("maxConnections", JsonValue.NULL),
                        entry("circuit", Json.createValue("CLOSED")),
                        entry("since", Json.createValue("1970-01-01T00:00:00Z")),
                        entry("totalConnections", Json.createValue(3)),
                        entry("failuresByCategory", read("{\"SERVER\":1}")),
                        entry(
                                "latencyMillis",
                                read(
                                        "{\"average\":1.235,\"p50\":0.000,\"p95\":0.000,\"p99\":0.000,\"longest\":2000.000}")));
        assertThat(JsonConfiguration.write(StatisticsJson.total(figures, figures)))
                .contains("\"totalConnections\":6", "\"successRate\":0.667");
    }
}
