package org.genaiconnector.ra.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.genaiconnector.GenAiException;
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
    void boundsTheCallsOfOnePieceOfWork() throws GenAiException {
        Duration day = Duration.ofDays(1);
        Deadline.in(Duration.ofMinutes(1)).around(() -> {
            assertThat(Deadline.ofCall(day).whole()).isEqualTo(Duration.ofMinutes(1));
            assertThat(Deadline.ofCall(Duration.ofSeconds(1)).whole()).isEqualTo(Duration.ofSeconds(1));
            Deadline.in(day).around(() -> {
                assertThat(Deadline.ofCall(day).whole())
                        .as("nothing lengthens it")
                        .isEqualTo(Duration.ofMinutes(1));
                return null;
            });
            Deadline.in(Duration.ofHours(1)).apart(() -> {
                assertThat(Deadline.ofCall(day).whole()).isEqualTo(Duration.ofHours(1));
                return null;
            });
            assertThat(Deadline.ofCall(day).whole()).isEqualTo(Duration.ofMinutes(1));
            return null;
        });
        assertThat(Deadline.ofCall(day).whole()).as("ends with the work").isEqualTo(day);
    }

    @Test
    void boundsNothingAfterWorkThatFailed() {
        assertThatThrownBy(() -> Deadline.in(Duration.ZERO).around(() -> {
                    throw new IllegalStateException("as tested");
                }))
                .hasMessage("as tested");
        assertThat(Deadline.ofCall(Duration.ofDays(1)).whole()).isEqualTo(Duration.ofDays(1));
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
