package org.genaiconnector.ra.llm;

import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;
import org.genaiconnector.GenAiException;
import org.genaiconnector.llm.Routing;
import org.genaiconnector.llm.TokenUsage;
import org.genaiconnector.ra.http.Effect;
import org.genaiconnector.ra.llm.limits.Amount;
import org.genaiconnector.ra.llm.limits.Reservation;
import org.genaiconnector.ra.llm.targets.Candidate;
import org.genaiconnector.ra.llm.targets.Price;

/**
 * One try of a call at one candidate: what it has reserved, until it has ended. Each way to end it counts once; the reader of a
 * stream may end it on another thread.
 */
final class Attempt {
    private final Candidate candidate;
    private final Lane lane;
    private final Reservation reservation;
    private final Optional<Price> price;
    private final String currency;
    private final List<Routing.FailedTry> failed;
    private final long inputTokens;
    private final LongSupplier nanoTime;
    private final UsageLedger.Entry account;
    private final long began;
    private final AtomicBoolean ended = new AtomicBoolean();

    /**
     * A try that begins now.
     *
     * @param failed the tries before
     * @param inputTokens by estimate
     */
    Attempt(
            Candidate candidate,
            Lane lane,
            Reservation reservation,
            Optional<Price> price,
            String currency,
            List<Routing.FailedTry> failed,
            long inputTokens,
            UsageLedger.Entry account,
            LongSupplier nanoTime) {
        this.candidate = candidate;
        this.lane = lane;
        this.reservation = reservation;
        this.price = price;
        this.currency = currency;
        this.failed = failed;
        this.inputTokens = inputTokens;
        this.account = account;
        this.nanoTime = nanoTime;
        this.began = nanoTime.getAsLong();
        lane.began();
    }

    Candidate candidate() {
        return candidate;
    }

    /** Its answer has begun. */
    void answered() {
        long now = nanoTime.getAsLong();
        lane.answered(now - began, now);
    }

    /**
     * It has ended with an answer.
     *
     * @param usage as the service reports it
     * @param outputTokens by estimate, which counts if the service reports nothing or nonsense
     * @return for the answer
     */
    Routing succeeded(TokenUsage usage, long outputTokens) {
        boolean reported = Price.isPlausible(usage);
        Optional<Long> cost = price.flatMap(one -> one.cost(usage));
        if (ended.compareAndSet(false, true)) {
            lane.ended();
            long in = reported ? usage.inputTokens().orElse(0) : inputTokens;
            long out = reported ? usage.outputTokens().orElse(0) : outputTokens;
            lane.used(out);
            settle(in, out, cost.orElseGet(() -> picos(in, out)));
        }
        Optional<BigDecimal> money = cost.map(Amount::money);
        return new Routing(candidate.target(), candidate.model(), failed, money, currency);
    }

    private long picos(long in, long out) {
        return price.map(one -> one.cost(in, out)).orElse(0L);
    }

    private void settle(long in, long out, long picos) {
        reservation.settle(new Amount(in + out, picos));
        account.used(in, out, picos);
    }

    /**
     * It has failed, before its answer or within it. What may have been done counts as it was reserved, since the service may
     * bill it.
     */
    void failed(GenAiException failure) {
        if (!ended.compareAndSet(false, true)) {
            return;
        }
        lane.ended();
        lane.failed(failure, nanoTime.getAsLong());
        account.failed();
        if (Effect.of(failure) == Effect.POSSIBLE) {
            reservation.settle(reservation.reserved());
            account.used(inputTokens, 0, reservation.reserved().picos());
        } else if (failure.status().isPresent()) {
            reservation.settle(Amount.NONE);
        } else {
            reservation.cancel();
        }
    }

    /** Its reader has closed it before its end: the service has written so many tokens by estimate, perhaps some more. */
    void abandoned(long outputTokens) {
        if (ended.compareAndSet(false, true)) {
            lane.ended();
            settle(inputTokens, outputTokens, picos(inputTokens, outputTokens));
        }
    }

    /** It was not made. */
    void cancelled() {
        if (ended.compareAndSet(false, true)) {
            lane.ended();
            reservation.cancel();
        }
    }

    /** The tokens of a count, such as that of embeddings, whose output has none. */
    static TokenUsage inputOnly(TokenUsage usage) {
        return usage.inputTokens().isPresent() && usage.outputTokens().isEmpty()
                ? new TokenUsage(
                        usage.inputTokens(), OptionalLong.of(0), usage.cachedInputTokens(), usage.reasoningTokens())
                : usage;
    }
}
