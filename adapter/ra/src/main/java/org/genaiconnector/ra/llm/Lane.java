package org.genaiconnector.ra.llm;

import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.genaiconnector.FailureCategory;
import org.genaiconnector.GenAiException;
import org.genaiconnector.ra.connection.EndpointSettings;
import org.genaiconnector.ra.llm.targets.Candidate;

/** What is known of a model at a target: calls under way, how fast it answers, and until when it wants no calls. Any thread. */
final class Lane {
    /** Longer ones of a service are tried again before. */
    private static final Duration LONGEST_REST = Duration.ofMinutes(1);

    /** What is known of the time of an answer counts half as much after this time, so that a slow one is tried again. */
    private static final double HALF_LIFE_NANOS = Duration.ofMinutes(1).toNanos();

    private static final double NEWEST_COUNTS = 0.3;

    /** Tokens of an answer before one is known. */
    private static final long FIRST_OUTPUT = 1_000;

    private record Latency(double nanos, long at) {}

    private final Candidate candidate;
    private final URI endpoint;
    private final AtomicInteger underWay = new AtomicInteger();
    private final AtomicLong usualOutput = new AtomicLong(FIRST_OUTPUT);
    private volatile Latency latency;

    /** Moment of the clock; 0 for none. */
    private volatile long restUntil;

    Lane(Candidate candidate) {
        this.candidate = candidate;
        this.endpoint = EndpointSettings.idOf(candidate.target());
    }

    /** What connections name the target by. */
    URI endpoint() {
        return endpoint;
    }

    Candidate candidate() {
        return candidate;
    }

    void began() {
        underWay.incrementAndGet();
    }

    void ended() {
        underWay.decrementAndGet();
    }

    int underWay() {
        return underWay.get();
    }

    /** An answer has begun after some time. */
    void answered(long nanos, long now) {
        Latency known = latency;
        latency = new Latency(known == null ? nanos : known.nanos() * (1 - NEWEST_COUNTS) + nanos * NEWEST_COUNTS, now);
    }

    /** How long an answer takes to begin; 0 if that is not known. */
    double latency(long now) {
        Latency known = latency;
        return known == null ? 0 : known.nanos() * Math.pow(0.5, Math.max(0, now - known.at()) / HALF_LIFE_NANOS);
    }

    /** A call has failed. */
    void failed(GenAiException failure, long now) {
        if (failure.category() == FailureCategory.RATE_LIMIT
                && failure.retryAfter().isPresent()) {
            Duration wait = failure.retryAfter().get();
            long until = now + (wait.compareTo(LONGEST_REST) < 0 ? wait : LONGEST_REST).toNanos();
            restUntil = until == 0 ? 1 : until;
        }
    }

    /** How long it wants no calls; empty if it takes them. */
    Optional<Duration> rest(long now) {
        long until = restUntil;
        return until == 0 || until - now <= 0 ? Optional.empty() : Optional.of(Duration.ofNanos(until - now));
    }

    /** An answer had so many tokens. */
    void used(long outputTokens) {
        usualOutput.updateAndGet(known -> Math.max(outputTokens + outputTokens / 4, known - known / 50));
    }

    /** The tokens that answers have at most, as far as is known. */
    long usualOutput() {
        return usualOutput.get();
    }
}
