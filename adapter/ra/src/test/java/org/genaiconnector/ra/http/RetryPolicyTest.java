package org.genaiconnector.ra.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.genaiconnector.FailureCategory;
import org.genaiconnector.GenAiException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class RetryPolicyTest {
    private static final RetryPolicy POLICY = new RetryPolicy(100, Duration.ofSeconds(1));

    @ParameterizedTest
    @CsvSource({"1, 1000", "2, 2000", "3, 4000", "5, 16000", "6, 30000", "60, 30000", "100, 30000"})
    void delaysDoubleUpToTheirCapAndAreShortenedByAQuarterAtMost(int attempt, long longest) {
        List<Long> delays = IntStream.range(0, 2_000)
                .mapToObj(i -> delay(POLICY, attempt).toMillis())
                .toList();
        assertThat(delays).allSatisfy(millis -> assertThat(millis).isBetween(longest * 3 / 4 - 1, longest));
        assertThat(delays.stream().distinct().count()).as("different delays").isGreaterThan(100);
    }

    @Test
    void aDelayOfZeroStaysZero() {
        assertThat(delay(new RetryPolicy(5, Duration.ZERO), 5)).isZero();
    }

    @Test
    void givesUpAfterTheLastRetry() {
        RetryPolicy twice = new RetryPolicy(2, Duration.ofMillis(1));
        GenAiException failure = failure(FailureCategory.UNAVAILABLE, null);
        assertThat(twice.delay(failure, 2, Repeatable.ALWAYS)).isPresent();
        assertThat(twice.delay(failure, 3, Repeatable.ALWAYS)).isEmpty();
        assertThat(new RetryPolicy(0, Duration.ZERO).delay(failure, 1, Repeatable.ALWAYS))
                .isEmpty();
    }

    @Test
    void waitsAsLongAsTheServerAsksForEvenIfThatIsNothing() {
        assertThat(after(Duration.ofSeconds(7))).contains(Duration.ofSeconds(7));
        assertThat(after(Duration.ZERO)).contains(Duration.ZERO);
        assertThat(after(RetryPolicy.MAX_RETRY_AFTER)).contains(RetryPolicy.MAX_RETRY_AFTER);
    }

    @Test
    void tellsTheCallerInsteadOfWaitingTooLong() {
        assertThat(after(RetryPolicy.MAX_RETRY_AFTER.plusMillis(1))).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(
            value = FailureCategory.class,
            names = {"COMMUNICATION", "TRUNCATED", "TIMEOUT_RESPONSE"})
    void repeatsWhatTheServerMayHaveDoneOnlyIfThatChangesNothing(FailureCategory category) {
        GenAiException failure = failure(category, null);
        assertThat(POLICY.delay(failure, 1, Repeatable.ALWAYS)).isPresent();
        assertThat(POLICY.delay(failure, 1, Repeatable.IF_NOT_DONE)).isEmpty();
        assertThat(POLICY.delay(failure, 1, Repeatable.NEVER)).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(
            value = FailureCategory.class,
            names = {"TLS", "PROXY", "AUTHENTICATION", "INVALID_REQUEST", "DEADLINE", "CANCELLED", "PROTOCOL"})
    void repeatsNothingThatWouldFailAgain(FailureCategory category) {
        assertThat(POLICY.delay(failure(category, null), 1, Repeatable.ALWAYS)).isEmpty();
    }

    @Test
    void neverRepeatsABodyThatCanBeReadOnlyOnce() {
        assertThat(POLICY.delay(failure(FailureCategory.UNAVAILABLE, null), 1, Repeatable.NEVER))
                .isEmpty();
    }

    @Test
    void refusesNegativeValues() {
        assertThatIllegalArgumentException().isThrownBy(() -> new RetryPolicy(-1, Duration.ZERO));
        assertThatIllegalArgumentException().isThrownBy(() -> new RetryPolicy(0, Duration.ofMillis(-1)));
    }

    private static Duration delay(RetryPolicy policy, int attempt) {
        return policy.delay(failure(FailureCategory.UNAVAILABLE, null), attempt, Repeatable.IF_NOT_DONE)
                .orElseThrow();
    }

    private static Optional<Duration> after(Duration asked) {
        return POLICY.delay(failure(FailureCategory.RATE_LIMIT, asked), 1, Repeatable.IF_NOT_DONE);
    }

    private static GenAiException failure(FailureCategory category, Duration retryAfter) {
        return new GenAiException(category, "as the test wants", null, category.isRetryable(), retryAfter, null, null);
    }
}
