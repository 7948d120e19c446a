package org.genaiconnector.ra.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class DeadlineTest {

    @Test
    void leavesNoMoreThanItWasSetFor() {
        Deadline deadline = Deadline.in(Duration.ofMinutes(1));
        assertThat(deadline.hasPassed()).isFalse();
        assertThat(deadline.remainingMillis()).isBetween(50_000, 60_000);
        assertThat(deadline.whole()).isEqualTo(Duration.ofMinutes(1));
    }

    @Test
    void lessThanAMillisecondCountsAsNothing() {
        assertThat(Deadline.in(Duration.ofNanos(900_000)).hasPassed()).isTrue();
        assertThat(Deadline.in(Duration.ZERO).hasPassed()).isTrue();
    }

    @Test
    void whatIsLeftIsNeverZeroBecauseSocketsTakeThatForEver() {
        assertThat(Deadline.in(Duration.ofSeconds(-5)).remainingMillis()).isEqualTo(1);
        assertThat(Deadline.in(Duration.ZERO).cap(Duration.ofSeconds(1))).isEqualTo(1);
    }

    @Test
    void capsLongerTimesOnly() {
        Deadline deadline = Deadline.in(Duration.ofMinutes(1));
        assertThat(deadline.cap(Duration.ofMillis(5))).isEqualTo(5);
        assertThat(deadline.cap(Duration.ofHours(1))).isBetween(50_000, 60_000);
    }

    @Test
    void whatNoSocketCanWaitForIsCutToWhatItCan() {
        assertThat(Deadline.in(Duration.ofDays(1_000)).remainingMillis()).isEqualTo(Integer.MAX_VALUE);
    }
}
