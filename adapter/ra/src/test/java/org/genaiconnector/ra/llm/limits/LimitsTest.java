package org.genaiconnector.ra.llm.limits;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.genaiconnector.FailureCategory;
import org.junit.jupiter.api.Test;

/** Limits with a clock that the test turns. */
class LimitsTest {
    private static final CallKeys ALICE = keys("fast", "alice");
    private static final CallKeys BOB = keys("fast", "bob");
    private static final Amount CALL = new Amount(100, 0);

    private final AtomicLong clock = new AtomicLong();

    private static CallKeys keys(String model, String caller) {
        return new CallKeys("openai", model, "KEY", "board", caller);
    }

    private static LimitRule each(Scope scope, Measure measure, long most) {
        return new LimitRule(scope, Optional.empty(), Map.of(measure, most), false);
    }

    private static LimitRule one(Scope scope, String name, Measure measure, long most) {
        return new LimitRule(scope, Optional.of(name), Map.of(measure, most), false);
    }

    private Limits limits(LimitRule... rules) {
        return new LocalLimits(List.of(rules), clock::get);
    }

    private void turn(Duration time) {
        clock.addAndGet(time.toNanos());
    }

    private static Reservation granted(Decision decision) {
        assertThat(decision).isInstanceOf(Reservation.class);
        return (Reservation) decision;
    }

    private static Refusal refused(Decision decision) {
        assertThat(decision).isInstanceOf(Refusal.class);
        return (Refusal) decision;
    }

    @Test
    void refusesWhatIsTooMuchAndSaysWhenItOpens() {
        Limits limits = limits(each(Scope.CALLER, Measure.REQUESTS_PER_MINUTE, 2));
        granted(limits.reserve(ALICE, CALL)).settle(CALL);
        turn(Duration.ofSeconds(20));
        granted(limits.reserve(ALICE, CALL)).settle(CALL);
        turn(Duration.ofSeconds(10));

        Refusal refusal = refused(limits.reserve(ALICE, CALL));
        assertThat(refusal.failure().category()).isEqualTo(FailureCategory.RATE_LIMIT);
        assertThat(refusal.failure().getMessage())
                .startsWith("The limit of 2 requestsPerMinute for caller alice is used up; it opens again in ");
        assertThat(refusal.failure().retryAfter().orElseThrow())
                .isBetween(Duration.ofSeconds(30), Duration.ofSeconds(31));
        granted(limits.reserve(BOB, CALL)); // each caller is counted by itself

        turn(refusal.opens().orElseThrow());
        granted(limits.reserve(ALICE, CALL));
    }

    @Test
    void aNameMayHaveALimitOfItsOwn() {
        Limits limits = limits(
                each(Scope.CALLER, Measure.REQUESTS_PER_MINUTE, 1),
                one(Scope.CALLER, "alice", Measure.REQUESTS_PER_MINUTE, 2));
        granted(limits.reserve(ALICE, CALL));
        granted(limits.reserve(ALICE, CALL));
        refused(limits.reserve(ALICE, CALL));
        granted(limits.reserve(BOB, CALL));
        refused(limits.reserve(BOB, CALL));
    }

    @Test
    void aLimitOfItsOwnReplacesNoOtherMeasure() {
        Limits limits = limits(
                each(Scope.CALLER, Measure.REQUESTS_PER_MINUTE, 1),
                one(Scope.CALLER, "alice", Measure.TOKENS_PER_MINUTE, 1_000));
        granted(limits.reserve(ALICE, CALL));
        assertThat(refused(limits.reserve(ALICE, CALL)).measure()).isEqualTo(Measure.REQUESTS_PER_MINUTE);
    }

    @Test
    void settlesByWhatWasUsed() {
        Limits limits = limits(each(Scope.MODEL, Measure.TOKENS_PER_MINUTE, 1_000));
        Reservation first = granted(limits.reserve(ALICE, new Amount(900, 0)));
        refused(limits.reserve(ALICE, new Amount(200, 0)));
        first.settle(new Amount(300, 0));
        first.settle(new Amount(900, 0)); // a second settlement does nothing
        assertThat(limits.figures()).singleElement().satisfies(figure -> {
            assertThat(figure.used()).isEqualTo(300);
            assertThat(figure.refused()).isEqualTo(1);
        });
        granted(limits.reserve(ALICE, new Amount(700, 0))).cancel();
        granted(limits.reserve(ALICE, new Amount(700, 0)));
    }

    @Test
    void whatCallsUnderWayMayGiveBackIsNoReasonToWaitForADay() {
        Limits limits = limits(each(Scope.CALLER, Measure.TOKENS_PER_DAY, 150));
        Reservation first = granted(limits.reserve(ALICE, CALL));

        Refusal refusal = refused(limits.reserve(ALICE, CALL));

        assertThat(refusal.opens()).isEmpty();
        assertThat(refusal.failure()).hasMessageContaining("it opens when one of the calls under way ends");
        first.settle(new Amount(30, 0));
        Reservation second = granted(limits.reserve(ALICE, CALL));
        second.settle(new Amount(90, 0));
        assertThat(refused(limits.reserve(ALICE, CALL)).failure())
                .hasMessageContaining("is used up; it opens again in 24 h 12 min");
    }

    @Test
    void callsUnderWayGiveNoRequestBack() {
        Limits limits = limits(each(Scope.CALLER, Measure.REQUESTS_PER_MINUTE, 1));
        granted(limits.reserve(ALICE, CALL));

        assertThat(refused(limits.reserve(ALICE, CALL)).opens())
                .hasValueSatisfying(opens -> assertThat(opens).isGreaterThanOrEqualTo(Duration.ofMinutes(1)));
    }

    @Test
    void callsThatAreNotMadeDoNotCount() {
        Limits limits = limits(each(Scope.TARGET, Measure.REQUESTS_PER_MINUTE, 1));
        granted(limits.reserve(ALICE, CALL)).cancel();
        granted(limits.reserve(ALICE, CALL)).settle(Amount.NONE);
        refused(limits.reserve(ALICE, CALL));
    }

    @Test
    void limitsCallsUnderWay() {
        Limits limits = limits(each(Scope.TARGET, Measure.CONCURRENT_CALLS, 2));
        Reservation first = granted(limits.reserve(ALICE, CALL));
        granted(limits.reserve(BOB, CALL));
        Refusal refusal = refused(limits.reserve(BOB, CALL));
        assertThat(refusal.failure().retryAfter()).isEmpty();
        assertThat(refusal.failure().getMessage()).contains("it opens when one of the calls under way ends");
        first.settle(CALL);
        granted(limits.reserve(BOB, CALL));
    }

    @Test
    void aCallThatNeedsMoreThanTheLimitGoesAlone() {
        Limits limits = limits(each(Scope.MODEL, Measure.TOKENS_PER_MINUTE, 1_000));
        Reservation large = granted(limits.reserve(ALICE, new Amount(5_000, 0)));
        refused(limits.reserve(ALICE, new Amount(1, 0)));
        large.settle(new Amount(999, 0));
        refused(limits.reserve(ALICE, new Amount(5_000, 0)));
        granted(limits.reserve(ALICE, new Amount(1, 0)));
    }

    @Test
    void reservesInAllLimitsOrInNone() {
        Limits limits = limits(
                each(Scope.MODEL, Measure.REQUESTS_PER_MINUTE, 10), each(Scope.CALLER, Measure.REQUESTS_PER_MINUTE, 1));
        granted(limits.reserve(ALICE, CALL));
        refused(limits.reserve(ALICE, CALL));
        assertThat(limits.figures()).extracting(LimitFigure::used).containsExactly(1L, 1L);
    }

    @Test
    void namesTheLimitThatOpensLast() {
        long money = Amount.picos(BigDecimal.ONE);
        Limits limits = limits(
                each(Scope.CALLER, Measure.REQUESTS_PER_MINUTE, 1), each(Scope.KEY, Measure.COST_PER_DAY, money));
        granted(limits.reserve(ALICE, new Amount(1, money))).settle(new Amount(1, money));
        Refusal refusal = refused(limits.reserve(ALICE, new Amount(1, 1)));
        assertThat(refusal.failure().category()).isEqualTo(FailureCategory.BUDGET);
        assertThat(refusal.failure().isRetryable()).isFalse();
        assertThat(refusal.failure().getMessage()).startsWith("The limit of 1 costPerDay for key KEY is used up");
        assertThat(refusal.opens().orElseThrow()).isBetween(Duration.ofHours(24), Duration.ofHours(25));
    }

    @Test
    void aShadowOnlyCounts() {
        Limits limits =
                limits(new LimitRule(Scope.CALLER, Optional.empty(), Map.of(Measure.REQUESTS_PER_MINUTE, 1L), true));
        granted(limits.reserve(ALICE, CALL));
        granted(limits.reserve(ALICE, CALL));
        assertThat(limits.figures()).singleElement().satisfies(figure -> {
            assertThat(figure.share()).isEqualTo(2);
            assertThat(figure.refused()).isEqualTo(1);
            assertThat(figure.shadow()).isTrue();
        });
    }

    @Test
    void newRulesKeepWhatWasCounted() {
        Limits limits = limits(each(Scope.CALLER, Measure.REQUESTS_PER_MINUTE, 1));
        granted(limits.reserve(ALICE, CALL));
        limits.configure(List.of(each(Scope.CALLER, Measure.REQUESTS_PER_MINUTE, 2)));
        granted(limits.reserve(ALICE, CALL));
        refused(limits.reserve(ALICE, CALL));
        limits.configure(List.of());
        granted(limits.reserve(ALICE, CALL));
        assertThat(limits.figures()).isEmpty();
    }

    @Test
    void callersThatInventNamesShareOneCount() {
        Limits limits = limits(each(Scope.CALLER, Measure.REQUESTS_PER_MINUTE, 1));
        for (int i = 0; i < Book.MOST_NAMES; i++) {
            granted(limits.reserve(keys("fast", "caller " + i), CALL));
        }
        granted(limits.reserve(keys("fast", "one more"), CALL));
        refused(limits.reserve(keys("fast", "and another"), CALL));
        refused(limits.reserve(keys("fast", "caller 7"), CALL));
    }

    @Test
    void namesOfWhichNothingCountsMakeRoomForOthers() {
        Limits limits = limits(
                each(Scope.CALLER, Measure.REQUESTS_PER_MINUTE, 1), each(Scope.CALLER, Measure.CONCURRENT_CALLS, 1));
        Reservation running = granted(limits.reserve(ALICE, CALL));
        for (int i = 1; i < Book.MOST_NAMES; i++) {
            granted(limits.reserve(keys("fast", "caller " + i), CALL)).settle(CALL);
        }
        turn(Duration.ofMinutes(2));
        granted(limits.reserve(keys("fast", "one more"), CALL));
        granted(limits.reserve(keys("fast", "and another"), CALL));
        refused(limits.reserve(ALICE, CALL)); // is still under way
        running.settle(CALL);
        assertThat(limits.figures())
                .extracting(LimitFigure::name)
                .containsOnly("alice", "one more", "and another")
                .hasSize(6);
    }

    @Test
    void hoursAndDaysPass() {
        long budget = 10_000;
        Limits limits = limits(
                each(Scope.APPLICATION, Measure.TOKENS_PER_HOUR, budget),
                each(Scope.KEY, Measure.TOKENS_PER_DAY, 5 * budget));
        long day = 0;
        for (int hour = 0; hour < 24; hour++) {
            long spent = 0;
            while (limits.reserve(ALICE, CALL) instanceof Reservation reservation) {
                reservation.settle(CALL);
                spent += CALL.tokens();
            }
            assertThat(spent).isEqualTo(hour < 5 ? budget : 0);
            day += spent;
            turn(Duration.ofMinutes(61));
        }
        assertThat(day).isEqualTo(5 * budget);
        turn(Duration.ofMinutes(30));
        granted(limits.reserve(ALICE, CALL));
    }

    // ---- many callers

    /** A call that was let through. */
    private record Call(long at, String model, String caller, long tokens, long picos) {}

    /**
     * 200 callers of three principals and two models call as often as they can for half an hour, each with other sizes of
     * answers, some without a report of what they used; the clock is turned while they wait.
     */
    @Test
    void inNoMinuteAreThereMoreThanTheLimitsAllow() {
        long requests = 90;
        long tokens = 40_000;
        long budget = Amount.picos(new BigDecimal("0.9"));
        long perToken = 1_000_000; // 1 for a million tokens
        Limits limits = limits(
                each(Scope.MODEL, Measure.TOKENS_PER_MINUTE, tokens),
                each(Scope.CALLER, Measure.REQUESTS_PER_MINUTE, requests),
                one(Scope.CALLER, "carol", Measure.COST_PER_HOUR, budget / 3),
                each(Scope.KEY, Measure.COST_PER_HOUR, budget));
        List<Call> calls = new ArrayList<>();
        List<String> principals = List.of("alice", "bob", "carol");
        java.util.Random random = new java.util.Random(17);
        record Running(long end, Reservation reservation, Call call) {}
        List<Running> running = new ArrayList<>();
        long end = Duration.ofMinutes(30).toNanos();
        int callers = 200;
        while (clock.get() < end) {
            for (int i = 0; i < callers; i++) {
                if (running.size() >= callers) {
                    break;
                }
                long most = 400;
                CallKeys keys = keys(i % 2 == 0 ? "fast" : "best", principals.get(i % 3));
                if (limits.reserve(keys, new Amount(most, most * perToken)) instanceof Reservation reservation) {
                    long used = 1 + random.nextInt((int) most);
                    Call call = new Call(clock.get(), keys.model(), keys.caller(), used, used * perToken);
                    calls.add(call);
                    running.add(new Running(clock.get() + random.nextLong(3_000_000_000L), reservation, call));
                }
            }
            turn(Duration.ofMillis(137));
            running.removeIf(one -> {
                if (one.end() > clock.get()) {
                    return false;
                }
                one.reservation()
                        .settle(new Amount(one.call().tokens(), one.call().picos()));
                return true;
            });
        }
        long minute = Duration.ofMinutes(1).toNanos();
        for (Call last : calls) {
            List<Call> within = calls.stream()
                    .filter(call -> call.at() <= last.at() && call.at() > last.at() - minute)
                    .toList();
            assertThat(within.stream().filter(call -> call.caller().equals(last.caller())))
                    .hasSizeLessThanOrEqualTo((int) requests);
            assertThat(within.stream()
                            .filter(call -> call.model().equals(last.model()))
                            .mapToLong(Call::tokens)
                            .sum())
                    .isLessThanOrEqualTo(tokens);
        }
        long spent = calls.stream().mapToLong(Call::picos).sum();
        assertThat(spent).isLessThanOrEqualTo(budget).isGreaterThan(budget * 98 / 100);
        assertThat(calls.stream()
                        .filter(call -> call.caller().equals("carol"))
                        .mapToLong(Call::picos)
                        .sum())
                .isLessThanOrEqualTo(budget / 3)
                .isGreaterThan(budget / 4);
    }

    /** Estimates that are far too low overdraw a budget by what is under way, and by one call if calls follow each other. */
    @Test
    void aBudgetIsOverdrawnByOneCallAtMost() {
        long budget = Amount.picos(BigDecimal.ONE);
        Limits limits = limits(each(Scope.KEY, Measure.COST_PER_DAY, budget));
        long spent = 0;
        long call = budget / 7;
        while (limits.reserve(ALICE, new Amount(1, 1)) instanceof Reservation reservation) {
            reservation.settle(new Amount(1, call));
            spent += call;
        }
        assertThat(spent).isBetween(budget, budget + call);
    }

    @Test
    void manyThreadsTogetherExceedNoLimit() throws Exception {
        int threads = 16;
        long most = 1_000;
        Limits limits = limits(
                each(Scope.KEY, Measure.REQUESTS_PER_MINUTE, most), each(Scope.MODEL, Measure.CONCURRENT_CALLS, 5));
        AtomicLong granted = new AtomicLong();
        AtomicLong underWay = new AtomicLong();
        AtomicLong highest = new AtomicLong();
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        List<Future<?>> all = new ArrayList<>();
        for (int i = 0; i < threads; i++) {
            all.add(pool.submit(() -> {
                for (int tries = 0; tries < 5_000; tries++) {
                    if (limits.reserve(ALICE, CALL) instanceof Reservation reservation) {
                        granted.incrementAndGet();
                        highest.accumulateAndGet(underWay.incrementAndGet(), Math::max);
                        underWay.decrementAndGet();
                        reservation.settle(CALL);
                    }
                }
            }));
        }
        for (Future<?> each : all) {
            each.get(60, TimeUnit.SECONDS);
        }
        pool.shutdown();
        assertThat(granted.get()).isEqualTo(most);
        assertThat(highest.get()).isLessThanOrEqualTo(5);
    }

    @Test
    void aCallThatEndsWakesThoseThatWait() throws Exception {
        Limits limits = new LocalLimits(List.of(each(Scope.TARGET, Measure.CONCURRENT_CALLS, 1)), System::nanoTime);
        Reservation first = granted(limits.reserve(ALICE, CALL));
        long seen = limits.changes();
        refused(limits.reserve(BOB, CALL));
        Thread ending = new Thread(() -> first.settle(CALL));
        ending.start();
        limits.await(seen, Duration.ofSeconds(60));
        granted(limits.reserve(BOB, CALL));
        ending.join();
        limits.await(seen, Duration.ofSeconds(60)); // returns at once: something has changed since
    }
}
