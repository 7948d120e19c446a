package org.genaiconnector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import jakarta.resource.ResourceException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InvalidObjectException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.Serializable;
import java.lang.reflect.Modifier;
import java.math.BigDecimal;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.genaiconnector.comfyui.DownloadOptions;
import org.genaiconnector.comfyui.FileDirectory;
import org.genaiconnector.comfyui.Job;
import org.genaiconnector.comfyui.JobEvent;
import org.genaiconnector.comfyui.JobFailure;
import org.genaiconnector.comfyui.JobPreview;
import org.genaiconnector.comfyui.JobProgress;
import org.genaiconnector.comfyui.JobQuery;
import org.genaiconnector.comfyui.JobQueue;
import org.genaiconnector.comfyui.JobState;
import org.genaiconnector.comfyui.JobStatus;
import org.genaiconnector.comfyui.NodeClass;
import org.genaiconnector.comfyui.NodeError;
import org.genaiconnector.comfyui.NodeInput;
import org.genaiconnector.comfyui.NodeOutput;
import org.genaiconnector.comfyui.OutputFile;
import org.genaiconnector.comfyui.OutputText;
import org.genaiconnector.comfyui.OutputValue;
import org.genaiconnector.comfyui.PreviewFormat;
import org.genaiconnector.comfyui.ServerFeatures;
import org.genaiconnector.comfyui.StoredJob;
import org.genaiconnector.comfyui.Submission;
import org.genaiconnector.comfyui.SystemStats;
import org.genaiconnector.comfyui.Upload;
import org.genaiconnector.comfyui.UploadContent;
import org.genaiconnector.comfyui.UploadedFile;
import org.genaiconnector.comfyui.Workflow;
import org.genaiconnector.comfyui.WorkflowCheck;
import org.genaiconnector.comfyui.WorkflowParameter;
import org.genaiconnector.comfyui.WorkflowRejectedException;
import org.genaiconnector.llm.ChatMessage;
import org.genaiconnector.llm.ChatRequest;
import org.genaiconnector.llm.ChatResponse;
import org.genaiconnector.llm.CompletionRequest;
import org.genaiconnector.llm.Embedding;
import org.genaiconnector.llm.EmbeddingRequest;
import org.genaiconnector.llm.FilePart;
import org.genaiconnector.llm.FinishReason;
import org.genaiconnector.llm.GenerationOptions;
import org.genaiconnector.llm.ImagePart;
import org.genaiconnector.llm.LlmModel;
import org.genaiconnector.llm.OpaquePart;
import org.genaiconnector.llm.ProviderData;
import org.genaiconnector.llm.RateLimits;
import org.genaiconnector.llm.RawRequest;
import org.genaiconnector.llm.ReasoningEffort;
import org.genaiconnector.llm.ReasoningPart;
import org.genaiconnector.llm.ResponseFormat;
import org.genaiconnector.llm.Role;
import org.genaiconnector.llm.Routing;
import org.genaiconnector.llm.StreamEvent;
import org.genaiconnector.llm.TextPart;
import org.genaiconnector.llm.TokenUsage;
import org.genaiconnector.llm.ToolCall;
import org.genaiconnector.llm.ToolChoice;
import org.genaiconnector.llm.ToolDefinition;
import org.genaiconnector.llm.ToolResult;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Values go into sessions, messages and calls of remote beans. */
class SerializationTest {
    /** What holds a stream or a path, is no value, or is the serialized form itself. */
    private static final Set<Class<?>> OTHERS = Set.of(
            Upload.class,
            UploadContent.Stream.class,
            UploadContent.File.class,
            UploadContent.Bytes.class,
            ForeignText.class,
            RawRequest.class,
            SerializedRecord.class);

    private static final JsonObject JSON = Json.createObjectBuilder()
            .add("a", JsonValue.NULL)
            .add("b", new BigDecimal("1.50"))
            .build();
    private static final URI SERVER = URI.create("http://localhost:8188");
    private static final ToolCall CALL =
            new ToolCall("1", "weather", "{}", Optional.of(new ProviderData("openai", "{\"x\": 1}")));
    private static final OutputFile FILE = new OutputFile("9", "images", "a.png", "", FileDirectory.OUTPUT);
    private static final NodeError ERROR = new NodeError("value_not_in_list", "not in list", "steps");
    private static final JobStatus STATUS = new JobStatus(
            "id",
            JobState.FAILED,
            OptionalInt.of(1),
            Optional.of(new JobProgress(1, 2, "3", 0.5)),
            Optional.of(Duration.ofSeconds(3)),
            List.of(FILE, new OutputText("9", "text", "hi"), new OutputValue("9", "tags", JSON)),
            Optional.of(new JobFailure("3", "KSampler", "Error", "failed", List.of("line 1"))),
            Map.of("3", List.of(ERROR)));
    private static final ChatResponse RESPONSE = new ChatResponse(
            new ChatMessage(
                    Role.ASSISTANT,
                    List.of(
                            new TextPart("hi", Optional.of(new ProviderData("openai", "{}"))),
                            CALL,
                            new ReasoningPart("hm", Optional.of(JSON), Optional.of("anthropic")),
                            new OpaquePart(new ProviderData("anthropic", "{}"))),
                    Optional.of(new ProviderData("openai", "{}"))),
            Optional.of("no"),
            FinishReason.STOP,
            "stop",
            "model",
            new TokenUsage(OptionalLong.of(1), OptionalLong.of(2), OptionalLong.empty(), OptionalLong.of(3)),
            Optional.of("id"),
            Optional.empty(),
            Optional.of(new RateLimits(
                    new RateLimits.Limit(OptionalLong.of(9), OptionalLong.empty(), Optional.of(Instant.EPOCH)),
                    new RateLimits.Limit(OptionalLong.empty(), OptionalLong.of(1), Optional.empty()))));

    private static final Routing ROUTING = new Routing(
            "gpu",
            "llama",
            List.of(new Routing.FailedTry("openai", "gpt", FailureCategory.RATE_LIMIT, "slow down")),
            Optional.of(new BigDecimal("0.0012")),
            "USD");

    static Stream<Object> values() throws Exception {
        Workflow workflow = Workflow.parse("{\"1\": {\"class_type\": \"SaveImage\", \"inputs\": {\"steps\": 20}}}");
        ConnectionStatistics.Latency latency = new ConnectionStatistics.Latency(
                Duration.ZERO, Duration.ofMillis(1), Duration.ofMillis(2), Duration.ofMillis(3), Duration.ofMillis(4));
        return Stream.of(
                Credentials.apiKey("key"),
                new ConnectionStatistics(
                        "pool",
                        Instant.EPOCH,
                        new ConnectionStatistics.Connections(1, 2, 3, 4, 5, 6),
                        new ConnectionStatistics.Borrowing(1, 2, Duration.ZERO, Duration.ofMillis(9)),
                        new ConnectionStatistics.Requests(
                                1, 2, 3, 4, Map.of(FailureCategory.TLS, 1L), latency, 5, latency),
                        new ConnectionStatistics.Tokens(1, 2),
                        new ConnectionStatistics.Jobs(1, 2, 3, 4, 5, 6, 7, 8),
                        CircuitState.OPEN,
                        true),
                latency,
                new ConnectionStatistics.Connections(1, 2, 3, 4, 5, 6),
                new ConnectionStatistics.Borrowing(1, 2, Duration.ZERO, Duration.ofMillis(9)),
                new ConnectionStatistics.Requests(1, 2, 3, 4, Map.of(), latency, 5, latency),
                new ConnectionStatistics.Tokens(1, 2),
                new ConnectionStatistics.Jobs(1, 2, 3, 4, 5, 6, 7, 8),
                DownloadOptions.WHOLE
                        .withPreview(PreviewFormat.webp(80))
                        .withMaxBytes(5)
                        .withTimeout(Duration.ofSeconds(1)),
                PreviewFormat.jpeg(80),
                new Job("id", SERVER, Map.of("3", List.of(ERROR))),
                new JobEvent("event", SERVER, Optional.of("tag"), STATUS, 2),
                STATUS,
                STATUS.failure().orElseThrow(),
                STATUS.progress().orElseThrow(),
                new JobQuery.Place(Instant.EPOCH, "id"),
                JobQuery.all()
                        .withTag("t")
                        .withCaller("c")
                        .withStates(Set.of(JobState.FAILED))
                        .withCreated(Instant.EPOCH, Instant.MAX)
                        .withLimit(7)
                        .before(Instant.EPOCH, "id"),
                new JobQueue(List.of("a"), List.of("b")),
                new NodeClass(
                        "K",
                        "k",
                        "c",
                        "d",
                        List.of(input()),
                        List.of(new NodeOutput("IMAGE", "IMAGE", true)),
                        true,
                        false,
                        "nodes"),
                input(),
                new NodeOutput("IMAGE", "IMAGE", true),
                ERROR,
                FILE,
                new OutputText("9", "text", "hi"),
                new OutputValue("9", "score", Json.createValue(new BigDecimal("1e-7"))),
                new ServerFeatures(OptionalLong.of(5), true, false, JSON),
                new StoredJob(
                        "id",
                        SERVER,
                        Optional.of("t"),
                        Optional.of("c"),
                        STATUS,
                        2,
                        Instant.EPOCH,
                        Optional.of(Instant.EPOCH),
                        Optional.empty()),
                Submission.builder(workflow)
                        .tag("t")
                        .caller("c")
                        .number(1.5)
                        .targets(List.of("9"))
                        .previewMethod("auto")
                        .extraData(JSON)
                        .partial(false)
                        .timeout(Duration.ofSeconds(1))
                        .build(),
                new SystemStats(
                        Optional.of("0.3.50"),
                        "posix",
                        Optional.empty(),
                        List.of(new SystemStats.Device("cuda:0", "cuda", 2, 1)),
                        JSON),
                new SystemStats.Device("cuda:0", "cuda", 2, 1),
                new UploadedFile("a.png", "sub", FileDirectory.TEMP),
                workflow,
                new WorkflowCheck(Optional.of(ERROR), Map.of("1", List.of(ERROR)), Map.of()),
                new WorkflowParameter("prompt", "6.text", WorkflowParameter.Type.TEXT, Json.createValue("x"), true),
                RESPONSE,
                RESPONSE.with(ROUTING),
                ROUTING,
                ROUTING.failed().get(0),
                RESPONSE.message(),
                RESPONSE.usage(),
                RESPONSE.rateLimits().orElseThrow(),
                RESPONSE.rateLimits().orElseThrow().requests(),
                CALL,
                CALL.providerData().orElseThrow(),
                new TextPart("hi"),
                new ReasoningPart("hm", Optional.empty()),
                new OpaquePart(new ProviderData("anthropic", "{}")),
                ToolResult.of(CALL, "rain"),
                FilePart.of("a.pdf", "application/pdf", new byte[] {1}),
                ImagePart.of("image/png", new byte[] {1}),
                GenerationOptions.DEFAULTS.withTemperature(0).withSeed(7).withStopSequences("x"),
                request(),
                CompletionRequest.builder("Once")
                        .model("m")
                        .extra(JSON)
                        .topP(0.5)
                        .caller("alice")
                        .build(),
                EmbeddingRequest.builder(List.of("a", "b"))
                        .dimensions(5)
                        .caller("alice")
                        .extra(JSON)
                        .build(),
                ToolDefinition.of("weather", "Tells the weather", JSON),
                new LlmModel("m", Optional.of("M"), Optional.empty()),
                ToolChoice.tool("weather"),
                ToolChoice.AUTO,
                ResponseFormat.schema("s", JSON),
                ResponseFormat.JSON,
                new StreamEvent.Text("hi"),
                new StreamEvent.Reasoning("hm"),
                new StreamEvent.ToolCallDelta(0, "weather", "{"),
                new StreamEvent.ToolCallCompleted(CALL),
                new StreamEvent.End(RESPONSE));
    }

    private static NodeInput input() {
        return new NodeInput(
                "steps",
                true,
                "INT",
                List.of(),
                OptionalDouble.of(1),
                OptionalDouble.empty(),
                OptionalDouble.of(1),
                Optional.of(Json.createValue(20)),
                false);
    }

    private static ChatRequest request() {
        return ChatRequest.builder()
                .model("m")
                .system("be brief")
                .user("What is this?", ImagePart.of("image/png", new byte[] {1}))
                .temperature(0)
                .tool(ToolDefinition.of("weather", "Tells the weather", JSON))
                .toolChoice(ToolChoice.REQUIRED)
                .responseFormat(ResponseFormat.schema("s", JSON))
                .reasoningEffort(ReasoningEffort.LOW)
                .extra(JSON)
                .timeout(Duration.ofSeconds(5))
                .caller("alice")
                .build();
    }

    @ParameterizedTest
    @MethodSource("values")
    void aValueIsEqualAfterwards(Object value) throws Exception {
        Object read = copy(value);

        assertThat(read).isEqualTo(value).hasSameHashCodeAs(value).hasToString(value.toString());
    }

    /** Records compare arrays by identity. */
    @Test
    void arraysHaveTheSameContentAfterwards() throws Exception {
        JobPreview preview = new JobPreview("id", SERVER, Optional.of("t"), "3", "image/png", new byte[] {1, 2});
        Embedding embedding = new Embedding(List.of(new float[] {1, 2}), "m", TokenUsage.UNKNOWN);

        assertThat(copy(preview)).usingRecursiveComparison().isEqualTo(preview);
        assertThat(copy(embedding)).usingRecursiveComparison().isEqualTo(embedding);
    }

    @Test
    void exceptionsKeepWhatTheySay() throws Exception {
        GenAiException failure = new GenAiException(
                FailureCategory.RATE_LIMIT, "slow down", null, true, Duration.ofSeconds(3), 429, "req_1");
        GenAiException read = copy(failure);
        assertThat(read).hasToString(failure.toString());
        assertThat(read.retryAfter()).isEqualTo(failure.retryAfter());
        assertThat(read.status()).hasValue(429);

        WorkflowRejectedException rejected = copy(new WorkflowRejectedException("no", Map.of("3", List.of(ERROR))));
        assertThat(rejected.nodeErrors()).isEqualTo(Map.of("3", List.of(ERROR)));
    }

    @Test
    void anUncheckedExceptionHasTheCheckedOneAsItsCause() throws Exception {
        GenAiException failure = new GenAiException(FailureCategory.OVERLOADED, "busy");
        assertThat(failure.unchecked()).hasMessage("busy").hasCause(failure);
        assertThat(failure.unchecked().failure()).contains(failure);
        assertThat(copy(failure.unchecked()).failure()).isPresent();

        ResourceException exhausted = new ResourceException("pool exhausted");
        assertThat(new UncheckedGenAiException(exhausted).failure()).isEmpty();
    }

    @Test
    void noTypeIsLeftOut() throws Exception {
        Set<Class<?>> tested = Stream.concat(
                        values().map(Object::getClass), Stream.of(JobPreview.class, Embedding.class))
                .collect(Collectors.toSet());
        List<Class<?>> values = publicClasses().stream()
                .filter(type -> type.isRecord() || Modifier.isFinal(type.getModifiers()))
                .filter(type -> !type.isEnum() && !type.getSimpleName().equals("Builder") && !OTHERS.contains(type))
                .toList();

        assertThat(values).hasSizeGreaterThan(50).allMatch(Serializable.class::isAssignableFrom);
        assertThat(tested).containsAll(values);
    }

    private static List<Class<?>> publicClasses() throws IOException {
        Path root = Path.of("target", "classes");
        try (Stream<Path> files = Files.walk(root)) {
            return files.map(file -> root.relativize(file).toString())
                    .filter(name -> name.endsWith(".class") && !name.endsWith("package-info.class"))
                    .map(name -> name.substring(0, name.length() - ".class".length())
                            .replace(java.io.File.separatorChar, '.'))
                    .<Class<?>>map(SerializationTest::load)
                    .filter(type -> Modifier.isPublic(type.getModifiers()))
                    .toList();
        }
    }

    private static Class<?> load(String name) {
        try {
            return Class.forName(name);
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException(name, e);
        }
    }

    @Test
    void aStreamOfAnotherVersionIsReadAsFarAsItGoes() throws Exception {
        byte[] written = write(STATUS);
        byte[] otherName = new String(written, "ISO-8859-1")
                .replace("queuePosition", "queuePositiox")
                .getBytes("ISO-8859-1");

        JobStatus read = (JobStatus) read(otherName);
        assertThat(read.queuePosition()).isEmpty();
        assertThat(read.outputs()).isEqualTo(STATUS.outputs());
    }

    @Test
    void aBrokenStreamIsRefused() throws Exception {
        byte[] written = new String(write(STATUS), "ISO-8859-1")
                .replace("FAILED", "FAILEX")
                .getBytes("ISO-8859-1");
        assertThatThrownBy(() -> read(written)).isInstanceOf(IOException.class);

        byte[] withoutState = new String(write(STATUS), "ISO-8859-1")
                .replace("state", "statx")
                .getBytes("ISO-8859-1");
        assertThatThrownBy(() -> read(withoutState))
                .isInstanceOf(InvalidObjectException.class)
                .hasMessageContainingAll("JobStatus", "state");
    }

    @SuppressWarnings("unchecked")
    private static <T> T copy(T value) throws Exception {
        return (T) read(write(value));
    }

    private static byte[] write(Object value) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(value);
        }
        return bytes.toByteArray();
    }

    private static Object read(byte[] bytes) throws Exception {
        try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(bytes))) {
            return in.readObject();
        }
    }
}
