package org.genaiconnector.ra.llm.limits;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What counts in a window, compared with a list of all that happened. */
class SlidingWindowTest {
    private static final long MINUTE = Duration.ofMinutes(1).toNanos();
    private static final long SLICE = MINUTE / SlidingWindow.SLICES;

    @Test
    void forgetsNothingTooEarlyAndNothingMuchTooLate() {
        Random random = new Random(4);
        long now = -3 * MINUTE; // the clock of the JVM may be negative
        SlidingWindow window = new SlidingWindow(Duration.ofMinutes(1), now);
        Deque<long[]> all = new ArrayDeque<>();
        for (int i = 0; i < 20_000; i++) {
            now += random.nextLong(MINUTE / (1 + random.nextInt(200)));
            long amount = random.nextInt(100);
            window.add(now, amount);
            all.add(new long[] {now, amount});
            assertThat(window.sum(now)).isBetween(since(all, now - MINUTE), since(all, now - MINUTE - SLICE));
        }
    }

    private static long since(Deque<long[]> all, long moment) {
        all.removeIf(each -> each[0] < moment - 2 * SLICE);
        return all.stream()
                .filter(each -> each[0] >= moment)
                .mapToLong(each -> each[1])
                .sum();
    }

    @Test
    void saysWhenThereIsRoom() {
        SlidingWindow window = new SlidingWindow(Duration.ofMinutes(1), 0);
        window.add(0, 60);
        window.add(10 * SLICE, 40);

        assertThat(window.nanosUntil(20 * SLICE, 100)).isZero();
        long first = window.nanosUntil(20 * SLICE, 40);
        assertThat(first).isEqualTo((SlidingWindow.SLICES + 1 - 20) * SLICE);
        assertThat(window.nanosUntil(20 * SLICE, 39)).isEqualTo(first + 10 * SLICE);
        assertThat(window.sum(20 * SLICE + first - 1)).isEqualTo(100);
        assertThat(window.sum(20 * SLICE + first)).isEqualTo(40);
    }

    @Test
    void correctsWhatStillCounts() {
        SlidingWindow window = new SlidingWindow(Duration.ofMinutes(1), 0);
        long place = window.add(0, 100);
        window.correct(SLICE, place, -70);
        assertThat(window.sum(SLICE)).isEqualTo(30);
        assertThat(window.sum(2 * MINUTE)).isZero();
        window.correct(2 * MINUTE, place, 5);
        assertThat(window.sum(2 * MINUTE)).isZero();
    }

    @Test
    void aClockThatJumpsDoesNoHarm() {
        SlidingWindow window = new SlidingWindow(Duration.ofMinutes(1), 0);
        window.add(MINUTE, 7);
        assertThat(window.sum(0)).isEqualTo(7); // back
        window.add(0, 1);
        assertThat(window.sum(MINUTE + MINUTE / 2)).isEqualTo(8);
        assertThat(window.sum(Long.MAX_VALUE / 2)).isZero(); // far ahead
        window.add(Long.MAX_VALUE / 2, 3);
        assertThat(window.sum(Long.MAX_VALUE / 2)).isEqualTo(3);
        assertThat(window.nanosUntil(Long.MAX_VALUE / 2, 0)).isPositive();
    }
}
