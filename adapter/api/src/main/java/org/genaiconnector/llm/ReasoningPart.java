package org.genaiconnector.llm;

import jakarta.json.JsonObject;
import java.util.Objects;
import java.util.Optional;

/**
 * What a model thought before it answered. Anthropic wants it back unchanged when a turn with tool calls goes on, hence
 * {@code providerData}; the other providers ignore it when it is sent back.
 *
 * @param text may be empty where the provider hides it
 * @param providerData the provider's own block, opaque
 */
public record ReasoningPart(String text, Optional<JsonObject> providerData) implements ContentPart {

    public ReasoningPart {
        Objects.requireNonNull(text, "text");
        Objects.requireNonNull(providerData, "providerData");
    }
}
