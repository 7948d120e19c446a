package org.genaiconnector.llm;

import java.util.Objects;
import java.util.Optional;
import org.genaiconnector.SerializedRecord;

/**
 * A call of a tool that a model asks for.
 *
 * @param id of the call, for the {@link ToolResult}; different for each call of an answer. The adapter makes one where
 *     a service sends none, or the same one twice
 * @param name of the tool
 * @param argumentsJson a JSON object, <em>as the model wrote it</em>: it may be broken or not fit the tool's schema
 * @param providerData other members of the call in the service's answer, such as Gemini's {@code extra_content} with a
 *     thought signature; usually empty
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
