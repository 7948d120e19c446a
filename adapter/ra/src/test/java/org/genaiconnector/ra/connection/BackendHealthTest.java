package org.genaiconnector.ra.connection;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.genaiconnector.Credentials;
import org.genaiconnector.FailureCategory;
import org.genaiconnector.GenAiException;
import org.junit.jupiter.api.Test;

/** The result of one connection's probe counts for the others. */
class BackendHealthTest {
    private static final Optional<Credentials> ONE = Optional.of(Credentials.apiKey("one"));
    private static final Optional<Credentials> OTHER = Optional.of(Credentials.apiKey("other"));
    private static final Duration LIMIT = Duration.ofSeconds(1);

    private final BackendHealth health = new BackendHealth();

    private static GenAiException down() {
        return new GenAiException(FailureCategory.UNAVAILABLE, "It did not answer a probe");
    }

    /** The probe of a slow backend takes so long that the probe that waits behind it has little time left and fails. */
    @Test
    void aProbeWithoutTimeSaysNothingToOthers() throws Exception {
        AtomicReference<GenAiException> failure = new AtomicReference<>();
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch never = new CountDownLatch(1);
        Thread waiting = new Thread(() -> {
            try {
                begun.await();
                health.check(OTHER, LIMIT, left -> {
                    throw down();
                });
            } catch (GenAiException e) {
                failure.set(e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        waiting.start();
        health.check(ONE, LIMIT, left -> {
            try {
                begun.countDown();
                while (waiting.getState() != Thread.State.TIMED_WAITING) {
                    Thread.onSpinWait();
                }
                never.await(700, TimeUnit.MILLISECONDS);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
        waiting.join();

        assertThat(failure.get().category()).isEqualTo(FailureCategory.UNAVAILABLE);
        assertThat(health.isDown(ONE, LIMIT, left -> {})).isFalse();
    }

    @Test
    void aProbeThatHadItsTimeSaysToAllThatTheServerIsDown() {
        assertThat(health.isDown(OTHER, LIMIT, left -> {
                    throw down();
                }))
                .isTrue();
        assertThat(health.isDown(ONE, LIMIT, left -> {})).isTrue();
    }
}
