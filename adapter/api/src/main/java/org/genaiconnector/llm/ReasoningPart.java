package org.genaiconnector.llm;

import jakarta.json.JsonObject;
import java.util.Objects;
import java.util.Optional;
import org.genaiconnector.SerializedRecord;

/**
 * What a model thought before it answered. Anthropic and Mistral want it back unchanged when a turn with tool calls goes on,
 * hence {@code providerData}, which goes to the service that gave it; without it this part is only for reading. Services that
 * want their {@code reasoning_content} back get it from the message, see {@link ChatMessage#providerData()}.
 *
 * @param text may be empty where the provider hides it
 * @param providerData the provider's own block, opaque
 * @param origin the service that gave the block, see {@link ProviderData#origin()}; empty if not known: then every service
 *     gets it whose protocol has such blocks
 */
public record ReasoningPart(String text, Optional<JsonObject> providerData, Optional<String> origin)
        implements ContentPart {

    public ReasoningPart {
        Objects.requireNonNull(text, "text");
        Objects.requireNonNull(providerData, "providerData");
        Objects.requireNonNull(origin, "origin");
    }

    /**
     * Reasoning of no known origin.
     *
     * @param text may be empty
     * @param providerData the provider's own block, opaque
     */
    public ReasoningPart(String text, Optional<JsonObject> providerData) {
        this(text, providerData, Optional.empty());
    }

    private Object writeReplace() {
        return SerializedRecord.of(this);
    }
}
