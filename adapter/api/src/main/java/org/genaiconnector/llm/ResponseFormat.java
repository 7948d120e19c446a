package org.genaiconnector.llm;

import jakarta.json.JsonObject;
import java.util.Objects;

/** In what form a model answers. */
public sealed interface ResponseFormat {

    /** Text, the usual. */
    ResponseFormat TEXT = Plain.TEXT;

    /** Any JSON object; the prompt must ask for JSON too. Anthropic has no such mode. */
    ResponseFormat JSON = Plain.JSON;

    /**
     * JSON of a schema. Some local servers take the wish and ignore it: check the answer.
     *
     * @param name letters, digits, underscore and hyphen, at most 64
     * @param schema JSON schema
     * @return not null
     */
    static ResponseFormat schema(String name, JsonObject schema) {
        return new Schema(name, schema);
    }

    /** A format without a schema. */
    enum Plain implements ResponseFormat {
        /** See {@link ResponseFormat#TEXT}. */
        TEXT,
        /** See {@link ResponseFormat#JSON}. */
        JSON
    }

    /**
     * JSON of a schema.
     *
     * @param name for the provider
     * @param schema JSON schema
     */
    record Schema(String name, JsonObject schema) implements ResponseFormat {
        public Schema {
            Objects.requireNonNull(name, "name");
            Objects.requireNonNull(schema, "schema");
        }
    }
}
