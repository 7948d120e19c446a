package org.genaiconnector.ra.llm;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.stream.Stream;
import org.genaiconnector.FailureCategory;
import org.genaiconnector.ForeignText;
import org.genaiconnector.GenAiException;
import org.genaiconnector.llm.Routing;
import org.genaiconnector.ra.http.Deadline;
import org.genaiconnector.ra.http.Repeatable;
import org.genaiconnector.ra.http.RetryPolicy;
import org.genaiconnector.ra.llm.limits.Amount;
import org.genaiconnector.ra.llm.limits.CallKeys;
import org.genaiconnector.ra.llm.limits.Decision;
import org.genaiconnector.ra.llm.limits.Limits;
import org.genaiconnector.ra.llm.limits.Refusal;
import org.genaiconnector.ra.llm.limits.Reservation;
import org.genaiconnector.ra.llm.targets.Candidate;
import org.genaiconnector.ra.llm.targets.Route;
import org.genaiconnector.ra.llm.targets.Target;
import org.genaiconnector.ra.llm.targets.Targets;
import org.genaiconnector.ra.telemetry.Span;
import org.genaiconnector.ra.telemetry.Telemetry;

/**
 * Leads the calls of a factory with targets to one of them: in rounds over the candidates of the model, until one answers or none can. All
 * threads may use it.
 */
final class Router {
    /** More are forgotten while nothing goes on in them. */
    static final int MOST_LANES = 1_000;

    private final LiveTargets targets;
    private final LlmSettings usual;
    private final Limits limits;
    private final UsageLedger ledger;
    private final RetryPolicy retry;
    private final Duration callTimeout;
    private final LongSupplier nanoTime;
    private final Circuits circuits;
    private final Map<String, Lane> lanes = new ConcurrentHashMap<>();
    private final Choice choice = new Choice(this::lane);
    private final Set<String> off = ConcurrentHashMap.newKeySet();

    /** Whether calls to a model at a target would fail at once, because it keeps failing. */
    @FunctionalInterface
    interface Circuits {
        /** @return how long it is kept from calls; empty if it is not */
        Optional<Duration> open(Candidate candidate);
    }

    /** Calls a candidate. */
    @FunctionalInterface
    interface Try<T> {
        /**
         * Calls it.
         *
         * @param attempt ended by this if it succeeds
         */
        T at(Candidate candidate, Attempt attempt) throws GenAiException;
    }

    /**
     * A call that an application makes.
     *
     * @param model as the application names it; empty for the default
     * @param inputTokens by estimate
     * @param maxOutputTokens if the request limits them
     * @param timeout of the request
     * @param application that makes it; empty if it is unknown
     * @param caller on whose behalf; empty if it is unknown
     */
    record Call(
            Optional<String> model,
            long inputTokens,
            OptionalInt maxOutputTokens,
            Optional<Duration> timeout,
            String application,
            String caller) {}

    /**
     * A router.
     *
     * @param usual what counts where targets and requests say nothing
     * @param retry rounds after the first one, and the waits before them
     * @param callTimeout of a call with all its tries
     * @param nanoTime clock in nanoseconds, such as {@link System#nanoTime()}
     */
    Router(
            LiveTargets targets,
            LlmSettings usual,
            Limits limits,
            UsageLedger ledger,
            RetryPolicy retry,
            Duration callTimeout,
            Circuits circuits,
            LongSupplier nanoTime) {
        this.targets = targets;
        this.usual = usual;
        this.limits = limits;
        this.ledger = ledger;
        this.retry = retry;
        this.callTimeout = callTimeout;
        this.circuits = circuits;
        this.nanoTime = nanoTime;
    }

    Targets targets() {
        return targets.current();
    }

    Lane lane(Candidate candidate) {
        Lane known = lanes.get(candidate.name());
        if (known != null) {
            return known;
        }
        if (lanes.size() >= MOST_LANES) { // targets that list no models take any name
            long now = nanoTime.getAsLong();
            lanes.values()
                    .removeIf(lane -> lane.underWay() == 0 && lane.rest(now).isEmpty());
        }
        return lanes.computeIfAbsent(candidate.name(), any -> new Lane(candidate));
    }

    int lanes() {
        return lanes.size();
    }

    /** Switches a target off, so that it gets no more calls, or on. */
    void switchTarget(String target, boolean on) {
        if (on) {
            off.remove(target);
        } else {
            off.add(target);
        }
    }

    boolean isOff(String target) {
        return off.contains(target);
    }

    private Stream<Lane> lanes(String target) {
        return lanes.values().stream().filter(lane -> lane.candidate().target().equals(target));
    }

    /** Calls of a target that have not ended. */
    int underWay(String target) {
        return lanes(target).mapToInt(Lane::underWay).sum();
    }

    /** Whether a model of a target is left out because it keeps failing. */
    boolean isFailing(String target) {
        return lanes(target).anyMatch(lane -> circuits.open(lane.candidate()).isPresent());
    }

    /** Makes a call, at one candidate after the other; in a trace, the tries are within one span. */
    <T> T call(Call call, Try<T> how) throws GenAiException {
        Telemetry telemetry = Telemetry.get();
        if (!telemetry.isOn()) {
            return within(call, how);
        }
        try (Span span = telemetry.start(Telemetry.Kind.INTERNAL, "route")) {
            span.set("gen_ai.request.model", call.model().orElse(null));
            try {
                return within(call, how);
            } catch (GenAiException | RuntimeException | Error e) {
                span.fail(e);
                throw e;
            }
        }
    }

    private <T> T within(Call call, Try<T> how) throws GenAiException {
        return Deadline.within(
                Optional.of(callTimeout), () -> Deadline.within(call.timeout(), () -> new Rounds<>(call, how).run()));
    }

    /** One call with all its tries. */
    private final class Rounds<T> {
        private final Call call;
        private final Try<T> how;
        private final Targets now = targets.current();
        private final Route route;
        private final Deadline deadline = Deadline.ofCall(callTimeout);
        private final long begin = nanoTime.getAsLong();
        private final List<Routing.FailedTry> failed = new ArrayList<>(0);

        /** Why each candidate has not answered, as it was last. */
        private final Map<Candidate, GenAiException> reasons = new LinkedHashMap<>(0);

        /** Failures of this round after which a candidate may answer in a later one. */
        private final List<GenAiException> passing = new ArrayList<>(0);

        /** Candidates that cannot help in a later round, or must not because they may have billed the call or were asked enough. */
        private final Set<Candidate> spent = new HashSet<>(0);

        /** How often each candidate has failed. */
        private final Map<Candidate, Integer> failures = new HashMap<>(0);

        private Optional<Refusal> firstToOpen = Optional.empty();
        private long leastContext;

        private Rounds(Call call, Try<T> how) throws GenAiException {
            this.call = call;
            this.how = how;
            String model = call.model()
                    .or(now::defaultModel)
                    .or(usual::model)
                    .orElseThrow(
                            () -> new GenAiException(
                                    FailureCategory.INVALID_REQUEST,
                                    "No model: set one in the request, in defaultModel of the targets, or in the property model"));
            this.route = now.route(model)
                    .orElseThrow(() -> new GenAiException(
                            FailureCategory.NOT_FOUND,
                            "No target serves the model " + ForeignText.line(model, 100) + "; there are "
                                    + String.join(", ", now.models())));
        }

        private T run() throws GenAiException {
            for (int round = 1; ; round++) {
                passing.clear();
                firstToOpen = Optional.empty();
                long seen = limits.changes();
                for (Candidate candidate : choice.order(route, nanoTime.getAsLong())) {
                    Optional<T> result = tryAt(candidate);
                    if (result.isPresent()) {
                        return result.get();
                    }
                    if (firstToOpen.map(Refusal::isForAllTargets).orElse(false)) {
                        break;
                    }
                }
                GenAiException all = all();
                if (firstToOpen.isPresent() && mayWaitForLimits()) {
                    awaitLimits(seen, all);
                    round--; // each candidate counts its own failures
                } else {
                    pause(delay(round).orElseThrow(() -> all), all);
                }
            }
        }

        private Optional<T> tryAt(Candidate candidate) throws GenAiException {
            if (spent.contains(candidate) || candidate.context().orElse(leastContext + 1) <= leastContext) {
                return Optional.empty();
            }
            Optional<GenAiException> closed = closed(candidate);
            if (closed.isPresent()) {
                return skipped(candidate, closed.get());
            }
            Amount estimate = estimate(candidate);
            Decision decision = limits.reserve(keys(candidate), estimate);
            if (decision instanceof Refusal refusal) {
                if (firstToOpen.isEmpty()
                        || refusal.untilOpen().compareTo(firstToOpen.get().untilOpen()) < 0) {
                    firstToOpen = Optional.of(refusal);
                }
                return skipped(candidate, refusal.failure());
            }
            return Optional.ofNullable(made(candidate, (Reservation) decision));
        }

        /** Null if the next candidate is to be tried. */
        private T made(Candidate candidate, Reservation reservation) throws GenAiException {
            Attempt attempt = new Attempt(
                    candidate,
                    lane(candidate),
                    reservation,
                    now.price(candidate),
                    now.currency(),
                    List.copyOf(failed),
                    call.inputTokens(),
                    ledger.entry(
                            new UsageLedger.Key(call.application(), call.caller(), route.model(), candidate.target())),
                    nanoTime);
            try {
                return how.at(candidate, attempt);
            } catch (GenAiException e) {
                attempt.failed(e);
                return next(candidate, e);
            } catch (RuntimeException | Error e) {
                attempt.cancelled();
                throw e;
            }
        }

        private T next(Candidate candidate, GenAiException failure) throws GenAiException {
            Failover follows = Failover.of(failure, route);
            if (follows == Failover.LARGER) {
                long context = candidate.context().orElse(0);
                if (route.candidates().stream().noneMatch(one -> one.context().orElse(0) > context)) {
                    throw failure;
                }
                leastContext = Math.max(leastContext, context);
            } else if (follows == Failover.END) {
                throw failure;
            }
            passedOver(candidate, failure);
            if (failure.isRetryable() && failures.merge(candidate, 1, Integer::sum) <= retry.maxRetries()) {
                passing.add(failure);
            } else {
                spent.add(candidate);
            }
            return null;
        }

        /** A candidate that is not called; said once while the reason stays, however often a wait for a limit ends. */
        private Optional<T> skipped(Candidate candidate, GenAiException failure) {
            GenAiException before = reasons.get(candidate);
            if (before == null || before.category() != failure.category()) {
                passedOver(candidate, failure);
            } else {
                reasons.put(candidate, failure);
            }
            return Optional.empty();
        }

        private void passedOver(Candidate candidate, GenAiException failure) {
            failed.add(new Routing.FailedTry(
                    candidate.target(), candidate.model(), failure.category(), failure.getMessage()));
            reasons.put(candidate, failure);
        }

        /** Why a candidate is not called at all. */
        private Optional<GenAiException> closed(Candidate candidate) {
            if (isOff(candidate.target())) {
                return Optional.of(resting(candidate, FailureCategory.UNAVAILABLE, " is switched off", null));
            }
            Optional<Duration> open = circuits.open(candidate);
            if (open.isPresent()) {
                return Optional.of(resting(
                        candidate,
                        FailureCategory.UNAVAILABLE,
                        " has failed repeatedly (property circuitFailures)",
                        open.get()));
            }
            Optional<Duration> rest = lane(candidate).rest(nanoTime.getAsLong());
            if (rest.isEmpty()) {
                return Optional.empty();
            }
            GenAiException limited =
                    resting(candidate, FailureCategory.RATE_LIMIT, " has reached a limit of its service", rest.get());
            passing.add(limited);
            return Optional.of(limited);
        }

        private GenAiException resting(Candidate candidate, FailureCategory category, String why, Duration rest) {
            return new GenAiException(
                    category,
                    "Target " + candidate.name() + why + " and is not called"
                            + (rest == null ? "" : " for " + Math.max(1, rest.toMillis()) + " ms"),
                    null,
                    rest != null,
                    rest,
                    null,
                    null);
        }

        private CallKeys keys(Candidate candidate) {
            String key = Optional.ofNullable(now.targets().get(candidate.target()))
                    .flatMap(Target::credentials)
                    .orElse("");
            return new CallKeys(candidate.target(), route.model(), key, call.application(), call.caller());
        }

        private Amount estimate(Candidate candidate) {
            OptionalInt most = now.targets().get(candidate.target()).maxOutputTokens();
            long output = call.maxOutputTokens()
                    .orElse(most.orElse(
                            usual.maxOutputTokens().orElse((int) lane(candidate).usualOutput())));
            long cost = now.price(candidate)
                    .map(price -> price.cost(call.inputTokens(), output))
                    .orElse(0L);
            return new Amount(call.inputTokens() + output, cost);
        }

        /** The failure of the call if no further round follows. */
        private GenAiException all() {
            GenAiException best = reasons.values().stream()
                    .filter(GenAiException::isRetryable)
                    .findFirst()
                    .orElseGet(() -> reasons.values().iterator().next());
            if (reasons.size() == 1) {
                return best;
            }
            int length = 800 / reasons.size();
            List<String> words = new ArrayList<>();
            reasons.forEach((candidate, reason) ->
                    words.add(candidate.name() + ": " + ForeignText.line(reason.getMessage(), length)));
            Optional<Duration> soonest = reasons.values().stream()
                    .flatMap(one -> one.retryAfter().stream())
                    .min(Duration::compareTo);
            GenAiException all = new GenAiException(
                    best.category(),
                    "None of the " + reasons.size() + " candidates for model " + ForeignText.line(route.model(), 60)
                            + " answered: " + String.join("; ", words),
                    best,
                    best.isRetryable(),
                    soonest.orElse(null),
                    best.status().isPresent() ? best.status().getAsInt() : null,
                    best.requestId().orElse(null));
            reasons.values().stream().filter(one -> one != best).forEach(all::addSuppressed);
            return all;
        }

        private boolean mayWaitForLimits() {
            Duration waited = Duration.ofNanos(nanoTime.getAsLong() - begin);
            Duration opens = firstToOpen.get().untilOpen();
            return opens.plus(waited).compareTo(now.maxWait()) <= 0
                    && waited.compareTo(now.maxWait()) < 0
                    && opens.toNanos() < deadline.remainingNanos();
        }

        private void awaitLimits(long seen, GenAiException why) throws GenAiException {
            long left = Math.min(
                    now.maxWait().toNanos() - (nanoTime.getAsLong() - begin), Math.max(0, deadline.remainingNanos()));
            long opens = firstToOpen.get().opens().map(Duration::toNanos).orElse(left);
            try {
                limits.await(seen, Duration.ofNanos(Math.min(opens, left)));
            } catch (InterruptedException e) {
                throw interrupted(why, e);
            }
        }

        /** The wait before the next round: the shortest after which one of the candidates may answer. */
        private Optional<Duration> delay(int round) {
            return passing.stream()
                    .flatMap(failure -> retry.delay(failure, round, Repeatable.IF_NOT_DONE).stream())
                    .min(Duration::compareTo)
                    .filter(wait -> wait.toNanos() < deadline.remainingNanos());
        }

        private void pause(Duration delay, GenAiException why) throws GenAiException {
            try {
                TimeUnit.NANOSECONDS.sleep(delay.toNanos());
            } catch (InterruptedException e) {
                throw interrupted(why, e);
            }
        }

        private GenAiException interrupted(GenAiException why, InterruptedException cause) {
            Thread.currentThread().interrupt();
            GenAiException interrupted = new GenAiException(
                    FailureCategory.CANCELLED, "Interrupted while waiting for a target of model " + route.model(), why);
            interrupted.addSuppressed(cause);
            return interrupted;
        }
    }
}
