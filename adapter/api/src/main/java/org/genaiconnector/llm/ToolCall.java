package org.genaiconnector.llm;

import java.util.Objects;

/**
 * A model's wish that a tool be called.
 *
 * @param id to be named in the {@link ToolResult}; made up by the adapter where a server gives none
 * @param name of the tool
 * @param argumentsJson a JSON object, <em>as the model wrote it</em>: it may be broken or not fit the tool's schema
 */
public record ToolCall(String id, String name, String argumentsJson) implements ContentPart {

    public ToolCall {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(argumentsJson, "argumentsJson");
    }
}
