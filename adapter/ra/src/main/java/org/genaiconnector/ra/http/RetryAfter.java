package org.genaiconnector.ra.http;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Optional;

/**
 * How long a backend asks to wait: {@code retry-after-ms} (OpenAI), or {@code Retry-After} in seconds, perhaps with a
 * fraction, or as an HTTP date. Nonsense counts as absent, the past as zero.
 */
final class RetryAfter {

    private RetryAfter() {}

    static Optional<Duration> of(HttpAnswer answer) {
        return answer.header("retry-after-ms")
                .flatMap(text -> number(text, 1))
                .or(() -> answer.header("Retry-After")
                        .flatMap(text -> number(text, 1000).or(() -> date(text))));
    }

    private static Optional<Duration> number(String text, double millisPerUnit) {
        try {
            double millis = Double.parseDouble(text.strip()) * millisPerUnit;
            return Double.isFinite(millis)
                    ? Optional.of(Duration.ofMillis((long) Math.max(0, millis)))
                    : Optional.empty();
        } catch (NumberFormatException notANumber) {
            return Optional.empty();
        }
    }

    private static Optional<Duration> date(String text) {
        try {
            Instant when = ZonedDateTime.parse(text.strip(), DateTimeFormatter.RFC_1123_DATE_TIME)
                    .toInstant();
            Duration wait = Duration.between(Instant.now(), when);
            return Optional.of(wait.isNegative() ? Duration.ZERO : wait);
        } catch (DateTimeException notADate) {
            return Optional.empty();
        }
    }
}
