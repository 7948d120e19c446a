package org.genaiconnector.ra.inflow;

import static io.opentelemetry.api.common.AttributeKey.longKey;
import static io.opentelemetry.api.common.AttributeKey.stringKey;
import static org.assertj.core.api.Assertions.assertThat;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.context.Scope;
import io.opentelemetry.sdk.testing.junit5.OpenTelemetryExtension;
import io.opentelemetry.sdk.trace.data.SpanData;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.genaiconnector.comfyui.ComfyUiConnection;
import org.genaiconnector.comfyui.ComfyUiConnectionFactory;
import org.genaiconnector.comfyui.JobState;
import org.genaiconnector.comfyui.Submission;
import org.genaiconnector.ra.comfyui.ComfyUiManagedConnectionFactory;
import org.genaiconnector.ra.comfyui.jobs.JobSpans;
import org.genaiconnector.ra.comfyui.jobs.JobUpdate;
import org.genaiconnector.ra.comfyui.store.JobStore;
import org.genaiconnector.ra.comfyui.store.TestDatabase;
import org.genaiconnector.ra.comfyui.store.TestSource;
import org.genaiconnector.ra.json.LenientJson;
import org.genaiconnector.ra.messages.OperatorMessage;
import org.genaiconnector.ra.messages.Produces;
import org.genaiconnector.testkit.comfyui.ComfyUiSimulator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The spans of a job, from its submission to its bean: one trace over threads, minutes and restarts. */
class JobTelemetryTest {
    @RegisterExtension
    static final OpenTelemetryExtension OTEL = OpenTelemetryExtension.create();

    private final ComfyUiSimulator server = ComfyUiSimulator.builder()
            .labNodes()
            .nodeDelay(Duration.ofMillis(20))
            .start();
    private TestInflow inflow;

    @BeforeEach
    void start() {
        inflow = new TestInflow();
    }

    @AfterEach
    void stop() throws InterruptedException {
        inflow.close();
        server.close();
    }

    /** The job of a submission within a span, as a servlet makes it. */
    @SuppressWarnings("try") // the scope is only to be closed
    private static String submit(ComfyUiConnectionFactory factory, Submission submission) throws Exception {
        Span request = OTEL.getOpenTelemetry()
                .getTracer("test")
                .spanBuilder("POST /stories")
                .startSpan();
        try (Scope scope = request.makeCurrent();
                ComfyUiConnection connection = factory.getConnection()) {
            return connection.queuePrompt(submission).id();
        } finally {
            request.end();
        }
    }

    private static Submission picture() throws Exception {
        return Submission.of(TestInflow.picture(1));
    }

    private static SpanData span(String name) {
        List<SpanData> named = OTEL.getSpans().stream()
                .filter(span -> span.getName().equals(name))
                .toList();
        assertThat(named).as(name).hasSize(1);
        return named.get(0);
    }

    private static void awaitSpans(String... names) throws Exception {
        TestInflow.eventually(
                () -> OTEL.getSpans().stream().map(SpanData::getName).toList().containsAll(List.of(names)));
    }

    private void haveBeanWork() {
        inflow.bean.behave(call -> OTEL.getOpenTelemetry()
                .getTracer("test")
                .spanBuilder("work of the bean")
                .startSpan()
                .end());
    }

    @Test
    void oneTraceLeadsFromTheRequestToTheBean() throws Exception {
        haveBeanWork();
        inflow.activate();

        String job = submit(inflow.factory(server), picture());
        awaitSpans("deliver job", "run job");

        SpanData request = span("POST /stories");
        SpanData submission = span("submit job");
        SpanData dispatch = span("dispatch job");
        SpanData run = span("run job");
        SpanData delivery = span("deliver job");
        assertThat(OTEL.getSpans()).allMatch(each -> each.getTraceId().equals(request.getTraceId()));
        assertThat(submission.getParentSpanId()).isEqualTo(request.getSpanId());
        assertThat(submission.getKind()).isEqualTo(SpanKind.PRODUCER);
        assertThat(Stream.of(dispatch, run, delivery))
                .allMatch(each -> each.getParentSpanId().equals(submission.getSpanId()));
        assertThat(Stream.of(submission, dispatch, run, delivery))
                .allMatch(each -> job.equals(each.getAttributes().get(stringKey("messaging.message.id"))));
        assertThat(span("POST").getParentSpanId()).isEqualTo(dispatch.getSpanId());
        assertThat(run.getStartEpochNanos()).isBetween(dispatch.getStartEpochNanos(), run.getEndEpochNanos());
        assertThat(Duration.ofNanos(run.getEndEpochNanos() - run.getStartEpochNanos()))
                .isGreaterThanOrEqualTo(Duration.ofMillis(20));
        assertThat(delivery.getKind()).isEqualTo(SpanKind.CONSUMER);
        assertThat(delivery.getAttributes().get(longKey("genai.job.delivery"))).isEqualTo(1);
        assertThat(span("work of the bean").getParentSpanId()).isEqualTo(delivery.getSpanId());
    }

    @Test
    void aJobInAStoreKeepsItsTraceOverARestart() throws Exception {
        String url = TestDatabase.H2.empty();
        try (TestSource source = new TestSource(TestDatabase.H2, url);
                TestSource after = new TestSource(TestDatabase.H2, url)) {
            new JobStore(TestInflow.STORE, source, true)
                    .deliveries()
                    .subscribe(TestInflow.SUBSCRIPTION, Optional.empty(), Optional.empty());
            TestInflow before = new TestInflow(source); // which has no bean that takes the end
            ComfyUiManagedConnectionFactory managed = new ComfyUiManagedConnectionFactory();
            managed.setResourceAdapter(before.adapter);
            managed.setServerUrl(server.uri().toString());
            managed.setProbeOnCreate(false);
            submit((ComfyUiConnectionFactory) managed.createConnectionFactory(), picture());
            awaitSpans("run job");
            before.close();

            inflow.close();
            inflow = new TestInflow(after);
            inflow.activate();
            awaitSpans("deliver job");
        }

        SpanData submission = span("submit job");
        SpanData delivery = span("deliver job");
        assertThat(delivery.getTraceId()).isEqualTo(submission.getTraceId());
        assertThat(delivery.getParentSpanId()).isEqualTo(submission.getSpanId());
        assertThat(span("dispatch job").getParentSpanId()).isEqualTo(submission.getSpanId());
    }

    @Test
    void theTraceIsKeptFromTheBackendOnDemand() throws Exception {
        inflow.activate();
        ComfyUiManagedConnectionFactory managed = new ComfyUiManagedConnectionFactory();
        managed.setResourceAdapter(inflow.adapter);
        managed.setServerUrl(server.uri().toString());
        managed.setProbeOnCreate(false);
        managed.setTracePropagation(false);

        submit((ComfyUiConnectionFactory) managed.createConnectionFactory(), picture());
        awaitSpans("deliver job");

        assertThat(extraData().containsKey("traceparent")).isFalse();
        assertThat(server.requests()).noneMatch(request -> request.headers().containsKey("traceparent"));
        assertThat(span("deliver job").getTraceId())
                .isEqualTo(span("submit job").getTraceId());
    }

    private JsonObject extraData() {
        String body = server.requests().stream()
                .filter(each -> each.method().equals("POST"))
                .findFirst()
                .orElseThrow()
                .text();
        return ((JsonObject) LenientJson.read(body)).getJsonObject("extra_data");
    }

    /** Only an application can have written it. */
    @Test
    @Produces(OperatorMessage.TRACE_MALFORMED)
    void aMalformedTraceBeginsATraceOfItsOwn() throws Exception {
        try (CapturedLog log = CapturedLog.of("org.genaiconnector.ra.telemetry.Telemetry")) {
            inflow.trackers()
                    .tell(new JobUpdate(
                            TestInflow.SERVER,
                            Optional.empty(),
                            true,
                            TestInflow.ended("job", JobState.COMPLETED),
                            JobSpans.submitter(picture()
                                    .withExtraData(Json.createObjectBuilder()
                                            .add("traceparent", "00-nonsense")
                                            .build()))));
            inflow.activate();
            awaitSpans("deliver job");

            assertThat(span("deliver job").getParentSpanContext().isValid()).isFalse();
            assertThat(inflow.bean.calls("job")).hasSize(1);
            assertThat(log.messages()).singleElement().asString().contains("GENAI-1703", "00-nonsense");
        }
    }
}
