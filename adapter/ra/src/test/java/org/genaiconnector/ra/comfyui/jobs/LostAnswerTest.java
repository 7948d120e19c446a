package org.genaiconnector.ra.comfyui.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import jakarta.resource.spi.LocalTransaction;
import jakarta.resource.spi.LocalTransactionException;
import jakarta.resource.spi.ManagedConnection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.genaiconnector.GenAiException;
import org.genaiconnector.comfyui.ComfyUiConnection;
import org.genaiconnector.comfyui.Job;
import org.genaiconnector.comfyui.JobState;
import org.genaiconnector.comfyui.JobStatus;
import org.genaiconnector.comfyui.Submission;
import org.genaiconnector.comfyui.Workflow;
import org.genaiconnector.ra.comfyui.Eventually;
import org.genaiconnector.ra.messages.OperatorMessage;
import org.genaiconnector.ra.messages.Produces;
import org.genaiconnector.testkit.comfyui.SeenRequest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Prompts that ComfyUI may have accepted although the sender got a failure or no answer: one call never makes two jobs.
 */
@Execution(ExecutionMode.CONCURRENT)
class LostAnswerTest {
    private static final Pattern JOB = Pattern.compile("job ([0-9a-f-]{36})");

    private TrackingSetup tracking;
    private FaultyGateway gateway;

    private void begin(String version) throws Exception {
        tracking = TrackingSetup.with(
                TrackingSetup.QUICK, server -> server.version(version).labNodes());
        gateway = new FaultyGateway(tracking.server.uri());
        tracking.managed.setServerUrl(gateway.uri().toString());
        tracking.managed.setMaxRetries(3);
        tracking.managed.setRetryDelayMillis(1);
        tracking.managed.setCircuitFailures(0);
    }

    @AfterEach
    void stop() {
        gateway.close();
        tracking.close();
    }

    private long arrived() {
        return tracking.server.requests().stream()
                .map(SeenRequest::toString)
                .filter("POST /api/prompt"::equals)
                .count();
    }

    private static String jobOf(GenAiException failure) {
        Matcher matcher = JOB.matcher(failure.getMessage());
        assertThat(matcher.find()).as(failure.getMessage()).isTrue();
        return matcher.group(1);
    }

    private GenAiException failureOf(Workflow workflow) {
        return catchThrowableOfType(
                GenAiException.class,
                () -> tracking.queue(Submission.of(workflow).withTag("lost")));
    }

    @Test
    void findsTheJobThatAGatewayReportedAsFailed() throws Exception {
        begin("0.33.0");
        int sent = 0;
        for (int status : List.of(408, 499, 500, 502, 504, 507, 520, 521, 522, 523, 524, 598, 303)) {
            gateway.answerPrompts(status);
            Job job = tracking.queue(TrackingSetup.picture(status));
            sent++;

            assertThat(tracking.heard.awaitEnd(job.id()).state())
                    .as("after status " + status)
                    .isEqualTo(JobState.COMPLETED);
            assertThat(arrived()).as("after status " + status).isEqualTo(sent);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"0.3.10", "0.33.0", "0.45.2"})
    void followsAPromptThatIsStillOnItsWayAndSendsNoOther(String version) throws Exception {
        begin(version);
        CompletableFuture<Void> handled = new CompletableFuture<>();
        gateway.giveUpOnPrompts(504, handled);
        GenAiException failure = failureOf(TrackingSetup.picture(1));

        assertThat(failure.isRetryable()).isFalse();
        assertThat(failure).hasMessageContaining("not known whether").hasMessageContaining("504");
        assertThat(gateway.prompts()).isEqualTo(1);
        assertThat(tracking.heard.news()).isEmpty();
        handled.complete(null);

        tracking.heard.awaitEnds(1);
        assertThat(tracking.heard.ends()).extracting(JobStatus::state).containsExactly(JobState.COMPLETED);
        assertThat(tracking.heard.news()).allSatisfy(news -> {
            assertThat(news.tag()).contains("lost");
            assertThat(news.own()).isTrue();
        });
        assertThat(arrived()).isEqualTo(1);
        if (!version.equals("0.3.10")) { // which has chosen another id
            assertThat(tracking.heard.ends()).extracting(JobStatus::id).containsExactly(jobOf(failure));
        }
    }

    @Test
    void followsAPromptThatTookLongerThanItsSenderWaits() throws Exception {
        begin("0.33.0");
        tracking.managed.setResponseTimeoutMillis(300);
        CompletableFuture<Integer> handled = new CompletableFuture<>();
        gateway.ofPrompts(forward -> handled.thenApply(status -> {
            forward.run();
            return status;
        }));
        GenAiException failure = failureOf(TrackingSetup.picture(1));
        handled.complete(0);

        assertThat(tracking.heard.awaitEnd(jobOf(failure)).state()).isEqualTo(JobState.COMPLETED);
        assertThat(gateway.prompts()).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(ints = {429, 503})
    void sendsAgainWhatWasRefused(int status) throws Exception {
        begin("0.33.0");
        gateway.ofPrompts(forward -> {
            if (gateway.prompts() < 3) {
                return CompletableFuture.completedFuture(status);
            }
            return FaultyGateway.PromptRule.FORWARDED.handle(forward);
        });
        Job job = tracking.queue(TrackingSetup.picture(1));

        assertThat(tracking.heard.awaitEnd(job.id()).state()).isEqualTo(JobState.COMPLETED);
        assertThat(gateway.prompts()).isEqualTo(3);
        assertThat(arrived()).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 401, 404, 413})
    void forgetsWhatWasRefusedForGood(int status) throws Exception {
        begin("0.33.0");
        gateway.giveUpOnPrompts(status, new CompletableFuture<>());
        GenAiException failure = failureOf(TrackingSetup.picture(1));

        assertThat(failure).hasMessageNotContaining("not known");
        assertThat(gateway.prompts()).isEqualTo(1);
    }

    @Test
    @Produces(OperatorMessage.JOB_OF_ROLLBACK_FOUND)
    void takesBackInATransactionWhatTurnsUpAfterItsFailure() throws Exception {
        begin("0.33.0");
        CompletableFuture<Void> handled = new CompletableFuture<>();
        gateway.giveUpOnPrompts(504, handled);
        ManagedConnection physical = tracking.managed.createManagedConnection(null, null);
        LocalTransaction transaction = physical.getLocalTransaction();
        transaction.begin();
        Job job = ((ComfyUiConnection) physical.getConnection(null, null)).queuePrompt(TrackingSetup.steps(100, 30, 1));

        assertThatThrownBy(transaction::commit)
                .isInstanceOf(LocalTransactionException.class)
                .hasMessageContaining("not known whether");
        assertThat(tracking.heard.awaitEnd(job.id()).state()).isEqualTo(JobState.REJECTED);
        handled.complete(null);

        try (ComfyUiConnection other = tracking.factory.getConnection()) {
            Eventually.holds(
                    "it has turned up and is gone",
                    () -> arrived() == 1
                            && other.getQueue().running().isEmpty()
                            && other.getQueue().pending().isEmpty());
            assertThat(other.findJob(job.id()).orElseThrow().state()).isEqualTo(JobState.REJECTED);
        }
        Job later = laterJob();
        tracking.heard.awaitEnd(later.id());
        assertThat(tracking.heard.news())
                .filteredOn(news -> news.status().id().equals(job.id()))
                .extracting(news -> news.status().state())
                .containsExactly(JobState.REJECTED);
        physical.destroy();
    }

    private Job laterJob() throws Exception {
        gateway.ofPrompts(FaultyGateway.PromptRule.FORWARDED);
        return tracking.queue(TrackingSetup.picture(2));
    }

    @Test
    void commitsWhatAGatewayReportedAsFailed() throws Exception {
        begin("0.33.0");
        gateway.answerPrompts(502);
        ManagedConnection physical = tracking.managed.createManagedConnection(null, null);
        LocalTransaction transaction = physical.getLocalTransaction();
        transaction.begin();
        Job job = ((ComfyUiConnection) physical.getConnection(null, null)).queuePrompt(TrackingSetup.picture(1));
        transaction.commit();

        assertThat(tracking.heard.awaitEnd(job.id()).state()).isEqualTo(JobState.COMPLETED);
        assertThat(arrived()).isEqualTo(1);
        physical.destroy();
    }
}
