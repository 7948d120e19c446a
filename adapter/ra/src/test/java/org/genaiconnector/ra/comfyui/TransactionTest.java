package org.genaiconnector.ra.comfyui;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jakarta.resource.ResourceException;
import jakarta.resource.spi.LocalTransaction;
import jakarta.resource.spi.LocalTransactionException;
import jakarta.resource.spi.ManagedConnection;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.genaiconnector.FailureCategory;
import org.genaiconnector.GenAiException;
import org.genaiconnector.comfyui.Cancellation;
import org.genaiconnector.comfyui.ComfyUiConnection;
import org.genaiconnector.comfyui.ComfyUiConnectionFactory;
import org.genaiconnector.comfyui.Job;
import org.genaiconnector.comfyui.JobPreview;
import org.genaiconnector.comfyui.JobState;
import org.genaiconnector.comfyui.JobStatus;
import org.genaiconnector.comfyui.Submission;
import org.genaiconnector.comfyui.Workflow;
import org.genaiconnector.comfyui.WorkflowRejectedException;
import org.genaiconnector.ra.GenAiResourceAdapter;
import org.genaiconnector.ra.TestContainer;
import org.genaiconnector.ra.comfyui.jobs.JobObserver;
import org.genaiconnector.ra.comfyui.jobs.JobTrackers;
import org.genaiconnector.ra.comfyui.jobs.JobUpdate;
import org.genaiconnector.ra.comfyui.jobs.RecordingObserver;
import org.genaiconnector.ra.inflow.TestTransactions;
import org.genaiconnector.ra.messages.OperatorMessage;
import org.genaiconnector.ra.messages.Produces;
import org.genaiconnector.testkit.Fault;
import org.genaiconnector.testkit.Faults;
import org.genaiconnector.testkit.Match;
import org.genaiconnector.testkit.comfyui.ComfyUiSimulator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TransactionTest {
    private static final Duration LONG = Duration.ofSeconds(20);
    private static final String PICTURE = """
            {"1": {"class_type": "EmptyImage", "inputs": {"width": 8, "height": 8, "batch_size": 1, "color": 1}},
             "2": {"class_type": "PreviewImage", "inputs": {"images": ["1", 0]}}}""";

    private final GenAiResourceAdapter adapter = new GenAiResourceAdapter();
    private final Faults faults = new Faults();
    private ComfyUiSimulator server;
    private ComfyUiManagedConnectionFactory managed;
    private ComfyUiConnectionFactory factory;
    private ManagedConnection physical;
    private LocalTransaction transaction;
    private ComfyUiConnection connection;

    @BeforeEach
    void begin() throws Exception {
        use(ComfyUiSimulator.builder());
    }

    private void use(ComfyUiSimulator.Builder builder) throws Exception {
        server = builder.wrap(faults::wrap).start();
        adapter.start(new TestContainer());
        managed = new ComfyUiManagedConnectionFactory();
        managed.setResourceAdapter(adapter);
        managed.setServerUrl(server.uri().toString());
        managed.setMaxRetries(0);
        factory = (ComfyUiConnectionFactory) managed.createConnectionFactory();
        physical = managed.createManagedConnection(null, null);
        transaction = physical.getLocalTransaction();
        transaction.begin();
        connection = (ComfyUiConnection) physical.getConnection(null, null);
    }

    @AfterEach
    void end() throws Exception {
        physical.destroy();
        adapter.stop();
        server.close();
    }

    private static Workflow picture(int color) throws WorkflowRejectedException {
        return Workflow.parse(PICTURE).with("1.color", color);
    }

    private JobStatus found(Job job) throws ResourceException {
        try (ComfyUiConnection other = factory.getConnection()) {
            return other.findJob(job.id()).orElseThrow();
        }
    }

    private long prompts() {
        return server.requests().stream()
                .filter(request ->
                        request.method().equals("POST") && request.path().endsWith("/prompt"))
                .count();
    }

    /** The prompt that paints in this colour. */
    private static Match prompt(int color) {
        return Match.path("/api/prompt").and(Match.bodyContains("\"color\":" + color));
    }

    @Test
    void sendsAtCommitWhatWasQueuedInOrder() throws Exception {
        Job first = connection.queuePrompt(picture(1));
        Job second = connection.queuePrompt(picture(2));
        connection.close();

        assertThat(prompts()).as("sent before the commit").isZero();
        assertThat(found(first).state()).isEqualTo(JobState.PENDING);
        transaction.commit();

        assertThat(prompts()).isEqualTo(2);
        assertThat(factory.awaitJob(first.id(), LONG).state()).isEqualTo(JobState.COMPLETED);
        assertThat(factory.awaitJob(second.id(), LONG).state()).isEqualTo(JobState.COMPLETED);
    }

    @Test
    void forgetsAtRollbackWhatWasQueued() throws Exception {
        Job job = connection.queuePrompt(picture(1));
        transaction.rollback();

        assertThat(prompts()).isZero();
        try (ComfyUiConnection other = factory.getConnection()) {
            assertThat(other.findJob(job.id())).isEmpty();
        }
    }

    @Test
    void sendsAtOnceOutsideATransactionAndAfterItsEnd() throws Exception {
        transaction.commit();
        Job job = connection.queuePrompt(picture(1));

        assertThat(prompts()).isEqualTo(1);
        assertThat(factory.awaitJob(job.id(), LONG).state()).isEqualTo(JobState.COMPLETED);
    }

    @Test
    void usesTheConnectionForOneTransactionAfterTheOther() throws Exception {
        connection.queuePrompt(picture(1));
        transaction.rollback();
        transaction.begin();
        Job job = connection.queuePrompt(picture(2));
        transaction.commit();

        assertThat(prompts()).isEqualTo(1);
        assertThat(factory.awaitJob(job.id(), LONG).state()).isEqualTo(JobState.COMPLETED);
    }

    @Test
    void refusesToBeginTwice() {
        assertThatThrownBy(transaction::begin).isInstanceOf(LocalTransactionException.class);
    }

    @Test
    void failsTheCommitIfTheServerRejectsAJobAndTellsWhyThroughTheJob() throws Exception {
        RecordingObserver heard = new RecordingObserver();
        JobTrackers.of(adapter).subscribe(heard);
        Job job = connection.queuePrompt(
                Submission.of(picture(1).with("1.width", 0)).withTag("poster"));

        assertThatThrownBy(transaction::commit)
                .isInstanceOf(LocalTransactionException.class)
                .hasMessageContaining(job.id())
                .hasMessageContaining("width")
                .hasCauseInstanceOf(WorkflowRejectedException.class);

        JobStatus status = found(job);
        assertThat(status.state()).isEqualTo(JobState.REJECTED);
        assertThat(status.nodeErrors()).containsOnlyKeys("1");
        assertThat(heard.ends).hasSize(1).first().satisfies(news -> {
            assertThat(news.status()).isEqualTo(status);
            assertThat(news.tag()).contains("poster");
            assertThat(news.own()).isTrue();
        });
    }

    @Test
    void takesBackTheJobsBeforeTheRejectedOneAndSendsNoneAfterIt() throws Exception {
        end();
        use(ComfyUiSimulator.builder().nodeDelay(Duration.ofSeconds(2)));
        Job first = connection.queuePrompt(picture(1));
        Job second = connection.queuePrompt(picture(2).with("1.width", 0));
        Job third = connection.queuePrompt(picture(3));

        assertThatThrownBy(transaction::commit)
                .isInstanceOf(LocalTransactionException.class)
                .hasMessageContaining("nothing else of the transaction has been done");
        assertThat(prompts()).isEqualTo(2);

        assertThat(factory.awaitJob(first.id(), LONG).state()).isEqualTo(JobState.REJECTED);
        assertThat(found(first).failure().orElseThrow().message()).contains(second.id());
        assertThat(found(second).state()).isEqualTo(JobState.REJECTED);
        assertThat(found(third).state()).isEqualTo(JobState.REJECTED);
        assertThat(found(third).failure().orElseThrow().message()).contains(second.id());
    }

    @Test
    void namesTheJobsThatCouldNotBeTakenBack() throws Exception {
        Job first = connection.queuePrompt(picture(1));
        connection.queuePrompt(picture(2));
        faults.next(prompt(2), Fault.status(500));
        faults.next(Match.path("/api/jobs/" + first.id() + "/cancel"), Fault.status(500));

        assertThatThrownBy(transaction::commit)
                .isInstanceOf(LocalTransactionException.class)
                .hasMessageContaining("could not be taken back: [job " + first.id() + "]");
    }

    @Test
    void takesBackOverANewSocketIfTheOldOneBreaksInTheCommit() throws Exception {
        end();
        use(ComfyUiSimulator.builder().nodeDelay(Duration.ofSeconds(2)));
        Job first = connection.queuePrompt(picture(1));
        Job second = connection.queuePrompt(picture(2));
        faults.always(prompt(2), Fault.resetBeforeResponse());

        assertThatThrownBy(transaction::commit).isInstanceOf(LocalTransactionException.class);

        assertThat(factory.awaitJob(first.id(), LONG).state()).isEqualTo(JobState.REJECTED);
        assertThat(connection.getQueue().pending()).isEmpty();
        assertThat(found(second).failure().orElseThrow().type()).isEqualTo("COMMUNICATION");
    }

    @Test
    void failsTheCommitIfTheServerIsDownAndTheJobTellsSo() throws Exception {
        Job job = connection.queuePrompt(picture(1));
        server.close();

        assertThatThrownBy(transaction::commit)
                .isInstanceOf(LocalTransactionException.class)
                .cause()
                .asInstanceOf(InstanceOfAssertFactories.type(GenAiException.class))
                .extracting(GenAiException::category)
                .isEqualTo(FailureCategory.UNAVAILABLE);
        JobStatus status = managed.localJobs().find(job.id()).orElseThrow();
        assertThat(status.state()).isEqualTo(JobState.REJECTED);
        assertThat(status.failure().orElseThrow().type()).isEqualTo("UNAVAILABLE");
    }

    @Test
    void refusesAtOnceToAwaitAJobOfAnUncommittedTransaction() throws Exception {
        Job job = connection.queuePrompt(picture(1));

        assertThatThrownBy(() -> factory.awaitJob(job.id(), LONG))
                .isInstanceOfSatisfying(
                        GenAiException.class, e -> assertThat(e.category()).isEqualTo(FailureCategory.INVALID_REQUEST))
                .hasMessageContaining(job.id())
                .hasMessageContaining("REQUIRES_NEW");
    }

    @Test
    void takesACancelledJobOutOfItsTransaction() throws Exception {
        Job cancelled = connection.queuePrompt(picture(1));
        Job kept = connection.queuePrompt(picture(2));

        assertThat(connection.cancelJob(cancelled.id())).isEqualTo(Cancellation.DEQUEUED);
        transaction.commit();

        assertThat(prompts()).isEqualTo(1);
        assertThat(found(cancelled).state()).isEqualTo(JobState.CANCELLED);
        assertThat(factory.awaitJob(kept.id(), LONG).state()).isEqualTo(JobState.COMPLETED);
    }

    @Test
    void failsTheCommitOfADestroyedConnection() throws Exception {
        Job job = connection.queuePrompt(picture(1));
        physical.destroy();

        assertThatThrownBy(transaction::commit)
                .isInstanceOf(LocalTransactionException.class)
                .hasMessageContaining("nothing was sent");
        assertThat(found(job).state()).isEqualTo(JobState.REJECTED);
        assertThatCode(transaction::rollback).doesNotThrowAnyException();
    }

    @Test
    void saysThatOldServersCannotBeUsedInTransactions() throws Exception {
        end();
        use(ComfyUiSimulator.builder().version("0.3.10"));
        connection.queuePrompt(picture(1));

        assertThatThrownBy(transaction::commit)
                .isInstanceOf(LocalTransactionException.class)
                .hasMessageContaining("transaction-support to NoTransaction");
    }

    @Test
    @Produces(OperatorMessage.NO_TRANSACTIONS)
    void warnsOnceWhenATransactionDoesNotHoldAPromptBack() throws Exception {
        transaction.commit();
        adapter.stop();
        TestTransactions transactions = new TestTransactions();
        adapter.start(new TestContainer(transactions));
        ComfyUiManagedConnectionFactory without = new ComfyUiManagedConnectionFactory();
        without.setResourceAdapter(adapter);
        without.setServerUrl(server.uri().toString());
        List<String> warnings = new CopyOnWriteArrayList<>();
        Handler handler = new Handler() {
            @Override
            public void publish(LogRecord entry) {
                warnings.add(entry.getMessage());
            }

            @Override
            public void flush() {}

            @Override
            public void close() {}
        };
        Logger logger = Logger.getLogger(ComfyUiManagedConnectionFactory.class.getName());
        logger.addHandler(handler);
        try (ComfyUiConnection other = ((ComfyUiConnectionFactory) without.createConnectionFactory()).getConnection()) {
            other.queuePrompt(picture(1));
            assertThat(warnings).as("outside a transaction").isEmpty();
            transactions.begin();
            other.queuePrompt(picture(2));
            other.queuePrompt(picture(3));
            transactions.end();
        } finally {
            logger.removeHandler(handler);
        }
        assertThat(warnings).singleElement().satisfies(text -> assertThat(text).contains("GENAI-1313"));
        assertThat(prompts()).isEqualTo(3);
    }

    private static final class RecordingObserver implements JobObserver {
        private final List<JobUpdate> ends = new CopyOnWriteArrayList<>();

        @Override
        public boolean takes(JobUpdate news) {
            return true;
        }

        @Override
        public void onUpdate(JobUpdate news) {
            if (news.isEnd()) {
                ends.add(news);
            }
        }

        @Override
        public void onPreview(JobPreview preview) {}
    }
}
