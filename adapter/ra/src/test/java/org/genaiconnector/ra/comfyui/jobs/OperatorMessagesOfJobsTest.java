package org.genaiconnector.ra.comfyui.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import jakarta.resource.spi.work.ExecutionContext;
import jakarta.resource.spi.work.Work;
import jakarta.resource.spi.work.WorkException;
import jakarta.resource.spi.work.WorkListener;
import jakarta.resource.spi.work.WorkRejectedException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.genaiconnector.comfyui.ComfyUiConnection;
import org.genaiconnector.comfyui.ComfyUiConnectionFactory;
import org.genaiconnector.comfyui.Job;
import org.genaiconnector.comfyui.JobPreview;
import org.genaiconnector.comfyui.JobState;
import org.genaiconnector.ra.GenAiResourceAdapter;
import org.genaiconnector.ra.TestContainer;
import org.genaiconnector.ra.comfyui.ComfyUiManagedConnectionFactory;
import org.genaiconnector.ra.comfyui.Eventually;
import org.genaiconnector.ra.messages.OperatorMessage;
import org.genaiconnector.ra.messages.Produces;
import org.genaiconnector.testkit.comfyui.ComfyUiSimulator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Errors within the adapter and the application server cost no job its end, and are logged. */
@Timeout(60)
class OperatorMessagesOfJobsTest {

    /** Fails once when a class logs a message, like an error in the middle of its work. */
    private static final class FailingLog extends Handler implements AutoCloseable {
        private final AtomicBoolean failed = new AtomicBoolean();
        private final Logger logger;
        private final OperatorMessage message;

        FailingLog(Class<?> source, OperatorMessage message) {
            this.logger = Logger.getLogger(source.getName());
            this.message = message;
            logger.addHandler(this);
        }

        @Override
        public void publish(LogRecord entry) {
            if (entry.getMessage().startsWith(message.id()) && failed.compareAndSet(false, true)) {
                throw new IllegalStateException("as the test wants");
            }
        }

        boolean hasFailed() {
            return failed.get();
        }

        @Override
        public void flush() {
            // keeps nothing
        }

        @Override
        public void close() {
            logger.removeHandler(this);
        }
    }

    /** Fails with each end, or with each preview. */
    private record FailingObserver(boolean previews) implements JobObserver {
        @Override
        public boolean takes(JobUpdate update) {
            return !previews && update.isEnd();
        }

        @Override
        public void onUpdate(JobUpdate update) {
            throw new IllegalStateException("as the test wants");
        }

        @Override
        public void onPreview(JobPreview preview) {
            throw new IllegalStateException("as the test wants");
        }
    }

    private static TrackingSetup tracking() {
        TrackingSetup tracking = TrackingSetup.with(TrackingSetup.QUICK, server -> server.labNodes());
        tracking.managed.setCircuitFailures(0);
        return tracking;
    }

    @Test
    @Produces(OperatorMessage.NO_THREAD_FOR_TRACKING)
    void aJobCanBeSubmittedWithoutAThreadToFollowIt() throws Exception {
        GenAiResourceAdapter adapter = new GenAiResourceAdapter();
        adapter.start(new TestContainer() {
            @Override
            public void scheduleWork(Work work, long timeout, ExecutionContext context, WorkListener listener)
                    throws WorkException {
                throw new WorkRejectedException("no threads left");
            }
        });
        try (ComfyUiSimulator server = ComfyUiSimulator.start()) {
            ComfyUiManagedConnectionFactory managed = new ComfyUiManagedConnectionFactory();
            managed.setResourceAdapter(adapter);
            managed.setServerUrl(server.uri().toString());
            ComfyUiConnectionFactory factory = (ComfyUiConnectionFactory) managed.createConnectionFactory();
            try (ComfyUiConnection connection = factory.getConnection()) {
                assertThat(connection.queuePrompt(TrackingSetup.picture(1)).id())
                        .isNotEmpty();
            }
        } finally {
            adapter.stop();
        }
    }

    @Test
    @Produces(OperatorMessage.PREVIEW_OBSERVER_FAILED)
    void anObserverThatFailsWithAPreviewCostsTheOthersNone() throws Exception {
        try (TrackingSetup tracking = tracking()) {
            tracking.trackers.subscribe(new FailingObserver(true));
            Job job = tracking.queue(TrackingSetup.steps(5, 0.5, 1));

            assertThat(tracking.heard.awaitEnd(job.id()).state()).isEqualTo(JobState.COMPLETED);
            assertThat(tracking.heard.previews()).isNotEmpty();
        }
    }

    @Test
    @Produces({OperatorMessage.POLLING_FAILED, OperatorMessage.JOBS_ANSWERED_AGAIN})
    void anErrorInPollingCostsNoJobItsEnd() throws Exception {
        try (TrackingSetup tracking = tracking();
                FailingLog log = new FailingLog(JobPoller.class, OperatorMessage.JOBS_ANSWERED_AGAIN)) {
            Job job = tracking.queue(TrackingSetup.steps(100, 60, 1));
            tracking.server.kill();
            Eventually.holds("polling fails", () -> isSilent(tracking, job));
            tracking.server.restart();

            Eventually.holds("polling has met the error", log::hasFailed);
            assertThat(tracking.heard.awaitEnd(job.id()).state()).isEqualTo(JobState.LOST);
        }
    }

    /** Whether the backend is known not to answer. */
    private static boolean isSilent(TrackingSetup tracking, Job job) {
        return catchThrowable(() -> tracking.factory.awaitJob(job.id(), Duration.ofMillis(50)))
                .getMessage()
                .contains("does not answer");
    }

    @Test
    @Produces(OperatorMessage.JOB_QUESTION_FAILED)
    void anErrorAboutOneJobCostsItNotItsEnd() throws Exception {
        try (TrackingSetup tracking = tracking();
                FailingLog log = new FailingLog(EventDispatcher.class, OperatorMessage.OBSERVER_FAILED)) {
            tracking.server.stallEvents(); // so that polling finds the end
            tracking.trackers.subscribe(new FailingObserver(false));
            Job job = tracking.queue(TrackingSetup.picture(1));

            assertThat(tracking.heard.awaitEnd(job.id()).state()).isEqualTo(JobState.COMPLETED);
            Eventually.holds("the other observer has met the error", log::hasFailed);
        }
    }

    @Test
    @Produces(OperatorMessage.SOCKET_END_FAILED)
    void aWebSocketIsOpenedAgainAfterAnErrorAtItsEnd() throws Exception {
        try (TrackingSetup tracking = tracking();
                FailingLog log = new FailingLog(EventSocket.class, OperatorMessage.NO_EVENTS)) {
            tracking.queue(TrackingSetup.picture(1));
            Eventually.holds("it is open", () -> !tracking.server.openSockets().isEmpty());
            tracking.server.kill();
            Eventually.holds("its end has met the error", log::hasFailed);
            tracking.server.restart();

            Eventually.holds(
                    "it is open again", () -> !tracking.server.openSockets().isEmpty());
        }
    }
}
