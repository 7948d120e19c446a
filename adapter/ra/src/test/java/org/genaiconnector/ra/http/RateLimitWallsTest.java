package org.genaiconnector.ra.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.genaiconnector.FailureCategory;
import org.genaiconnector.GenAiException;
import org.junit.jupiter.api.Test;

class RateLimitWallsTest {
    private static final Map<String, String> ONE = Map.of("Authorization", "Bearer one");
    private static final Map<String, String> OTHER = Map.of("Authorization", "Bearer other");

    private final AtomicLong now = new AtomicLong(Long.MAX_VALUE - 1); // clocks may run over
    private final RateLimitWalls walls = new RateLimitWalls("Test server", now::get);

    private void pass(Duration time) {
        now.addAndGet(time.toNanos());
    }

    private static GenAiException answer(FailureCategory category, Duration retryAfter) {
        return new GenAiException(category, "told", null, category.isRetryable(), retryAfter, 429, null);
    }

    @Test
    void standForOneCredentialAsLongAsTheServerSaid() {
        walls.failed(ONE, answer(FailureCategory.RATE_LIMIT, Duration.ofSeconds(7)));
        pass(Duration.ofSeconds(3));
        assertThat(walls.remaining(ONE)).isEqualTo(Duration.ofSeconds(4));
        assertThat(walls.remaining(OTHER)).isZero();
        pass(Duration.ofSeconds(4));
        assertThat(walls.remaining(ONE)).isZero();
    }

    @Test
    void areLengthenedButNotShortened() {
        walls.failed(ONE, answer(FailureCategory.RATE_LIMIT, Duration.ofSeconds(7)));
        walls.failed(ONE, answer(FailureCategory.RATE_LIMIT, Duration.ofSeconds(2)));
        assertThat(walls.remaining(ONE)).isEqualTo(Duration.ofSeconds(7));
        walls.failed(ONE, answer(FailureCategory.RATE_LIMIT, Duration.ofSeconds(9)));
        assertThat(walls.remaining(ONE)).isEqualTo(Duration.ofSeconds(9));
    }

    @Test
    void canBeRaisedAgainAfterTheyFell() {
        walls.failed(ONE, answer(FailureCategory.RATE_LIMIT, Duration.ofSeconds(7)));
        pass(Duration.ofSeconds(8));
        walls.failed(ONE, answer(FailureCategory.RATE_LIMIT, Duration.ofSeconds(2)));
        assertThat(walls.remaining(ONE)).isEqualTo(Duration.ofSeconds(2));
    }

    @Test
    void standForAMinuteAtMostWhateverTheServerSays() {
        walls.failed(ONE, answer(FailureCategory.RATE_LIMIT, Duration.ofSeconds(Long.MAX_VALUE)));
        pass(RateLimitWalls.STANDS.minusSeconds(1));
        assertThat(walls.remaining(ONE)).isGreaterThan(Duration.ofHours(23));
        pass(Duration.ofSeconds(1));
        assertThat(walls.remaining(ONE)).isZero();
    }

    @Test
    void areNotRaisedByOtherFailures() {
        walls.failed(ONE, answer(FailureCategory.QUOTA, Duration.ofSeconds(7)));
        walls.failed(ONE, answer(FailureCategory.OVERLOADED, Duration.ofSeconds(7)));
        walls.failed(ONE, answer(FailureCategory.RATE_LIMIT, null));
        walls.failed(ONE, walls.refusal(Duration.ofSeconds(7)));
        assertThat(walls.remaining(ONE)).isZero();
    }

    @Test
    void refuseWithWhatIsLeftOfTheWait() {
        GenAiException refusal = walls.refusal(Duration.ofSeconds(7));
        assertThat(refusal.category()).isEqualTo(FailureCategory.RATE_LIMIT);
        assertThat(refusal.isRetryable()).isTrue();
        assertThat(refusal.retryAfter()).contains(Duration.ofSeconds(7));
        assertThat(refusal.status()).isEmpty();
    }
}
