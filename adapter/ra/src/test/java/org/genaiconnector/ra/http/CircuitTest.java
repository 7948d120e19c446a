package org.genaiconnector.ra.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.genaiconnector.CircuitState.CLOSED;
import static org.genaiconnector.CircuitState.HALF_OPEN;
import static org.genaiconnector.CircuitState.OPEN;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import org.genaiconnector.CircuitState;
import org.genaiconnector.FailureCategory;
import org.genaiconnector.GenAiException;
import org.genaiconnector.ra.messages.OperatorMessage;
import org.genaiconnector.ra.messages.Produces;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class CircuitTest {
    private static final Duration OPEN_FOR = Duration.ofSeconds(5);

    private final AtomicLong now = new AtomicLong(Long.MAX_VALUE - 1); // clocks may run over
    private final List<CircuitState> states = new CopyOnWriteArrayList<>();
    private final Circuit circuit = circuit(3);

    private Circuit circuit(int failures) {
        return new Circuit("Test server", new CircuitPolicy(failures, OPEN_FOR), now::get);
    }

    /** Notes a change of the state. */
    private void note() {
        CircuitState last = states.isEmpty() ? CLOSED : states.get(states.size() - 1);
        if (circuit.state() != last) {
            states.add(circuit.state());
        }
    }

    @Test
    @Produces(OperatorMessage.CIRCUIT_OPENED)
    void opensAfterSoManyFailuresInARow() {
        fail(2, FailureCategory.UNAVAILABLE);
        assertThat(isAdmitted()).isTrue();
        fail(1, FailureCategory.TIMEOUT_RESPONSE);
        assertThat(isAdmitted()).isFalse();
        assertThat(states).containsExactly(OPEN);
    }

    @Test
    void aSuccessInBetweenRestartsTheCount() {
        fail(2, FailureCategory.UNAVAILABLE);
        succeed();
        fail(2, FailureCategory.UNAVAILABLE);
        assertThat(isAdmitted()).isTrue();
    }

    @Test
    void whatACallerDidWrongIsAnAnswerToo() {
        fail(2, FailureCategory.UNAVAILABLE);
        circuit.failed(new GenAiException(FailureCategory.INVALID_REQUEST, "no", null, false, null, 400, null));
        fail(2, FailureCategory.UNAVAILABLE);
        assertThat(isAdmitted()).isTrue();
    }

    @ParameterizedTest
    @EnumSource(
            value = FailureCategory.class,
            names = {"CANCELLED", "DEADLINE", "TLS", "PROXY", "INVALID_REQUEST"})
    void failuresThatTellNothingOfTheServerDoNotCount(FailureCategory category) {
        fail(2, FailureCategory.UNAVAILABLE);
        fail(10, category);
        assertThat(isAdmitted()).isTrue();
        fail(1, FailureCategory.UNAVAILABLE);
        assertThat(isAdmitted()).as("nor do they count as an answer").isFalse();
    }

    @Test
    void tellsWhenToComeBack() {
        fail(3, FailureCategory.UNAVAILABLE);
        pass(Duration.ofSeconds(2));
        GenAiException refusal = TestBackends.failure(circuit::admit);
        assertThat(refusal.category()).isEqualTo(FailureCategory.UNAVAILABLE);
        assertThat(refusal.isRetryable()).isTrue();
        assertThat(refusal.retryAfter()).contains(Duration.ofSeconds(3));
        assertThat(refusal).hasMessageContaining("3 times");
    }

    @Test
    void letsOneThroughWhenTheTimeIsOver() {
        fail(3, FailureCategory.UNAVAILABLE);
        pass(OPEN_FOR);
        assertThat(isAdmitted()).isTrue();
        assertThat(isAdmitted()).isFalse();
        assertThat(states).containsExactly(OPEN, HALF_OPEN);
    }

    @Test
    void opensAgainIfTheTrialFails() {
        fail(3, FailureCategory.UNAVAILABLE);
        pass(OPEN_FOR);
        assertThat(isAdmitted()).isTrue();
        pass(Duration.ofSeconds(3));
        fail(1, FailureCategory.UNAVAILABLE);
        pass(OPEN_FOR.minusNanos(1));
        assertThat(isAdmitted()).isFalse();
        pass(Duration.ofNanos(1));
        assertThat(isAdmitted()).isTrue();
        assertThat(states).containsExactly(OPEN, HALF_OPEN, OPEN, HALF_OPEN);
    }

    @Test
    @Produces(OperatorMessage.CIRCUIT_CLOSED)
    void closesIfTheTrialSucceeds() {
        fail(3, FailureCategory.UNAVAILABLE);
        pass(OPEN_FOR);
        assertThat(isAdmitted()).isTrue();
        succeed();
        assertThat(isAdmitted()).isTrue();
        assertThat(isAdmitted()).isTrue();
        assertThat(states).containsExactly(OPEN, HALF_OPEN, CLOSED);
    }

    @Test
    void anyAnswerClosesItAlsoOneThatWasOnItsWay() {
        fail(3, FailureCategory.UNAVAILABLE);
        succeed();
        assertThat(isAdmitted()).isTrue();
    }

    @Test
    void aTrialWhoseCallerVanishesDoesNotKeepTheOthersOutForEver() {
        fail(3, FailureCategory.UNAVAILABLE);
        pass(OPEN_FOR);
        assertThat(isAdmitted()).isTrue();
        pass(OPEN_FOR);
        assertThat(isAdmitted()).isTrue();
        assertThat(isAdmitted()).isFalse();
    }

    @Test
    void zeroFailuresMeansNever() {
        Circuit never = circuit(0);
        for (int i = 0; i < 1_000; i++) {
            never.failed(new GenAiException(FailureCategory.UNAVAILABLE, "as the test wants"));
        }
        assertThatCode(never::admit).doesNotThrowAnyException();
    }

    @Test
    void ofManyThreadsOneIsLetThrough() throws Exception {
        int threads = 16;
        ExecutorService executor = Executors.newFixedThreadPool(threads);
        try {
            fail(2, FailureCategory.UNAVAILABLE);
            for (int round = 0; round < 200; round++) {
                fail(1, FailureCategory.UNAVAILABLE);
                pass(OPEN_FOR);
                CountDownLatch start = new CountDownLatch(1);
                List<Future<Boolean>> admitted = new ArrayList<>();
                for (int i = 0; i < threads; i++) {
                    admitted.add(executor.submit(() -> {
                        start.await();
                        return isAdmitted();
                    }));
                }
                start.countDown();
                int through = 0;
                for (Future<Boolean> one : admitted) {
                    through += one.get() ? 1 : 0;
                }
                assertThat(through).isEqualTo(1);
            }
        } finally {
            executor.shutdownNow();
        }
    }

    @Test
    void isOutdatedTenMinutesAfterItsTimeUnlessACallUsesIt() {
        fail(3, FailureCategory.UNAVAILABLE);
        pass(OPEN_FOR.plusMinutes(10));
        assertThat(circuit.isOutdated()).isFalse();
        assertThat(isAdmitted()).isTrue();
        pass(OPEN_FOR.plusMinutes(10));
        assertThat(circuit.isOutdated()).isFalse();
        pass(Duration.ofNanos(1));
        assertThat(circuit.isOutdated()).isTrue();
    }

    private boolean isAdmitted() {
        boolean admitted = TestBackends.failure(circuit::admit) == null;
        note();
        return admitted;
    }

    private void succeed() {
        circuit.succeeded();
        note();
    }

    private void fail(int times, FailureCategory category) {
        for (int i = 0; i < times; i++) {
            circuit.failed(new GenAiException(category, "as the test wants"));
        }
        note();
    }

    private void pass(Duration time) {
        now.addAndGet(time.toNanos());
    }
}
