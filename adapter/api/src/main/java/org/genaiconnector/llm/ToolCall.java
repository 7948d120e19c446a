package org.genaiconnector.llm;

import java.util.Objects;
import java.util.Optional;
import org.genaiconnector.SerializedRecord;

/**
 * A model's wish that a tool be called.
 *
 * @param id to be named in the {@link ToolResult}, different for each call of an answer; made up by the adapter where a
 *     server gives none, or the same twice
 * @param name of the tool
 * @param argumentsJson a JSON object, <em>as the model wrote it</em>: it may be broken or not fit the tool's schema
 * @param providerData what else the service said of the call, such as Gemini's {@code extra_content} with the signature of
 *     a thought; empty as a rule
 */
public record ToolCall(String id, String name, String argumentsJson, Optional<ProviderData> providerData)
        implements ContentPart {

    public ToolCall {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(argumentsJson, "argumentsJson");
        Objects.requireNonNull(providerData, "providerData");
    }

    /**
     * A call without data of a provider.
     *
     * @param id to be named in the {@link ToolResult}
     * @param name of the tool
     * @param argumentsJson a JSON object
     */
    public ToolCall(String id, String name, String argumentsJson) {
        this(id, name, argumentsJson, Optional.empty());
    }

    private Object writeReplace() {
        return SerializedRecord.of(this);
    }
}
