package org.genaiconnector.ra.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RetryAfterTest {

    @ParameterizedTest
    @CsvSource({"0, 0", "2, 2000", "0.25, 250", "' 3 ', 3000", "-5, 0", "86400, 86400000"})
    void readsSecondsAndTheirFractions(String seconds, long millis) {
        assertThat(read(Map.of("Retry-After", seconds))).contains(Duration.ofMillis(millis));
    }

    @ParameterizedTest
    @CsvSource({"0, 0", "1500, 1500", "7.9, 7", "-1, 0"})
    void readsMilliseconds(String value, long millis) {
        assertThat(read(Map.of("retry-after-ms", value))).contains(Duration.ofMillis(millis));
    }

    @Test
    void prefersMillisecondsUnlessTheyAreNonsense() {
        assertThat(read(Map.of("retry-after-ms", "20", "Retry-After", "9"))).contains(Duration.ofMillis(20));
        assertThat(read(Map.of("retry-after-ms", "soon", "Retry-After", "9"))).contains(Duration.ofSeconds(9));
    }

    @Test
    void readsHttpDates() {
        Duration wait = read(Map.of("Retry-After", date(Duration.ofMinutes(5)))).orElseThrow();
        assertThat(wait).isBetween(Duration.ofMinutes(4), Duration.ofMinutes(5));
    }

    @Test
    void thePastMeansNow() {
        assertThat(read(Map.of("Retry-After", date(Duration.ofDays(-1))))).contains(Duration.ZERO);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "soon", "NaN", "Infinity", "1e400", "12:30", "Sun, 99 Nov 1994 08:49:37 GMT", "10 s"})
    void nonsenseCountsAsAbsent(String nonsense) {
        assertThat(read(Map.of("Retry-After", nonsense))).isEmpty();
    }

    @Test
    void isAbsentWithoutHeaders() {
        assertThat(read(Map.of())).isEmpty();
    }

    private static String date(Duration fromNow) {
        return DateTimeFormatter.RFC_1123_DATE_TIME.format(
                ZonedDateTime.now(ZoneOffset.UTC).plus(fromNow));
    }

    private static Optional<Duration> read(Map<String, String> headers) {
        Map<String, List<String>> lists = new HashMap<>();
        headers.forEach((name, value) -> lists.put(name, List.of(value)));
        return RetryAfter.of(new HttpAnswer("Test server", "/x", 429, lists, new byte[0]));
    }
}
