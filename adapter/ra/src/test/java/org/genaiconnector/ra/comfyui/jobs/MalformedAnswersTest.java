package org.genaiconnector.ra.comfyui.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.InstanceOfAssertFactories.throwable;

import jakarta.resource.spi.LocalTransaction;
import jakarta.resource.spi.LocalTransactionException;
import jakarta.resource.spi.ManagedConnection;
import java.time.Duration;
import java.util.List;
import org.genaiconnector.FailureCategory;
import org.genaiconnector.GenAiException;
import org.genaiconnector.comfyui.ComfyUiConnection;
import org.genaiconnector.comfyui.Job;
import org.genaiconnector.comfyui.JobState;
import org.genaiconnector.ra.comfyui.Eventually;
import org.genaiconnector.testkit.End;
import org.genaiconnector.testkit.Fault;
import org.genaiconnector.testkit.Faults;
import org.genaiconnector.testkit.Match;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Answers that are not what the protocol says: they cost what they are about, and nothing else. */
@Execution(ExecutionMode.CONCURRENT)
class MalformedAnswersTest {
    private final Faults faults = new Faults();
    private TrackingSetup tracking;

    @BeforeEach
    void begin() {
        tracking = TrackingSetup.with(
                TrackingSetup.QUICK, server -> server.labNodes().wrap(faults::wrap));
    }

    @AfterEach
    void stop() {
        tracking.close();
    }

    private void answer(String path, String json) {
        faults.always(Match.path(path), Fault.status(200).json(json));
    }

    private boolean isRunning(Job job) throws Exception {
        try (ComfyUiConnection connection = tracking.factory.getConnection()) {
            return connection.getQueue().running().contains(job.id());
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"id\": 7}",
                "{\"id\": null, \"status\": \"completed\"}",
                "{\"id\": \"another\", \"status\": \"completed\", \"outputs\": {}}",
                "[1, 2]",
                "null",
                "\"completed\"",
                "{\"id\": \"ID\", \"status\": 7, \"outputs\": [1]}",
                "{\"id\": \"ID\", \"status\": \"resting\"}",
                "{\"id\": \"ID\""
            })
    void oneAboutOneJobLeavesItUnknownAndTheOthersEnd(String json) throws Exception {
        Job odd = tracking.queue(TrackingSetup.steps(100, 20, 1));
        Eventually.holds("it runs, since a job that is cancelled before leaves no trace", () -> isRunning(odd));
        answer("/api/jobs/" + odd.id(), json.replace("ID", odd.id()));
        answer("/api/history/" + odd.id(), "[]");
        Job good = tracking.queue(TrackingSetup.picture(2));
        // what it asks after the cancellation may have the odd answer already
        assertThat(catchThrowable(() -> tracking.cancel(odd)))
                .satisfiesAnyOf(
                        none -> assertThat(none).isNull(),
                        failure -> assertThat(failure)
                                .asInstanceOf(throwable(GenAiException.class))
                                .extracting(GenAiException::category)
                                .isEqualTo(FailureCategory.PROTOCOL));

        assertThat(tracking.heard.awaitEnd(good.id()).state()).isEqualTo(JobState.COMPLETED);
        assertThat(tracking.heard
                        .awaitEnd(tracking.queue(TrackingSetup.picture(3)).id())
                        .state())
                .isEqualTo(JobState.COMPLETED);
        assertThat(tracking.heard.ends(odd.id())).isEmpty();
        faults.clear();
        assertThat(tracking.heard.awaitEnd(odd.id()).state()).isEqualTo(JobState.CANCELLED);
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "{\"id\": 7}", "[1, 2]", "{\"id\": \"another\", \"status\": \"completed\"}"})
    void somethingElseUnderTheJobsRouteIsNotBelieved(String json) throws Exception {
        Job job = tracking.queue(TrackingSetup.steps(5, 0.2, 1));
        answer("/api/jobs/" + job.id(), json);

        assertThat(tracking.heard.awaitEnd(job.id()).outputs()).hasSize(1);
    }

    @Test
    void anUnknownStateIsNoEnd() throws Exception {
        Job job = tracking.queue(TrackingSetup.steps(5, 0.2, 1));
        answer("/api/jobs/" + job.id(), "{\"id\": \"" + job.id() + "\", \"status\": \"resting\", \"outputs\": {}}");
        try (ComfyUiConnection connection = tracking.factory.getConnection()) {
            assertThat(connection.findJob(job.id()).orElseThrow().state().isFinal())
                    .isFalse();
        }
        assertThat(tracking.heard.awaitEnd(job.id()).outputs()).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "[]", "{\"queue_running\": 7, \"queue_pending\": {}}", "7"})
    void anEmptyAnswerAboutTheQueueLosesNoJob(String json) throws Exception {
        Job job = tracking.queue(TrackingSetup.steps(100, 20, 1));
        for (String path : List.of("/api/jobs", "/api/jobs/" + job.id(), "/api/queue", "/api/history/" + job.id())) {
            answer(path, json);
        }
        assertThatThrownBy(() -> tracking.factory.awaitJob(job.id(), Duration.ofMillis(800)))
                .isInstanceOf(GenAiException.class)
                .hasMessageContaining("has not ended");
        assertThat(tracking.heard.ends()).isEmpty();
        try (ComfyUiConnection connection = tracking.factory.getConnection()) {
            GenAiException failure = catchThrowableOfType(GenAiException.class, () -> connection.findJob(job.id()));
            assertThat(failure.category()).isEqualTo(FailureCategory.PROTOCOL);
        }
        faults.clear();
        tracking.cancel(job);
        assertThat(tracking.heard.awaitEnd(job.id()).state()).isEqualTo(JobState.CANCELLED);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", ".", "..", "../queue", "a/b", "a\\b", "a\nb"})
    void whatIsNoIdIsRefusedByName(String id) throws Exception {
        int before = tracking.server.requests().size();
        try (ComfyUiConnection connection = tracking.factory.getConnection()) {
            for (var call : List.<org.assertj.core.api.ThrowableAssert.ThrowingCallable>of(
                    () -> connection.findJob(id), () -> connection.getHistory(id), () -> connection.cancelJob(id))) {
                GenAiException failure = catchThrowableOfType(GenAiException.class, call);
                assertThat(failure.category()).isEqualTo(FailureCategory.INVALID_REQUEST);
                assertThat(failure).hasMessageContaining("Not the id of a job");
            }
        }
        assertThat(tracking.server.requests()).hasSize(before);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Content-Type: ;;;\r\nContent-Length: 2",
                "Content-Type: text/html; charset=\"\r\nContent-Length: 2",
                "Content-Length: 2x",
                "Content-Length: 2\r\nContent-Length: 3",
                "Content-Length: 99999999999999999999",
                "Content-Type: application/json\r\nContent-Type: text/plain\r\nContent-Length: 2"
            })
    void oneInACommitTakesTheWholeTransactionBack(String headers) throws Exception {
        ManagedConnection physical = tracking.managed.createManagedConnection(null, null);
        LocalTransaction transaction = physical.getLocalTransaction();
        ComfyUiConnection connection = (ComfyUiConnection) physical.getConnection(null, null);
        transaction.begin();
        Job first = connection.queuePrompt(TrackingSetup.steps(100, 20, 1));
        Job second = connection.queuePrompt(TrackingSetup.picture(2));
        Job third = connection.queuePrompt(TrackingSetup.picture(3));
        faults.always(
                Match.path("/api/prompt").and(Match.bodyContains("\"color\":2")),
                Fault.raw("HTTP/1.1 200 OK\r\n" + headers + "\r\n\r\n{}", End.CLOSE));

        assertThatThrownBy(transaction::commit).isInstanceOf(LocalTransactionException.class);
        for (Job job : List.of(first, second, third)) {
            assertThat(tracking.heard.awaitEnd(job.id()).state()).isEqualTo(JobState.REJECTED);
        }
        try (ComfyUiConnection other = tracking.factory.getConnection()) {
            Eventually.holds(
                    "the first one is gone",
                    () -> other.getQueue().running().isEmpty()
                            && other.getQueue().pending().isEmpty());
        }
        assertThat(tracking.heard.ends()).hasSize(3);
        physical.destroy();
    }
}
