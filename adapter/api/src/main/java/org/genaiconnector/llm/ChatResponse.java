package org.genaiconnector.llm;

import java.util.Objects;
import java.util.Optional;

/**
 * What the model answered.
 *
 * @param text may be empty, never null
 * @param finishReason why it ended
 * @param rawFinishReason the provider's own word, empty if it gave none
 * @param model the model that answered, as the provider names it; may differ from the one asked for
 * @param usage what was counted
 * @param id the provider's id of the answer; local servers repeat ids or leave it out
 * @param requestId the provider's id of the request, for its support
 */
public record ChatResponse(
        String text,
        FinishReason finishReason,
        String rawFinishReason,
        String model,
        TokenUsage usage,
        Optional<String> id,
        Optional<String> requestId) {

    public ChatResponse {
        Objects.requireNonNull(text, "text");
        Objects.requireNonNull(finishReason, "finishReason");
        Objects.requireNonNull(rawFinishReason, "rawFinishReason");
        Objects.requireNonNull(model, "model");
        Objects.requireNonNull(usage, "usage");
    }
}
