package org.genaiconnector.ra.llm.limits;

import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import org.genaiconnector.FailureCategory;

/** What a limit counts, and in which time. */
public enum Measure {
    REQUESTS_PER_MINUTE("requestsPerMinute", Kind.REQUESTS, Duration.ofMinutes(1)),
    TOKENS_PER_MINUTE("tokensPerMinute", Kind.TOKENS, Duration.ofMinutes(1)),
    /** Calls that are under way. */
    CONCURRENT_CALLS("concurrentCalls", Kind.CONCURRENT, Duration.ZERO),
    TOKENS_PER_HOUR("tokensPerHour", Kind.TOKENS, Duration.ofHours(1)),
    TOKENS_PER_DAY("tokensPerDay", Kind.TOKENS, Duration.ofDays(1)),
    TOKENS_PER_MONTH("tokensPerMonth", Kind.TOKENS, Duration.ofDays(30)),
    COST_PER_HOUR("costPerHour", Kind.COST, Duration.ofHours(1)),
    COST_PER_DAY("costPerDay", Kind.COST, Duration.ofDays(1)),
    COST_PER_MONTH("costPerMonth", Kind.COST, Duration.ofDays(30));

    private enum Kind {
        REQUESTS,
        TOKENS,
        COST,
        CONCURRENT
    }

    private final String word;
    private final Kind kind;
    private final Duration window;

    Measure(String word, Kind kind, Duration window) {
        this.word = word;
        this.kind = kind;
        this.window = window;
    }

    /**
     * The name in files and messages.
     *
     * @return such as {@code tokensPerMinute}
     */
    public String word() {
        return word;
    }

    /**
     * The time in which it counts; a month has 30 days.
     *
     * @return zero for calls under way
     */
    public Duration window() {
        return window;
    }

    /**
     * Whether it counts money, in {@linkplain Amount#picos() picos}.
     *
     * @return false for tokens and calls
     */
    public boolean isCost() {
        return kind == Kind.COST;
    }

    /** Whether it counts calls that are under way, not what happened in a time. */
    boolean isConcurrent() {
        return kind == Kind.CONCURRENT;
    }

    /** What a call fails with that is refused: a budget is what counts for an hour or longer. */
    FailureCategory refusal() {
        return window.compareTo(Duration.ofMinutes(1)) > 0 ? FailureCategory.BUDGET : FailureCategory.RATE_LIMIT;
    }

    /** What a call of this amount adds. */
    long of(Amount amount) {
        return switch (kind) {
            case REQUESTS, CONCURRENT -> 1;
            case TOKENS -> amount.tokens();
            case COST -> amount.picos();
        };
    }

    /** What several calls add that have used this together. */
    long of(long calls, Amount amount) {
        return kind == Kind.REQUESTS ? calls : of(amount);
    }

    /** What of it a call may give back when it ends: it was made in any case. */
    long returned(Amount amount) {
        return kind == Kind.REQUESTS ? 0 : of(amount);
    }

    /**
     * A number of this measure for people.
     *
     * @param value as counted
     * @return money with its decimals
     */
    public String shown(long value) {
        return isCost() ? Amount.money(value).toPlainString() : Long.toString(value);
    }

    /**
     * The measure of a name.
     *
     * @param word as in files
     * @return empty if there is none
     */
    public static Optional<Measure> named(String word) {
        return Arrays.stream(values()).filter(one -> one.word.equals(word)).findFirst();
    }
}
