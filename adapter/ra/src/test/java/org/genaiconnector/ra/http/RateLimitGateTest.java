package org.genaiconnector.ra.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.genaiconnector.FailureCategory;
import org.genaiconnector.GenAiException;
import org.junit.jupiter.api.Test;

class RateLimitGateTest {
    private static final Map<String, String> ONE = Map.of("Authorization", "Bearer one");
    private static final Map<String, String> OTHER = Map.of("Authorization", "Bearer other");

    private final AtomicLong now = new AtomicLong(Long.MAX_VALUE - 1); // clocks may overflow
    private final RateLimitGate gate = new RateLimitGate("Test server", now::get);

    private void pass(Duration time) {
        now.addAndGet(time.toNanos());
    }

    private static GenAiException answer(FailureCategory category, Duration retryAfter) {
        return new GenAiException(category, "as the test wants", null, category.isRetryable(), retryAfter, 429, null);
    }

    @Test
    void isClosedForOneCredentialAsLongAsTheBackendSaid() {
        gate.failed(ONE, answer(FailureCategory.RATE_LIMIT, Duration.ofSeconds(7)));
        pass(Duration.ofSeconds(3));
        assertThat(gate.remaining(ONE)).isEqualTo(Duration.ofSeconds(4));
        assertThat(gate.remaining(OTHER)).isZero();
        pass(Duration.ofSeconds(4));
        assertThat(gate.remaining(ONE)).isZero();
    }

    @Test
    void isClosedForLongerButNotForLess() {
        gate.failed(ONE, answer(FailureCategory.RATE_LIMIT, Duration.ofSeconds(7)));
        gate.failed(ONE, answer(FailureCategory.RATE_LIMIT, Duration.ofSeconds(2)));
        assertThat(gate.remaining(ONE)).isEqualTo(Duration.ofSeconds(7));
        gate.failed(ONE, answer(FailureCategory.RATE_LIMIT, Duration.ofSeconds(9)));
        assertThat(gate.remaining(ONE)).isEqualTo(Duration.ofSeconds(9));
    }

    @Test
    void closesAgainAfterItOpened() {
        gate.failed(ONE, answer(FailureCategory.RATE_LIMIT, Duration.ofSeconds(7)));
        pass(Duration.ofSeconds(8));
        gate.failed(ONE, answer(FailureCategory.RATE_LIMIT, Duration.ofSeconds(2)));
        assertThat(gate.remaining(ONE)).isEqualTo(Duration.ofSeconds(2));
    }

    @Test
    void isClosedForAMinuteAtMostEvenIfTheBackendAsksForMore() {
        gate.failed(ONE, answer(FailureCategory.RATE_LIMIT, Duration.ofSeconds(Long.MAX_VALUE)));
        pass(RateLimitGate.LONGEST_CLOSED.minusSeconds(1));
        assertThat(gate.remaining(ONE)).isGreaterThan(Duration.ofHours(23));
        pass(Duration.ofSeconds(1));
        assertThat(gate.remaining(ONE)).isZero();
    }

    @Test
    void isNotClosedByOtherFailures() {
        gate.failed(ONE, answer(FailureCategory.QUOTA, Duration.ofSeconds(7)));
        gate.failed(ONE, answer(FailureCategory.OVERLOADED, Duration.ofSeconds(7)));
        gate.failed(ONE, answer(FailureCategory.RATE_LIMIT, null));
        gate.failed(ONE, gate.refusal(Duration.ofSeconds(7)));
        assertThat(gate.remaining(ONE)).isZero();
    }

    @Test
    void refusesWithWhatIsLeftOfTheWait() {
        GenAiException refusal = gate.refusal(Duration.ofSeconds(7));
        assertThat(refusal.category()).isEqualTo(FailureCategory.RATE_LIMIT);
        assertThat(refusal.isRetryable()).isTrue();
        assertThat(refusal.retryAfter()).contains(Duration.ofSeconds(7));
        assertThat(refusal.status()).isEmpty();
    }
}
