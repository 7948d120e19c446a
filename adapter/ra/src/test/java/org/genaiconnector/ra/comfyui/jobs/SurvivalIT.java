package org.genaiconnector.ra.comfyui.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.genaiconnector.comfyui.Job;
import org.genaiconnector.comfyui.JobPreview;
import org.genaiconnector.comfyui.JobState;
import org.genaiconnector.comfyui.JobStatus;
import org.genaiconnector.comfyui.OutputText;
import org.genaiconnector.ra.comfyui.Eventually;
import org.genaiconnector.ra.messages.OperatorMessage;
import org.genaiconnector.ra.messages.Produces;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Errors within the application server, such as the end of its memory: work goes on as soon as it can. */
class SurvivalIT {
    private TrackingSetup tracking;

    @BeforeEach
    void begin() {
        tracking = TrackingSetup.with(TrackingSetup.QUICK, server -> server.labNodes());
        tracking.managed.setCircuitFailures(0);
    }

    @AfterEach
    void stop() {
        tracking.close();
    }

    /** Has everything that a class logs fail as if there were no memory left. */
    private static final class NoMemory extends Handler implements AutoCloseable {
        private final Logger logger;
        private final AtomicInteger failures = new AtomicInteger();

        private NoMemory(Class<?> source) {
            logger = Logger.getLogger(source.getName());
            logger.addHandler(this);
        }

        @Override
        public void publish(LogRecord entry) {
            if (entry.getLevel().intValue() >= Level.INFO.intValue()) {
                failures.incrementAndGet();
                throw new OutOfMemoryError("as the test wants");
            }
        }

        @Override
        public void flush() {}

        @Override
        public void close() {
            logger.removeHandler(this);
        }
    }

    /** What a class logs at ERROR. */
    private static final class Errors extends Handler implements AutoCloseable {
        private final Logger logger = Logger.getLogger(JobTracker.class.getName());
        private final List<String> messages = new java.util.concurrent.CopyOnWriteArrayList<>();

        private Errors() {
            logger.addHandler(this);
        }

        @Override
        public void publish(LogRecord entry) {
            if (entry.getLevel() == Level.SEVERE) {
                messages.add(entry.getMessage());
            }
        }

        @Override
        public void flush() {}

        @Override
        public void close() {
            logger.removeHandler(this);
        }
    }

    private boolean isTracking() {
        return tracking.managed.statistics().tracking();
    }

    @Test
    @Produces(OperatorMessage.TRACKING_FAILED)
    void tracksFurtherAfterTheEndOfMemoryAndTellsMeanwhileThatItDoesNot() throws Exception {
        Job job = tracking.queue(TrackingSetup.steps(100, 60, 1));
        assertThat(isTracking()).isTrue();
        try (NoMemory socket = new NoMemory(EventSocket.class)) {
            tracking.server.kill();
            Eventually.holds("the socket has failed", () -> socket.failures.get() > 0);
            assertThatThrownBy(() -> tracking.factory.awaitJob(job.id(), Duration.ofMillis(500)))
                    .hasMessageContaining("does not answer");
            assertThat(isTracking()).as("it is the server that fails").isTrue();
        }
        Job other;
        try (NoMemory poller = new NoMemory(JobPoller.class);
                Errors errors = new Errors()) {
            tracking.server.restart();
            other = tracking.queue(TrackingSetup.steps(100, 60, 3));
            Eventually.holds("it is tried again", () -> poller.failures.get() > 2);
            assertThat(isTracking()).isFalse();
            assertThat(errors.messages)
                    .singleElement()
                    .satisfies(message -> assertThat(message)
                            .contains("GENAI-1310", tracking.server.uri().toString()));
        }

        assertThat(tracking.heard.awaitEnd(job.id()).state()).isEqualTo(JobState.LOST);
        tracking.cancel(other);
        assertThat(tracking.heard
                        .awaitEnd(tracking.queue(TrackingSetup.steps(10, 1, 2)).id())
                        .state())
                .isEqualTo(JobState.COMPLETED);
        Eventually.holds("tracking is alive", this::isTracking);
        Eventually.holds(
                "the socket is open again", () -> !tracking.server.openSockets().isEmpty());
    }

    @Test
    @Produces(OperatorMessage.OBSERVER_FAILED)
    void tellsAnEndAgainToAnObserverThatFailedToTakeIt() throws Exception {
        AtomicInteger tries = new AtomicInteger();
        RecordingObserver late = RecordingObserver.everything();
        tracking.trackers.subscribe(new JobObserver() {
            @Override
            public boolean takes(JobUpdate news) {
                return news.isEnd();
            }

            @Override
            public void onUpdate(JobUpdate news) {
                switch (tries.incrementAndGet()) {
                    case 1 -> throw new OutOfMemoryError("as the test wants");
                    case 2 -> throw new IllegalStateException("as the test wants");
                    default -> late.onUpdate(news);
                }
            }

            @Override
            public void onPreview(JobPreview preview) {}
        });
        Job job = tracking.queue(TrackingSetup.picture(1));

        assertThat(tracking.heard.awaitEnd(job.id()).state()).isEqualTo(JobState.COMPLETED);
        assertThat(late.awaitEnd(job.id()).state()).isEqualTo(JobState.COMPLETED);
        assertThat(tries.get()).isEqualTo(3);
        assertThat(tracking.heard.ends()).hasSize(1);
    }

    @Test
    void pausesForASecondBeforeItTellsAnEndAgain() {
        AtomicLong now = new AtomicLong();
        EventDispatcher dispatcher = new EventDispatcher(Duration.ofMinutes(1), 100_000, now::get);
        AtomicInteger tries = new AtomicInteger();
        dispatcher.subscribe(new JobObserver() {
            @Override
            public boolean takes(JobUpdate update) {
                return true;
            }

            @Override
            public void onUpdate(JobUpdate update) {
                if (tries.incrementAndGet() < 3) {
                    throw new IllegalStateException("as the test wants");
                }
            }

            @Override
            public void onPreview(JobPreview preview) {}
        });

        dispatcher.tell(new JobUpdate(URI.create("http://there"), Optional.empty(), true, text(1, 1)));
        dispatcher.deliver();
        assertThat(tries.get()).as("at once").isEqualTo(1);

        now.set(TimeUnit.MILLISECONDS.toNanos(999));
        dispatcher.deliver();
        assertThat(tries.get()).as("within the pause").isEqualTo(1);
        assertThat(dispatcher.owesEnds()).isTrue();

        now.set(TimeUnit.MILLISECONDS.toNanos(1_000));
        dispatcher.deliver();
        dispatcher.deliver();
        assertThat(tries.get()).as("after the pause").isEqualTo(2);

        now.set(TimeUnit.MILLISECONDS.toNanos(2_000));
        dispatcher.deliver();
        assertThat(tries.get()).as("after another pause").isEqualTo(3);
        assertThat(dispatcher.owesEnds()).isFalse();
    }

    @Test
    void remembersEndsUpToANumberOfBytes() {
        EndedJobs<Integer> ends = new EndedJobs<>(1_000, 100_000);
        for (int i = 0; i < 50; i++) {
            ends.put(i, text(9_000, i));
        }
        ends.put(1_000, text(200_000, 1_000));

        assertThat(ends.bytes()).isBetween(50_000L, 100_000L);
        assertThat(ends.get(49)).isPresent();
        assertThat(ends.get(0)).isEmpty();
        assertThat(ends.get(1_000)).as("larger than everything").isEmpty();
        for (int i = 0; i < 5_000; i++) {
            ends.put(i, JobStatus.of("j" + i, JobState.LOST));
        }
        assertThat(ends.bytes()).isLessThan(100_000L);
    }

    @Test
    void keepsEndsForLaterObserversUpToANumberOfBytes() {
        EventDispatcher dispatcher = new EventDispatcher(Duration.ofMinutes(1), 100_000);
        for (int i = 0; i < 50; i++) {
            dispatcher.tell(new JobUpdate(URI.create("http://there"), Optional.empty(), true, text(9_000, i)));
        }
        RecordingObserver late = RecordingObserver.everything();
        dispatcher.subscribe(late);

        assertThat(late.ends()).hasSizeBetween(8, 12);
        assertThat(late.ends().get(late.ends().size() - 1).id()).isEqualTo("j49");
    }

    private static JobStatus text(int length, int number) {
        return JobStatus.ended(
                "j" + number,
                JobState.COMPLETED,
                List.of(new OutputText("1", "text", "x".repeat(length))),
                Optional.empty());
    }
}
