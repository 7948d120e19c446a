package org.genaiconnector.llm;

import jakarta.json.JsonObject;
import java.io.Serializable;
import java.util.Objects;
import org.genaiconnector.SerializedRecord;

/** A tool that a model may call. Immutable. */
public final class ToolDefinition implements Serializable {
    private static final long serialVersionUID = 1L;

    private final Values values;

    private ToolDefinition(Values values) {
        this.values = values;
    }

    private record Values(String name, String description, JsonObject parameters, boolean strict)
            implements Serializable {

        Values {
            if (name == null || !name.matches("[A-Za-z0-9_-]{1,64}")) {
                throw new IllegalArgumentException(
                        "A tool's name has 1 to 64 letters, digits, underscores and hyphens: " + name);
            }
            Objects.requireNonNull(description, "description");
            Objects.requireNonNull(parameters, "parameters");
        }

        private Object writeReplace() {
            return SerializedRecord.of(this);
        }
    }

    /**
     * A tool.
     *
     * @param name letters, digits, underscore and hyphen, at most 64
     * @param description what it does and when to call it, for the model
     * @param parameters JSON schema of an object
     * @return the definition
     * @throws IllegalArgumentException if the name has other characters, or none, or too many
     */
    public static ToolDefinition of(String name, String description, JsonObject parameters) {
        return new ToolDefinition(new Values(name, description, parameters, false));
    }

    /**
     * The same, and the service is to guarantee arguments that fit the schema.
     *
     * @return a new definition
     * @see #strict()
     */
    public ToolDefinition asStrict() {
        return new ToolDefinition(new Values(values.name, values.description, values.parameters, true));
    }

    /**
     * Whether the service is to guarantee arguments that fit the schema. OpenAI and Anthropic do; their schemas must then forbid
     * other members and, with OpenAI, require every member. Services that cannot mark schemas as strict do not get the mark.
     *
     * @return false unless {@link #asStrict()} was called
     */
    public boolean strict() {
        return values.strict;
    }

    /**
     * The name.
     *
     * @return letters, digits, underscore and hyphen, at most 64
     */
    public String name() {
        return values.name;
    }

    /**
     * What it does and when to call it, for the model.
     *
     * @return may be empty
     */
    public String description() {
        return values.description;
    }

    /**
     * What it takes.
     *
     * @return JSON schema of an object
     */
    public JsonObject parameters() {
        return values.parameters;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ToolDefinition tool && values.equals(tool.values);
    }

    @Override
    public int hashCode() {
        return values.hashCode();
    }

    @Override
    public String toString() {
        return values.toString().replaceFirst("Values", "ToolDefinition");
    }
}
