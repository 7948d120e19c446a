package org.genaiconnector.ra.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.genaiconnector.FailureCategory;
import org.genaiconnector.GenAiException;
import org.genaiconnector.ra.DocumentSection;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The table of what each category means to the adapter. */
class FailureTraitTest {

    @Test
    void theDocumentShowsTheTable() throws IOException {
        List<String> lines = new ArrayList<>(List.of(
                "| category | retryable | the circuit counts it | a probe says | it may have been done | a harmless call is"
                        + " repeated | no such route | another target is tried | ended here |",
                "|---|---|---|---|---|---|---|---|---|"));
        for (FailureCategory category : FailureCategory.values()) {
            lines.add("| `" + category + "` | " + yes(category.isRetryable()) + " | "
                    + yes(FailureTrait.SICK.of(category)) + " | " + probe(category) + " | "
                    + yes(FailureTrait.MAY_BE_DONE.of(category)) + " | "
                    + yes(category.isRetryable() || FailureTrait.REPEATED_IF_HARMLESS.of(category)) + " | "
                    + yes(FailureTrait.ROUTE_MISSING.of(category)) + " | "
                    + yes(FailureTrait.OF_TARGET.of(category)) + " | "
                    + yes(FailureTrait.ENDED_HERE.of(category)) + " |");
        }
        new DocumentSection("failures.md", "categories").assertHas(lines);
    }

    private static String yes(boolean holds) {
        return holds ? "yes" : "";
    }

    private static String probe(FailureCategory category) {
        if (FailureTrait.DOWN.of(category)) {
            return "down";
        }
        return FailureTrait.USABLE.of(category) ? "usable" : "";
    }

    @ParameterizedTest
    @EnumSource(FailureCategory.class)
    void anAnswerSaysThatTheBackendIsNotDown(FailureCategory category) {
        GenAiException answered = new GenAiException(category, "as the test wants", null, false, null, 500, null);
        assertThat(FailureTrait.DOWN.of(answered)).isFalse();
        assertThat(FailureTrait.ENDED_HERE.of(answered)).isFalse();
        assertThat(FailureTrait.MAY_BE_DONE.of(answered)).isFalse();
        assertThat(FailureTrait.USABLE.of(answered)).isEqualTo(FailureTrait.USABLE.of(category));
        assertThat(FailureTrait.SICK.of(answered)).isEqualTo(FailureTrait.SICK.of(category));
    }

    @ParameterizedTest
    @EnumSource(FailureCategory.class)
    void onlyAnAnswerShowsThatTheBackendIsUsable(FailureCategory category) {
        GenAiException silent = new GenAiException(category, "as the test wants");
        assertThat(FailureTrait.USABLE.of(silent)).isFalse();
        assertThat(FailureTrait.DOWN.of(silent)).isEqualTo(FailureTrait.DOWN.of(category));
    }

    @ParameterizedTest
    @EnumSource(FailureCategory.class)
    void whatIsRepeatedIfHarmlessIsNotRetryableAnyway(FailureCategory category) {
        assertThat(FailureTrait.REPEATED_IF_HARMLESS.of(category) && category.isRetryable())
                .isFalse();
    }
}
