package org.genaiconnector.client;

import jakarta.json.JsonObject;
import java.util.Objects;
import org.genaiconnector.llm.ToolDefinition;

/**
 * A tool and its function, for a {@link ToolLoop}.
 *
 * @param definition what the model reads
 * @param function called with the model's arguments
 */
public record Tool(ToolDefinition definition, Function<JsonObject> function) {

    public Tool {
        Objects.requireNonNull(definition, "definition");
        Objects.requireNonNull(function, "function");
    }

    /**
     * What a tool does.
     *
     * @param <A> its arguments
     */
    @FunctionalInterface
    public interface Function<A> {
        /**
         * Runs the tool, on the thread that runs the loop.
         *
         * @param arguments a JSON object as the model wrote it, which need not fit the schema, or a record
         * @return the result that the model reads
         * @throws Exception the model gets its message as the result's error, so it must not hold a secret
         */
        String apply(A arguments) throws Exception;
    }

    /**
     * A tool that takes JSON.
     *
     * @param name see {@link ToolDefinition}
     * @param description for the model
     * @param parameters JSON schema of an object
     * @param function not null
     * @return the tool
     */
    public static Tool of(String name, String description, JsonObject parameters, Function<JsonObject> function) {
        return new Tool(ToolDefinition.of(name, description, parameters), function);
    }

    /**
     * A tool that takes a record; arguments that do not fit it go back to the model.
     *
     * @param name see {@link ToolDefinition}
     * @param description for the model
     * @param parameters its components are the parameters, see {@link RecordSchema}
     * @param function not null
     * @return the tool
     */
    public static <T extends Record> Tool of(
            String name, String description, Class<T> parameters, Function<T> function) {
        Objects.requireNonNull(function, "function");
        RecordSchema<T> schema = RecordSchema.of(parameters);
        return of(name, description, schema.schema(), arguments -> function.apply(schema.read(arguments)));
    }
}
