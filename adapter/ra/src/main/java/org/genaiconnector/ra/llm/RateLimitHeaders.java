package org.genaiconnector.ra.llm;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.genaiconnector.llm.RateLimits;

/**
 * Rate-limit headers: OpenAI's {@code x-ratelimit-remaining-tokens} with a reset like {@code 6m0s}, Anthropic's
 * {@code anthropic-ratelimit-tokens-remaining} with a reset like {@code 2026-11-23T12:00:00Z}. Values that cannot be read count
 * as absent, because gateways send -1 and other values without a meaning.
 */
final class RateLimitHeaders {
    private static final Pattern DURATION =
            Pattern.compile("(?:(\\d+)h)?(?:(\\d+)m(?!s))?(?:(\\d+(?:\\.\\d+)?)s)?(?:(\\d+(?:\\.\\d+)?)ms)?");

    private static final Names OPENAI_REQUESTS = new Names("x-ratelimit-", "-requests");
    private static final Names OPENAI_TOKENS = new Names("x-ratelimit-", "-tokens");
    private static final Names ANTHROPIC_REQUESTS = new Names("anthropic-ratelimit-requests-", "");
    private static final Names ANTHROPIC_TOKENS = new Names("anthropic-ratelimit-tokens-", "");

    private RateLimitHeaders() {}

    private record Names(String limit, String remaining, String reset) {
        private Names(String prefix, String suffix) {
            this(prefix + "limit" + suffix, prefix + "remaining" + suffix, prefix + "reset" + suffix);
        }
    }

    static Optional<RateLimits> openAi(Function<String, Optional<String>> header) {
        return limits(
                limit(header, OPENAI_REQUESTS, RateLimitHeaders::after),
                limit(header, OPENAI_TOKENS, RateLimitHeaders::after));
    }

    static Optional<RateLimits> anthropic(Function<String, Optional<String>> header) {
        return limits(
                limit(header, ANTHROPIC_REQUESTS, RateLimitHeaders::at),
                limit(header, ANTHROPIC_TOKENS, RateLimitHeaders::at));
    }

    private static Optional<RateLimits> limits(RateLimits.Limit requests, RateLimits.Limit tokens) {
        return isEmpty(requests) && isEmpty(tokens) ? Optional.empty() : Optional.of(new RateLimits(requests, tokens));
    }

    private static boolean isEmpty(RateLimits.Limit limit) {
        return limit.limit().isEmpty()
                && limit.remaining().isEmpty()
                && limit.reset().isEmpty();
    }

    private static RateLimits.Limit limit(
            Function<String, Optional<String>> header, Names names, Function<String, Optional<Instant>> reset) {
        return new RateLimits.Limit(
                number(header.apply(names.limit())),
                number(header.apply(names.remaining())),
                header.apply(names.reset()).flatMap(reset));
    }

    private static OptionalLong number(Optional<String> text) {
        try {
            long value = text.isPresent() ? Long.parseLong(text.get().strip()) : -1;
            return value < 0 ? OptionalLong.empty() : OptionalLong.of(value);
        } catch (NumberFormatException notANumber) {
            return OptionalLong.empty();
        }
    }

    private static Optional<Instant> after(String text) {
        Matcher parts = DURATION.matcher(text.strip());
        if (text.isBlank() || !parts.matches()) {
            return Optional.empty();
        }
        double seconds = 3600 * value(parts.group(1))
                + 60 * value(parts.group(2))
                + value(parts.group(3))
                + value(parts.group(4)) / 1000;
        return Optional.of(Instant.now().plus(Duration.ofMillis((long) (seconds * 1000))));
    }

    private static double value(String number) {
        return number == null ? 0 : Double.parseDouble(number);
    }

    private static Optional<Instant> at(String text) {
        try {
            return Optional.of(Instant.parse(text.strip()));
        } catch (DateTimeException notAnInstant) {
            return Optional.empty();
        }
    }
}
