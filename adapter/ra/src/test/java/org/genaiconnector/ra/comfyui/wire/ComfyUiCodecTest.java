package org.genaiconnector.ra.comfyui.wire;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.json.JsonObject;
import java.util.List;
import java.util.stream.Stream;
import org.genaiconnector.FailureCategory;
import org.genaiconnector.GenAiException;
import org.genaiconnector.comfyui.JobQueue;
import org.genaiconnector.comfyui.JobState;
import org.genaiconnector.comfyui.JobStatus;
import org.genaiconnector.comfyui.OutputFile;
import org.genaiconnector.comfyui.OutputText;
import org.genaiconnector.comfyui.WorkflowRejectedException;
import org.genaiconnector.ra.Traces;
import org.genaiconnector.ra.Traces.Exchange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Reads every recorded answer of a real server. */
class ComfyUiCodecTest {

    static Stream<Exchange> jobs() {
        return recorded("/jobs/[0-9a-f-]{36}", "GET", 200);
    }

    static Stream<Exchange> histories() {
        return recorded("/history(/.*|\\?.*)?", "GET", 200);
    }

    static Stream<Exchange> queues() {
        return recorded("/queue", "GET", 200);
    }

    static Stream<Exchange> refusals() {
        return Traces.exchanges("comfyui").stream()
                .filter(exchange -> exchange.answer().status() >= 400);
    }

    static Stream<Exchange> rejections() {
        return recorded("/prompt", "POST", 400);
    }

    private static Stream<Exchange> recorded(String path, String method, int status) {
        return Traces.exchanges("comfyui").stream()
                .filter(exchange -> exchange.path().matches("(/api)?" + path))
                .filter(exchange ->
                        exchange.method().equals(method) && exchange.answer().status() == status);
    }

    @ParameterizedTest
    @MethodSource("jobs")
    void readsEveryJob(Exchange exchange) throws Exception {
        JsonObject json = exchange.answer().jsonObject();
        JobStatus job = ComfyUiCodec.job(json).orElseThrow();

        assertThat(job.id()).isEqualTo(json.getString("id"));
        assertThat(job.state())
                .isEqualTo(
                        switch (json.getString("status")) {
                            case "pending" -> JobState.PENDING;
                            case "in_progress" -> JobState.RUNNING;
                            case "completed" -> JobState.COMPLETED;
                            case "failed" -> JobState.FAILED;
                            default -> JobState.CANCELLED;
                        });
        assertThat(job.outputs().stream().filter(OutputFile.class::isInstance).count())
                .isGreaterThanOrEqualTo(json.getInt("outputs_count", 0));
        assertThat(job.failure().isPresent()).isEqualTo(job.state() == JobState.FAILED);
    }

    @ParameterizedTest
    @MethodSource("histories")
    void readsEveryHistory(Exchange exchange) throws Exception {
        List<JobStatus> history = ComfyUiCodec.history(exchange.answer().jsonObject());

        assertThat(history).hasSize(exchange.answer().jsonObject().size());
        assertThat(history).allMatch(job -> job.state().isFinal());
    }

    @Test
    void readsTheSameFromHistoryAndJobs() {
        List<JobStatus> jobs = jobs().map(
                        exchange -> ComfyUiCodec.job(json(exchange)).orElseThrow())
                .filter(job -> job.state().isFinal())
                .toList();
        List<JobStatus> history = histories()
                .flatMap(exchange -> ComfyUiCodec.history(json(exchange)).stream())
                .toList();
        List<JobStatus> both = jobs.stream()
                .filter(job -> history.stream().anyMatch(entry -> entry.id().equals(job.id())))
                .toList();

        assertThat(both).isNotEmpty();
        assertThat(history).containsAll(both);
    }

    @ParameterizedTest
    @MethodSource("queues")
    void ordersEveryQueueAsTheServerWillRunIt(Exchange exchange) throws Exception {
        JobQueue queue = ComfyUiCodec.queue(exchange.answer().jsonObject());

        assertThat(queue.pending())
                .hasSize(exchange.answer()
                        .jsonObject()
                        .getJsonArray("queue_pending")
                        .size());
        if (exchange.file().startsWith("queue-while-running") && queue.pending().size() > 2) {
            assertThat(queue.pending().get(0)).startsWith("a9717f99"); // -1000
            assertThat(queue.pending().get(1)).startsWith("0073e05b"); // front
        }
    }

    @ParameterizedTest
    @MethodSource("refusals")
    void givesEveryRefusalItsCategory(Exchange exchange) {
        GenAiException failure = ComfyUiFailures.read(exchange.answer());

        assertThat(failure.status()).hasValue(exchange.answer().status());
        assertThat(failure.category())
                .isEqualTo(
                        switch (exchange.answer().status()) {
                            case 400, 416 -> FailureCategory.INVALID_REQUEST;
                            case 403 -> FailureCategory.PERMISSION;
                            case 404 -> FailureCategory.NOT_FOUND;
                            case 405 -> FailureCategory.UNSUPPORTED;
                            case 413 -> FailureCategory.TOO_LARGE;
                            default -> FailureCategory.SERVER;
                        });
    }

    @ParameterizedTest
    @MethodSource("rejections")
    void namesTheNodesOfEveryRejectedWorkflow(Exchange exchange) throws Exception {
        JsonObject json = exchange.answer().jsonObject();

        assertThat(ComfyUiFailures.read(exchange.answer()))
                .isInstanceOfSatisfying(WorkflowRejectedException.class, rejection -> {
                    assertThat(rejection.nodeErrors().keySet())
                            .isEqualTo(json.getJsonObject("node_errors").keySet());
                    assertThat(rejection)
                            .hasMessageContaining(json.getJsonObject("error").getString("message"));
                });
    }

    @Test
    void findsTextsAmongTheOutputs() {
        assertThat(jobs().flatMap(exchange -> ComfyUiCodec.job(json(exchange)).orElseThrow().outputs().stream()))
                .contains(new OutputText("2", "text", "hello"));
    }

    private static JsonObject json(Exchange exchange) {
        try {
            return exchange.answer().jsonObject();
        } catch (GenAiException e) {
            throw new AssertionError(exchange.toString(), e);
        }
    }
}
