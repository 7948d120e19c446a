package org.genaiconnector.ra.comfyui.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.resource.ResourceException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.genaiconnector.comfyui.Job;
import org.genaiconnector.ra.comfyui.wire.WorkflowShape;
import org.genaiconnector.ra.statistics.CountedJob;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

/** The adapter stops while jobs run: nothing went wrong, so nothing is said. */
class StopTest {
    /** What the adapter logs for operators. */
    private static final class Log extends Handler implements AutoCloseable {
        private final Logger logger = Logger.getLogger("org.genaiconnector.ra");
        private final List<LogRecord> records = new CopyOnWriteArrayList<>();

        private Log() {
            logger.addHandler(this);
        }

        @Override
        public void publish(LogRecord entry) {
            if (entry.getLevel().intValue() >= Level.INFO.intValue()) {
                records.add(entry);
            }
        }

        @Override
        public void flush() {}

        @Override
        public void close() {
            logger.removeHandler(this);
        }
    }

    @RepeatedTest(2)
    void saysNothingOfJobsThatRunAndCallsThatAreCutOff() throws Exception {
        TrackingSetup tracking = TrackingSetup.with(
                new TrackingTimes(
                        java.time.Duration.ofMillis(10),
                        java.time.Duration.ofMillis(10),
                        java.time.Duration.ofSeconds(30),
                        java.time.Duration.ofMinutes(10),
                        java.time.Duration.ofSeconds(25),
                        java.time.Duration.ofSeconds(3)),
                server -> server.labNodes());
        List<Throwable> odd = new CopyOnWriteArrayList<>();
        try (Log log = new Log()) {
            Job job = tracking.queue(TrackingSetup.steps(100, 60, 1));
            List<Thread> callers = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                int color = i;
                callers.add(new Thread(() -> callUntilTheEnd(tracking, color, odd)));
            }
            callers.forEach(Thread::start);
            tracking.heard.await(
                    () -> tracking.heard.news().stream()
                            .anyMatch(news -> news.status().id().equals(job.id())
                                    && news.status().progress().isPresent()),
                    "that it runs");
            tracking.adapter.stop();
            for (Thread caller : callers) {
                caller.join();
            }
            assertThat(tracking.container.awaitIdle(5_000)).isTrue();
            assertThat(log.records).extracting(LogRecord::getMessage).isEmpty();
            assertThat(odd).isEmpty();
        } finally {
            tracking.close();
        }
    }

    /** A call that has come so far may make one after the stop has closed the others. */
    @Test
    void saysNothingOfATrackerThatIsMadeTooLate() throws Exception {
        TrackingSetup tracking = TrackingSetup.with(server -> server);
        try (Log log = new Log()) {
            JobTracker late = tracking.managed.tracker(
                    new JobTrackers(Optional.of(tracking.adapter), TrackingTimes.USUAL, "here"));
            tracking.adapter.stop();
            late.expect("job", new JobOrigin(Optional.empty(), true, WorkflowShape.UNKNOWN, 0, CountedJob.uncounted()));
            assertThat(log.records).extracting(LogRecord::getMessage).isEmpty();
        } finally {
            tracking.close();
        }
    }

    private static void callUntilTheEnd(TrackingSetup tracking, int color, List<Throwable> odd) {
        try {
            while (true) {
                tracking.queue(TrackingSetup.picture(color));
            }
        } catch (ResourceException e) {
            // it has stopped
        } catch (Exception e) {
            odd.add(e);
        }
    }
}
