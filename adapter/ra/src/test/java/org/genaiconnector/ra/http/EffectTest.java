package org.genaiconnector.ra.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.genaiconnector.FailureCategory;
import org.genaiconnector.GenAiException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The table "may it have been done?". */
class EffectTest {
    private static final Path DOCUMENT = Path.of("..", "..", "docs", "failures.md");

    private static Effect of(int status) {
        return Effect.of(failure(StatusFailures.category(status), status, true));
    }

    private static GenAiException failure(FailureCategory category, Integer status, boolean retryable) {
        return new GenAiException(category, "as the test wants", null, retryable, null, status, null);
    }

    private static Effect of(FailureCategory category) {
        return Effect.of(new GenAiException(category, "as the test wants"));
    }

    @ParameterizedTest
    @ValueSource(
            ints = {300, 301, 302, 304, 307, 308, 400, 401, 403, 404, 405, 409, 413, 422, 425, 429, 501, 503, 525, 529})
    void refusalsHaveNone(int status) {
        assertThat(of(status)).isEqualTo(Effect.NONE);
    }

    @ParameterizedTest
    @ValueSource(ints = {408, 500, 502, 507, 508, 527, 530, 561})
    void failuresOfTheServiceHardlyHaveOne(int status) {
        assertThat(of(status)).isEqualTo(Effect.UNLIKELY);
    }

    @ParameterizedTest
    @ValueSource(ints = {200, 202, 303, 460, 499, 504, 520, 521, 522, 523, 524, 598, 599})
    void gatewaysThatHaveNotWaitedAndOddAnswersMayHideOne(int status) {
        assertThat(of(status)).isEqualTo(Effect.POSSIBLE);
    }

    @ParameterizedTest
    @EnumSource(
            value = FailureCategory.class,
            names = {"COMMUNICATION", "TRUNCATED", "TIMEOUT_RESPONSE", "DEADLINE", "CANCELLED", "PROTOCOL"})
    void lostAnswersMayHideOne(FailureCategory category) {
        assertThat(of(category)).isEqualTo(Effect.POSSIBLE);
    }

    @ParameterizedTest
    @EnumSource(
            value = FailureCategory.class,
            names = {"UNAVAILABLE", "TIMEOUT_CONNECT", "TLS", "PROXY", "RATE_LIMIT", "CLOSED", "INVALID_REQUEST"})
    void whatDidNotGoOutHasNone(FailureCategory category) {
        assertThat(of(category)).isEqualTo(Effect.NONE);
    }

    @Test
    void aSocketThatDiedWhileIdleHardlyHasOne() {
        GenAiException dead = failure(FailureCategory.COMMUNICATION, null, true);
        assertThat(Effect.isOfDeadSocket(dead)).isTrue();
        assertThat(Effect.of(dead)).isEqualTo(Effect.UNLIKELY);
        assertThat(Effect.isOfDeadSocket(failure(FailureCategory.COMMUNICATION, null, false)))
                .isFalse();
    }

    @Test
    void everyCallIsPermittedWhatItsKindPermits() {
        for (Effect effect : Effect.values()) {
            assertThat(effect.permits(Repeatable.ALWAYS)).isTrue();
            assertThat(effect.permits(Repeatable.IF_NOT_DONE)).isEqualTo(effect != Effect.POSSIBLE);
            assertThat(effect.permits(Repeatable.IF_SURELY_NOT_DONE)).isEqualTo(effect == Effect.NONE);
            assertThat(effect.permits(Repeatable.NEVER)).isFalse();
        }
    }

    @Test
    void theDocumentHasEveryStatusInItsRow() throws IOException {
        List<String> rows = Files.readAllLines(DOCUMENT);
        for (int status :
                List.of(429, 503, 529, 501, 505, 511, 525, 526, 408, 500, 502, 504, 598, 599, 460, 499, 303)) {
            String words =
                    switch (of(status)) {
                        case NONE -> "| no |";
                        case UNLIKELY -> "| unlikely |";
                        case POSSIBLE -> "| possibly |";
                    };
            assertThat(rows)
                    .filteredOn(row -> row.contains(words) && row.matches("\\|.*\\b" + status + "\\b.*"))
                    .as("row of " + status)
                    .hasSize(1);
        }
    }
}
