package org.genaiconnector.llm;

import jakarta.json.JsonObject;
import java.util.Objects;
import java.util.Optional;
import org.genaiconnector.SerializedRecord;

/**
 * A model's reasoning before its answer. Anthropic and Mistral require it back unchanged when a turn with tool calls
 * goes on, hence {@code providerData}, which the adapter sends back to the service that it came from; without it this
 * part is only for reading. Services that require their {@code reasoning_content} back get it from the message, see
 * {@link ChatMessage#providerData()}.
 *
 * @param text may be empty where the provider hides it
 * @param providerData the provider's own block, opaque
 * @param origin the service that the block came from, see {@link ProviderData#origin()}; empty if unknown: then every
 *     service whose protocol has such blocks gets it
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
