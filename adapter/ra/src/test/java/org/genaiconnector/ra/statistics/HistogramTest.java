package org.genaiconnector.ra.statistics;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HistogramTest {
    private final Histogram histogram = new Histogram();

    @ParameterizedTest
    @ValueSource(longs = {1_024, 1_087, 1_088, 1_999, 2_047, 2_048, 999_999, 1_234_567_890, 3_600_000_000_000L})
    void percentilesAreNeverTooShortAndAtMostSevenPercentTooLong(long nanos) {
        histogram.record(nanos);
        histogram.record(Duration.ofHours(1).toNanos()); // or else the percentile would be the longest of all
        assertThat(histogram.percentile(0.5).toNanos()).isBetween(nanos, nanos + nanos * 7 / 100);
    }

    @Test
    void percentilesAreThoseOfTheirShare() {
        for (int micros = 1; micros <= 1_000; micros++) {
            histogram.record(TimeUnit.MICROSECONDS.toNanos(micros));
        }
        assertThat(histogram.percentile(0.50)).isBetween(Duration.ofNanos(500_000), Duration.ofNanos(535_000));
        assertThat(histogram.percentile(0.99)).isBetween(Duration.ofNanos(990_000), Duration.ofNanos(1_000_000));
        assertThat(histogram.average()).isEqualTo(Duration.ofNanos(500_500));
        assertThat(histogram.longest()).isEqualTo(Duration.ofMillis(1));
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 1_023, Long.MAX_VALUE})
    void takesDurationsOutOfItsRange(long nanos) {
        histogram.record(nanos);
        assertThat(histogram.longest()).isEqualTo(Duration.ofNanos(nanos));
        assertThat(histogram.percentile(1)).isLessThanOrEqualTo(Duration.ofNanos(nanos));
    }

    @Test
    void isZeroWithoutDurations() {
        assertThat(histogram.average()).isZero();
        assertThat(histogram.percentile(0.99)).isZero();
    }

    @Test
    void countsCumulativelyByBoundsAndNeverTooMany() {
        for (long millis : new long[] {1, 5, 24, 26, 999, 1_001, 59_000, 7_200_000}) {
            histogram.record(millis * 1_000_000);
        }
        HistogramFigures figures = histogram.figures();

        assertThat(figures.byBound())
                .containsEntry("0.01", 2L)
                .containsEntry("0.025", 3L)
                .containsEntry("0.05", 4L)
                .containsEntry("1", 4L) // 999 ms is within 7 percent of the bound
                .containsEntry("2.5", 6L)
                .containsEntry("60", 6L)
                .containsEntry("600", 7L)
                .containsEntry("+Inf", 8L);
        assertThat(figures.sumMillis()).isEqualTo(1 + 5 + 24 + 26 + 999 + 1_001 + 59_000 + 7_200_000);
    }
}
