package org.genaiconnector.ra.comfyui.cloud;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jakarta.json.Json;
import jakarta.resource.ResourceException;
import jakarta.resource.spi.ManagedConnection;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.net.URI;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.genaiconnector.FailureCategory;
import org.genaiconnector.GenAiException;
import org.genaiconnector.comfyui.Cancellation;
import org.genaiconnector.comfyui.ComfyUiConnection;
import org.genaiconnector.comfyui.ComfyUiConnectionFactory;
import org.genaiconnector.comfyui.Download;
import org.genaiconnector.comfyui.DownloadOptions;
import org.genaiconnector.comfyui.FileDirectory;
import org.genaiconnector.comfyui.Job;
import org.genaiconnector.comfyui.JobState;
import org.genaiconnector.comfyui.JobStatus;
import org.genaiconnector.comfyui.NodeError;
import org.genaiconnector.comfyui.OutputFile;
import org.genaiconnector.comfyui.PreviewFormat;
import org.genaiconnector.comfyui.Submission;
import org.genaiconnector.comfyui.Upload;
import org.genaiconnector.comfyui.UploadContent;
import org.genaiconnector.comfyui.UploadedFile;
import org.genaiconnector.comfyui.Workflow;
import org.genaiconnector.comfyui.WorkflowRejectedException;
import org.genaiconnector.ra.GenAiResourceAdapter;
import org.genaiconnector.ra.TestContainer;
import org.genaiconnector.ra.comfyui.ComfyUiManagedConnectionFactory;
import org.genaiconnector.ra.comfyui.jobs.JobTrackers;
import org.genaiconnector.ra.comfyui.jobs.RecordingObserver;
import org.genaiconnector.ra.comfyui.jobs.TrackingTimes;
import org.genaiconnector.ra.comfyui.wire.JobMarker;
import org.genaiconnector.testkit.Fault;
import org.genaiconnector.testkit.Match;
import org.genaiconnector.testkit.RecordedRequest;
import org.genaiconnector.testkit.cloud.CloudSimulator;
import org.genaiconnector.testkit.comfyui.ComfyUiSimulator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What an application sees of Comfy Cloud. */
@Timeout(60)
class ComfyCloudTest {
    private static final Match SUBMIT = Match.path("/api/v2/jobs").and(Match.method("POST"));
    private static final TrackingTimes QUICK = new TrackingTimes(
            Duration.ofSeconds(5),
            Duration.ofMillis(50),
            Duration.ofSeconds(30),
            Duration.ofMinutes(10),
            Duration.ofSeconds(25),
            Duration.ofMinutes(5));
    private static final AtomicInteger COLOR = new AtomicInteger();

    private static CloudSimulator cloud;
    private final TestContainer container = new TestContainer();
    private final GenAiResourceAdapter adapter = new GenAiResourceAdapter();
    private final ComfyUiManagedConnectionFactory managed = new ComfyUiManagedConnectionFactory();
    private final RecordingObserver heard = RecordingObserver.everything();
    private ComfyUiConnectionFactory factory;

    @BeforeAll
    static void startCloud() {
        cloud = CloudSimulator.start(ComfyUiSimulator.Builder::labNodes);
    }

    @AfterAll
    static void stopCloud() {
        cloud.close();
    }

    @BeforeEach
    void start() throws ResourceException {
        cloud.credits(1_000);
        cloud.queueLimit(1_000);
        cloud.traffic().forget();
        cloud.storageTraffic().forget();
        adapter.start(container);
        adapter.shared(
                JobTrackers.class,
                JobTrackers.class,
                () -> new JobTrackers(Optional.of(adapter), QUICK, JobMarker.HOME));
        JobTrackers.of(adapter).subscribe(heard);
        managed.setResourceAdapter(adapter);
        managed.setServerUrl(cloud.uri().toString());
        managed.setDialect("CLOUD");
        managed.setApiKey(CloudSimulator.KEY);
        managed.setMaxRetries(1);
        managed.setRetryDelayMillis(0);
        factory = (ComfyUiConnectionFactory) managed.createConnectionFactory();
    }

    @AfterEach
    void stop() throws InterruptedException {
        cloud.faults().clear();
        adapter.stop();
        assertThat(container.awaitIdle(5_000)).isTrue();
    }

    /** One that is in no cache. */
    private static Workflow picture() throws Exception {
        return Workflow.parse("""
                {"1": {"class_type": "EmptyImage", "inputs": {"width": 8, "height": 8, "batch_size": 1, "color": %d}},
                 "2": {"class_type": "SaveImage", "inputs": {"images": ["1", 0], "filename_prefix": "cloud"}}}""".formatted(COLOR.incrementAndGet()));
    }

    private static Workflow steps(double seconds) throws Exception {
        return Workflow.parse("""
                {"1": {"class_type": "LabSteps", "inputs": {"steps": 20, "seconds": %s, "color": %d}},
                 "2": {"class_type": "PreviewImage", "inputs": {"images": ["1", 0]}}}""".formatted(seconds, COLOR.incrementAndGet()));
    }

    private Job queue(Workflow workflow) throws Exception {
        try (ComfyUiConnection connection = factory.getConnection()) {
            return connection.queuePrompt(workflow);
        }
    }

    private JobStatus await(Job job) throws Exception {
        return factory.awaitJob(job.id(), Duration.ofSeconds(30));
    }

    private void awaitRunning(Job job) throws Exception {
        try (ComfyUiConnection connection = factory.getConnection()) {
            while (connection.findJob(job.id()).orElseThrow().state() != JobState.RUNNING) {
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
            }
        }
    }

    private static void assertFails(ThrowingCallable call, FailureCategory category, String... words) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        GenAiException.class, e -> assertThat(e.category()).isEqualTo(category))
                .satisfies(e -> assertThat(e.getMessage()).contains(words).doesNotContain(CloudSimulator.KEY));
    }

    @Test
    void runsAWorkflowOnAnUploadAndBringsItsPicture() throws Exception {
        byte[] original = bytes(await(queue(picture())).files().get(0));
        JobStatus end;
        try (ComfyUiConnection connection = factory.getConnection()) {
            UploadedFile upload = connection.uploadImage(Upload.of("cat ü.png", original));
            assertThat(connection.sizeOf(upload)).hasValue(original.length);
            assertThat(bytes(upload)).isEqualTo(original);
            Workflow inverted = Workflow.parse("""
                    {"1": {"class_type": "LoadImage", "inputs": {"image": "%s"}},
                     "2": {"class_type": "ImageInvert", "inputs": {"image": ["1", 0]}},
                     "3": {"class_type": "SaveImage", "inputs": {"images": ["2", 0], "filename_prefix": "inverted"}}}""".formatted(upload.reference()));
            end = await(connection.queuePrompt(inverted));
        }
        assertThat(end.state()).isEqualTo(JobState.COMPLETED);
        OutputFile file = end.files().get(0);
        assertThat(file.node()).isEqualTo("3");
        assertThat(file.kind()).isEqualTo("images");
        assertThat(file.filename()).startsWith("inverted").endsWith(".png");
        assertThat(bytes(file)).startsWith(0x89, 'P', 'N', 'G').isNotEqualTo(original);
        assertThat(heard.awaitEnd(end.id())).isEqualTo(end);

        // an output of one workflow is the input of the next
        JobStatus next = await(queue(Workflow.parse("""
                {"1": {"class_type": "LoadImage", "inputs": {"image": "%s"}},
                 "2": {"class_type": "SaveImage", "inputs": {"images": ["1", 0], "filename_prefix": "again"}}}""".formatted(file.reference()))));
        assertThat(next.state()).isEqualTo(JobState.COMPLETED);
    }

    private byte[] bytes(org.genaiconnector.comfyui.ServerFile file) throws Exception {
        try (ComfyUiConnection connection = factory.getConnection();
                Download download = connection.download(file)) {
            return download.content().readAllBytes();
        }
    }

    @Test
    void showsNoKeyToTheStorage() throws Exception {
        managed.setExtraHeaders("X-Team=blue, X-Gateway-Token=gateway-secret");
        factory = (ComfyUiConnectionFactory) managed.createConnectionFactory();
        bytes(await(queue(picture())).files().get(0));

        List<RecordedRequest> requests = cloud.storageTraffic().requests();
        assertThat(requests).isNotEmpty().allSatisfy(request -> {
            assertThat(request.headers().toString() + request.target())
                    .doesNotContain(CloudSimulator.KEY, "gateway-secret");
            assertThat(request.headers()).doesNotContainKeys("authorization", "x-api-key", "cookie", "x-team");
        });
    }

    @Test
    void tellsWhyAJobFailed() throws Exception {
        JobStatus end = await(queue(Workflow.parse("""
                {"1": {"class_type": "LabOom", "inputs": {"seed": %d}},
                 "2": {"class_type": "PreviewImage", "inputs": {"images": ["1", 0]}}}""".formatted(COLOR.incrementAndGet()))));
        assertThat(end.state()).isEqualTo(JobState.FAILED);
        assertThat(end.failure().orElseThrow().node()).isEqualTo("1");
        assertThat(end.failure().orElseThrow().nodeType()).isEqualTo("LabOom");
        assertThat(end.failure().orElseThrow().message()).contains("Allocation on device");
    }

    @Test
    void publishesProgressAndTheEnd() throws Exception {
        Job job = queue(steps(0.6));
        JobStatus end = heard.awaitEnd(job.id());
        assertThat(end.state()).isEqualTo(JobState.COMPLETED);
        assertThat(heard.ends(job.id())).hasSize(1);
        assertThat(heard.news())
                .extracting(update -> update.status().progress())
                .anySatisfy(progress -> {
                    assertThat(progress).isPresent();
                    assertThat(progress.get().node()).isEqualTo("1");
                    assertThat(progress.get().max()).isEqualTo(20);
                });
        assertThat(container.works()).as("a poller, and no socket").isEqualTo(1);
    }

    @Test
    void cancelsWhatRunsAndWhatWaits() throws Exception {
        Job running = queue(steps(30));
        Job waiting = queue(steps(30));
        awaitRunning(running);
        try (ComfyUiConnection connection = factory.getConnection()) {
            assertThat(connection.cancelJob(waiting.id())).isEqualTo(Cancellation.DEQUEUED);
            assertThat(connection.cancelJob(running.id())).isEqualTo(Cancellation.INTERRUPTING);
            assertThat(await(running).state()).isEqualTo(JobState.CANCELLED);
            assertThat(await(waiting).state()).isEqualTo(JobState.CANCELLED);
            assertThat(connection.cancelJob(running.id())).isEqualTo(Cancellation.NOT_ACTIVE);
            assertThat(connection.getHistory(running.id()).orElseThrow().state())
                    .isEqualTo(JobState.CANCELLED);
        }
    }

    @Test
    void refusesAWrongKeyAtOnce() {
        managed.setApiKey("comfyui-wrong");
        factory = (ComfyUiConnectionFactory) managed.createConnectionFactory();
        assertThatThrownBy(() -> factory.getConnection())
                .hasMessageContaining("401 (unauthorized)")
                .hasMessageContaining(cloud.uri().toString());
    }

    @Test
    void tellsThatTheMoneyIsGone() throws Exception {
        cloud.credits(0);
        Workflow workflow = picture();
        assertFails(() -> queue(workflow), FailureCategory.QUOTA, "402 (insufficient_credits)");
        assertThat(cloud.traffic().requests(SUBMIT)).hasSize(1);
    }

    @Test
    void waitsForAPlaceInTheQueue() throws Exception {
        cloud.queueLimit(0);
        managed.setMaxRetries(0);
        factory = (ComfyUiConnectionFactory) managed.createConnectionFactory();
        Workflow workflow = picture();
        assertThatThrownBy(() -> queue(workflow)).isInstanceOfSatisfying(GenAiException.class, e -> {
            assertThat(e.category()).isEqualTo(FailureCategory.RATE_LIMIT);
            assertThat(e.retryAfter()).hasValue(Duration.ofSeconds(1));
            assertThat(e.isRetryable()).isTrue();
        });
        assertThat(cloud.traffic().requests(SUBMIT)).hasSize(1);
    }

    @Test
    void tellsAnInactiveSubscriptionFromABusyService() throws Exception {
        cloud.faults()
                .next(
                        SUBMIT,
                        Fault.status(429).json("{\"error\": {\"code\": \"inactive\", \"message\": \"Subscribe\"}}"));
        Workflow workflow = picture();
        assertFails(() -> queue(workflow), FailureCategory.QUOTA, "429 (inactive)");
    }

    @Test
    void tellsWhatIsWrongWithAWorkflow() throws Exception {
        Workflow workflow = Workflow.parse("""
                {"1": {"class_type": "EmptyImage", "inputs": {"width": 8, "height": 8, "batch_size": 1, "color": -1}},
                 "2": {"class_type": "SaveImage", "inputs": {"images": ["1", 0], "filename_prefix": "x"}}}""");
        assertThatThrownBy(() -> queue(workflow))
                .isInstanceOfSatisfying(
                        WorkflowRejectedException.class,
                        e -> assertThat(e.nodeErrors().get("1"))
                                .containsExactly(
                                        new NodeError("value_smaller_than_min", "value smaller than min", "color")));
        Workflow lost = Workflow.parse("""
                {"1": {"class_type": "LoadImage", "inputs": {"image": "assets/9f8a1c0d-2b3e-4f56-8a7b-1c2d3e4f5a6b/x.png"}},
                 "2": {"class_type": "PreviewImage", "inputs": {"images": ["1", 0]}}}""");
        assertThatThrownBy(() -> queue(lost))
                .isInstanceOf(WorkflowRejectedException.class)
                .hasMessageContaining("missing_asset");
    }

    @Test
    void sendsAPromptOnceMoreThatDidNotArrive() throws Exception {
        cloud.faults().next(SUBMIT, Fault.silence(Duration.ofMillis(10)));
        int before = cloud.jobs();
        assertThat(await(queue(picture())).state()).isEqualTo(JobState.COMPLETED);
        List<RecordedRequest> sent = cloud.traffic().requests(SUBMIT);
        assertThat(sent).hasSize(2);
        assertThat(sent.get(0).header("Idempotency-Key")).isEqualTo(sent.get(1).header("Idempotency-Key"));
        assertThat(cloud.jobs()).isEqualTo(before + 1);
    }

    @Test
    void neverMakesTwoJobsOfOnePrompt() throws Exception {
        cloud.faults().next(SUBMIT, Fault.loseAnswer());
        int before = cloud.jobs();
        Workflow workflow = picture();
        assertThatThrownBy(() -> queue(workflow))
                .isInstanceOfSatisfying(
                        GenAiException.class, e -> assertThat(e.isRetryable()).isFalse())
                .hasMessageContaining("it is not known whether job")
                .hasMessageContaining("was accepted, so it is not sent again");
        assertThat(cloud.jobs()).isEqualTo(before + 1);
    }

    @Test
    void sendsTheKeyOfPartnerNodes() throws Exception {
        managed.setComfyOrgApiKey(CloudSimulator.KEY);
        factory = (ComfyUiConnectionFactory) managed.createConnectionFactory();
        JobStatus end = await(queue(Workflow.parse("""
                {"1": {"class_type": "FluxProUltraImageNode",
                       "inputs": {"prompt": "a cat", "prompt_upsampling": false, "seed": %d, "aspect_ratio": "16:9"}},
                 "2": {"class_type": "PreviewImage", "inputs": {"images": ["1", 0]}}}""".formatted(COLOR.incrementAndGet()))));
        assertThat(end.state()).isEqualTo(JobState.COMPLETED);
    }

    @FunctionalInterface
    private interface Use {
        void of(ComfyUiConnection connection, Workflow workflow, OutputFile file) throws Exception;
    }

    /** Methods of the connection that the API has, wholly or in part. */
    private static final Set<String> OFFERED = Set.of(
            "queuePrompt",
            "findJob",
            "cancelJob",
            "interrupt",
            "getHistory",
            "download",
            "sizeOf",
            "uploadImage",
            "close");

    /** By the method, or what of it the API lacks. */
    private static Map<String, Use> lacking() {
        Map<String, Use> all = new LinkedHashMap<>();
        all.put("getQueue", (connection, workflow, file) -> connection.getQueue());
        all.put("getHistory", (connection, workflow, file) -> connection.getHistory());
        all.put("getHistory ", (connection, workflow, file) -> connection.getHistory(3));
        all.put("getHistoryPage", (connection, workflow, file) -> connection.getHistoryPage(3, 0));
        all.put("getRawOutputs", (connection, workflow, file) -> connection.getRawOutputs("x"));
        all.put("interrupt of whatever runs", (connection, workflow, file) -> connection.interrupt());
        all.put("getSystemStats", (connection, workflow, file) -> connection.getSystemStats());
        all.put("check", (connection, workflow, file) -> connection.check(workflow));
        all.put("getNodeClasses", (connection, workflow, file) -> connection.getNodeClasses());
        all.put("getNodeClass", (connection, workflow, file) -> connection.getNodeClass("x"));
        all.put("forgetNodeClasses", (connection, workflow, file) -> connection.forgetNodeClasses());
        all.put("getModelFolders", (connection, workflow, file) -> connection.getModelFolders());
        all.put("getModels", (connection, workflow, file) -> connection.getModels("x"));
        all.put("getEmbeddings", (connection, workflow, file) -> connection.getEmbeddings());
        all.put("getFeatures", (connection, workflow, file) -> connection.getFeatures());
        all.put("unloadModels", (connection, workflow, file) -> connection.unloadModels());
        all.put("freeMemory", (connection, workflow, file) -> connection.freeMemory());
        all.put("clearQueue", (connection, workflow, file) -> connection.clearQueue());
        all.put("deletePending", (connection, workflow, file) -> connection.deletePending(List.of("x")));
        all.put("clearHistory", (connection, workflow, file) -> connection.clearHistory());
        all.put("deleteHistory", (connection, workflow, file) -> connection.deleteHistory(List.of("x")));
        all.put(
                "uploadMask",
                (connection, workflow, file) -> connection.uploadMask(Upload.of("x.png", new byte[1]), file));
        all.put(
                "an upload into the directory temp",
                (connection, workflow, file) ->
                        connection.uploadImage(Upload.builder("x.png", new UploadContent.Bytes(new byte[1]))
                                .directory(FileDirectory.TEMP)
                                .build()));
        all.put(
                "a download with a preview",
                (connection, workflow, file) ->
                        connection.download(file, DownloadOptions.WHOLE.withPreview(PreviewFormat.webp(80))));
        all.put("front", queued(submission -> submission.front(true)));
        all.put("number", queued(submission -> submission.number(1)));
        all.put("targets", queued(submission -> submission.targets(List.of("2"))));
        all.put("previewMethod", queued(submission -> submission.previewMethod("none")));
        all.put(
                "extraData app_ref",
                queued(submission -> submission.extraData(
                        Json.createObjectBuilder().add("app_ref", "x").build())));
        return all;
    }

    private static Use queued(UnaryOperator<Submission.Builder> part) {
        return (connection, workflow, file) ->
                connection.queuePrompt(part.apply(Submission.builder(workflow)).build());
    }

    @Test
    void failsByNameWhatTheApiLacks() throws Exception {
        OutputFile file = await(queue(picture())).files().get(0);
        Workflow workflow = picture();
        try (ComfyUiConnection connection = factory.getConnection()) {
            connection.sizeOf(file);
            cloud.traffic().forget();
            lacking().forEach((what, use) -> assertLacks(what.strip(), () -> use.of(connection, workflow, file)));
            assertFails(
                    () -> connection.download(new OutputFile("9", "images", "x.png", "", FileDirectory.OUTPUT)),
                    FailureCategory.NOT_FOUND,
                    "has no file x.png");
        }
        assertThat(cloud.traffic().requests()).isEmpty();
        assertFails(
                () -> managed.watchAll(JobTrackers.of(adapter)),
                FailureCategory.UNSUPPORTED,
                "the jobs of other clients");
    }

    @Test
    void saysOfEachMethodWhetherTheApiHasIt() {
        assertThat(Stream.of(ComfyUiConnection.class.getMethods())
                        .filter(method -> Modifier.isAbstract(method.getModifiers()))
                        .map(Method::getName)
                        .filter(name -> !OFFERED.contains(name))
                        .distinct())
                .isSubsetOf(lacking().keySet());
    }

    private static void assertLacks(String what, ThrowingCallable call) {
        assertFails(call, FailureCategory.UNSUPPORTED, what, cloud.uri().toString(), "the Comfy API v2 of Comfy Cloud");
    }

    @Test
    void takesNoGatewaysWordForAJobsEnd() throws Exception {
        Job job = queue(steps(0.6));
        cloud.faults().next(Match.path("/api/v2/jobs/" + job.id()), Fault.htmlPage(404, "No such route"));
        assertThat(await(job).state()).isEqualTo(JobState.COMPLETED);
    }

    @Test
    void asksNoSoonerThanTheServiceWants() throws Exception {
        Match question = request -> request.method().equals("GET")
                && request.path().startsWith("/api/v2/jobs/")
                && !request.path().endsWith("-000000000000"); // the probe's
        cloud.faults()
                .next(
                        question,
                        Fault.status(429)
                                .header("Retry-After", "1")
                                .json("{\"error\": {\"code\": \"rate_limited\", \"message\": \"Slow down\"}}"));
        Job job = queue(steps(0.2));

        assertThat(await(job).state()).isEqualTo(JobState.COMPLETED);

        List<RecordedRequest> asked = cloud.traffic().requests(question);
        assertThat(Duration.between(asked.get(0).receivedAt(), asked.get(1).receivedAt()))
                .isGreaterThan(Duration.ofMillis(900));
    }

    @Test
    void hasNoLocalTransactions() throws Exception {
        ManagedConnection connection = managed.createManagedConnection(null, null);
        ComfyUiConnection handle = (ComfyUiConnection) connection.getConnection(null, null);
        connection.getLocalTransaction().begin();
        Workflow workflow = picture();
        int before = cloud.jobs();

        assertFails(
                () -> handle.queuePrompt(workflow),
                FailureCategory.UNSUPPORTED,
                "gives jobs ids of its own, so it cannot be used in transactions of its pool");

        connection.getLocalTransaction().commit();
        assertThat(cloud.jobs()).isEqualTo(before);
        connection.destroy();
    }

    @Test
    void standsInAFleet() throws Exception {
        try (CloudSimulator second = CloudSimulator.start(ComfyUiSimulator.Builder::labNodes)) {
            managed.setServerUrl(cloud.uri() + "|name=one, " + second.uri() + "|name=two");
            factory = (ComfyUiConnectionFactory) managed.createConnectionFactory();
            int before = cloud.jobs();
            List<Job> jobs = List.of(queue(steps(0.2)), queue(steps(0.2)), queue(steps(0.2)), queue(steps(0.2)));
            for (Job job : jobs) {
                JobStatus end = await(job);
                assertThat(end.id()).isEqualTo(job.id());
                assertThat(end.state()).isEqualTo(JobState.COMPLETED);
                assertThat(bytes(end.files().get(0))).startsWith(0x89, 'P', 'N', 'G');
            }
            assertThat(cloud.jobs() - before).isEqualTo(2);
            assertThat(second.jobs()).isEqualTo(2);

            try (ComfyUiConnection connection = factory.getConnection()) {
                UploadedFile upload = connection.uploadImage(
                        Upload.of("cat.png", bytes(await(jobs.get(0)).files().get(0))));
                JobStatus end = await(connection.queuePrompt(Workflow.parse("""
                        {"1": {"class_type": "LoadImage", "inputs": {"image": "%s"}},
                         "2": {"class_type": "PreviewImage", "inputs": {"images": ["1", 0]}}}""".formatted(upload.reference()))));
                assertThat(end.state()).isEqualTo(JobState.COMPLETED);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "https://cloud.comfy.org, true",
        "https://Cloud.Comfy.Org/x, true",
        "https://dep-1.run.comfy.app, true",
        "http://localhost:8188, false",
        "https://cloud.comfy.org.example, false",
        "https://comfy.example/cloud.comfy.org, false"
    })
    void isKnownByItsAddress(URI address, boolean known) {
        assertThat(CloudDialect.isAt(address)).isEqualTo(known);
    }

    @Test
    void wantsADialectThatThereIs() {
        managed.setDialect("OTHER");
        factory = (ComfyUiConnectionFactory) managed.createConnectionFactory();
        assertThatThrownBy(() -> factory.getConnection())
                .hasStackTraceContaining("dialect must be AUTO, COMFYUI or CLOUD, but is OTHER");
    }
}
