package org.genaiconnector.llm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class ChatRequestTest {

    @Test
    void keepsZeroAsAValue() {
        ChatRequest request = ChatRequest.builder()
                .user("hi")
                .temperature(0)
                .maxOutputTokens(0)
                .build();

        assertThat(request.options().temperature()).hasValue(0);
        assertThat(request.options().maxOutputTokens()).hasValue(0);
    }

    @Test
    void leavesOpenWhatIsNotSaid() {
        assertThat(ChatRequest.of("hi").options()).isEqualTo(GenerationOptions.DEFAULTS);
        assertThat(ChatRequest.of("hi").model()).isEmpty();
    }

    @Test
    void needsSomethingToAnswerTo() {
        ChatRequest.Builder builder = ChatRequest.builder().system("be brief");
        assertThatThrownBy(builder::build).hasMessageContaining("user message");
    }

    @Test
    void refusesNumbersNoProviderTakes() {
        ChatRequest.Builder builder = ChatRequest.builder().user("hi");
        assertThatThrownBy(() -> builder.temperature(-1)).hasMessageContaining("temperature");
        assertThatThrownBy(() -> builder.temperature(Double.NaN)).hasMessageContaining("temperature");
        assertThatThrownBy(() -> builder.maxOutputTokens(-1)).hasMessageContaining("maxOutputTokens");
    }
}
