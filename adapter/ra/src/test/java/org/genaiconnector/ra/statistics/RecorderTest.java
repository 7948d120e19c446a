package org.genaiconnector.ra.statistics;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.genaiconnector.CircuitState;
import org.genaiconnector.ConnectionStatistics;
import org.genaiconnector.ConnectionStatistics.Jobs;
import org.genaiconnector.ConnectionStatistics.Latency;
import org.genaiconnector.FailureCategory;
import org.genaiconnector.ra.connection.TestConnections;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RecorderTest {
    private final StatisticsRecorder recorder = new StatisticsRecorder("test");

    @Test
    void resetClearsWhatHappenedAndKeepsWhatIs() {
        for (int i = 0; i < 5; i++) {
            recorder.created();
            recorder.activated();
        }
        recorder.passivated();
        recorder.passivated();
        recorder.destroyed();
        recorder.borrowed(10);
        recorder.refused(10);
        recorder.succeeded(10);
        recorder.failed(10, FailureCategory.SERVER);
        recorder.retried();
        recorder.tokens(3, 4);
        Supplier<CircuitState> circuit = () -> CircuitState.OPEN;
        recorder.circuit(circuit);
        ConnectionStatistics before = recorder.snapshot();
        assertThat(before.connections()).isEqualTo(new ConnectionStatistics.Connections(4, 3, 1, 5, 5, 1));

        recorder.reset();
        ConnectionStatistics after = recorder.snapshot();
        assertThat(after.connections()).isEqualTo(new ConnectionStatistics.Connections(4, 3, 1, 3, 0, 0));
        assertThat(after.borrowing().borrowed() + after.borrowing().refused()).isZero();
        assertThat(after.borrowing().longestWait()).isZero();
        assertThat(after.requests().total()).isZero();
        assertThat(after.requests().retries()).isZero();
        assertThat(after.requests().successRate()).isOne();
        assertThat(after.requests().failuresByCategory()).isEmpty();
        assertThat(after.requests().latency().longest()).isZero();
        assertThat(after.tokens()).isEqualTo(new ConnectionStatistics.Tokens(0, 0));
        assertThat(after.circuit()).isEqualTo(CircuitState.OPEN);
        assertThat(after.since()).isAfterOrEqualTo(before.since());
        assertThat(before.requests().total()).as("a snapshot does not move").isEqualTo(2);
        recorder.passivated();
        assertThat(recorder.snapshot().connections().peakActive())
                .as("in use at the reset")
                .isEqualTo(3);
    }

    @Test
    void thePeakAfterAResetIsNeverBelowWhatIsInUse() throws Exception {
        AtomicBoolean over = new AtomicBoolean();
        recorder.created();
        recorder.activated();
        Future<Integer> resets = TestConnections.begin(() -> {
            int done = 0;
            while (!over.get()) {
                recorder.reset();
                done++;
            }
            return done;
        });
        TestConnections.inThreads(8, () -> {
            for (int i = 0; i < 2_000; i++) {
                recorder.created();
                recorder.activated();
                assertThat(recorder.snapshot().connections().peakActive()).isPositive();
                recorder.passivated();
                recorder.destroyed();
            }
            return null;
        });
        over.set(true);
        assertThat(TestConnections.end(resets)).isPositive();
        recorder.reset();
        assertThat(recorder.snapshot().connections()).isEqualTo(new ConnectionStatistics.Connections(1, 1, 0, 1, 0, 0));
    }

    @Test
    void aJobIsInOneStateAtATimeAndHasOneEnd() {
        CountedJob job = recorder.job();
        job.forget(); // was never submitted
        assertThat(recorder.snapshot().jobs()).isEqualTo(new Jobs(0, 0, 0, 0, 0, 0, 0, 0));
        job.is(JobStage.PENDING);
        job.is(JobStage.PENDING);
        assertThat(recorder.snapshot().jobs()).isEqualTo(new Jobs(1, 1, 0, 0, 0, 0, 0, 0));
        job.is(JobStage.RUNNING);
        recorder.reset();
        assertThat(recorder.snapshot().jobs()).isEqualTo(new Jobs(0, 0, 1, 0, 0, 0, 0, 0));
        job.is(JobStage.FAILED);
        job.is(JobStage.LOST);
        job.forget();
        assertThat(recorder.snapshot().jobs()).isEqualTo(new Jobs(0, 0, 0, 0, 1, 0, 0, 0));
        CountedJob forgotten = recorder.job();
        forgotten.is(JobStage.RUNNING);
        forgotten.forget();
        forgotten.is(JobStage.COMPLETED);
        assertThat(recorder.snapshot().jobs()).isEqualTo(new Jobs(1, 0, 0, 0, 1, 0, 0, 0));
    }

    @Test
    void everySnapshotOfJobsAddsUpAtAnyMoment() throws Exception {
        TestConnections.inThreads(8, () -> {
            for (int i = 0; i < 2_000; i++) {
                CountedJob job = recorder.job();
                job.is(JobStage.PENDING);
                job.is(JobStage.RUNNING);
                Jobs now = recorder.snapshot().jobs();
                assertThat(now.pending() + now.running() + now.completed() + now.lost())
                        .isEqualTo(now.submitted());
                job.is(i % 2 == 0 ? JobStage.COMPLETED : JobStage.LOST);
            }
            return null;
        });
        assertThat(recorder.snapshot().jobs()).isEqualTo(new Jobs(16_000, 0, 0, 8_000, 0, 0, 0, 8_000));
    }

    /** Percentiles of durations of all sizes, compared with the exact ones. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void percentilesAreRightToNinePercent(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        int count = random.nextInt(1, 5_000);
        List<Long> durations = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            // evenly over the magnitudes from 2 microseconds to an hour
            double nanos = 2_000 * Math.pow(1.8e9, random.nextDouble());
            durations.add((long) nanos);
            recorder.succeeded((long) nanos);
        }
        durations.sort(null);
        Latency shown = recorder.snapshot().requests().latency();
        assertThat(shown.p50().toNanos()).isBetween(rank(durations, 50), withinNinePercent(rank(durations, 50)));
        assertThat(shown.p95().toNanos()).isBetween(rank(durations, 95), withinNinePercent(rank(durations, 95)));
        assertThat(shown.p99().toNanos()).isBetween(rank(durations, 99), withinNinePercent(rank(durations, 99)));
        assertThat(shown.longest().toNanos()).isEqualTo(durations.get(count - 1));
        assertThat(shown.average().toNanos())
                .isEqualTo(durations.stream().mapToLong(Long::longValue).sum() / count);
    }

    /** The smallest duration that this percentage of the durations does not exceed. */
    private static long rank(List<Long> sorted, int percent) {
        return sorted.get((sorted.size() * percent + 99) / 100 - 1);
    }

    private static long withinNinePercent(long nanos) {
        return nanos + nanos * 9 / 100;
    }
}
