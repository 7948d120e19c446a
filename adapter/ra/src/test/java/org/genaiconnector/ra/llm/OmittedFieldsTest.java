package org.genaiconnector.ra.llm;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import org.genaiconnector.FailureCategory;
import org.genaiconnector.GenAiException;
import org.junit.jupiter.api.Test;

class OmittedFieldsTest {
    private final OmittedFields fields = new OmittedFields(Set.of("stream_options"), UnsupportedFields.DROP);

    private static GenAiException refusal(String field) {
        return new GenAiException(
                FailureCategory.INVALID_REQUEST, "LLM answered with status 400: `" + field + "` is deprecated");
    }

    @Test
    void letsEveryRequestThatWasUnderWayTryAgain() {
        Set<String> before = fields.of("m");

        assertThat(fields.learn("m", before, refusal("temperature"))).isTrue();
        assertThat(fields.learn("m", before, refusal("temperature"))).isTrue();
        assertThat(fields.learn("m", fields.of("m"), refusal("temperature"))).isFalse();
    }

    @Test
    void forgetsNothingThatRequestsLearnAtTheSameTime() {
        Set<String> before = fields.of("m");
        fields.learn("m", before, refusal("temperature"));
        fields.learn("m", before, refusal("top_p"));

        assertThat(fields.of("m")).containsExactlyInAnyOrder("stream_options", "temperature", "top_p");
        assertThat(fields.of("other")).containsExactly("stream_options");
    }
}
