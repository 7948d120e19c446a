package org.genaiconnector.llm;

import jakarta.json.JsonObject;
import java.util.Objects;

/**
 * A tool that a model may call.
 *
 * @param name letters, digits, underscore and hyphen, at most 64
 * @param description what it does and when to call it, for the model
 * @param parameters JSON schema of an object
 */
public record ToolDefinition(String name, String description, JsonObject parameters) {

    public ToolDefinition {
        if (name == null || !name.matches("[A-Za-z0-9_-]{1,64}")) {
            throw new IllegalArgumentException(
                    "A tool's name has 1 to 64 letters, digits, underscores and hyphens: " + name);
        }
        Objects.requireNonNull(description, "description");
        Objects.requireNonNull(parameters, "parameters");
    }
}
