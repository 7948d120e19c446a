package org.genaiconnector.llm;

import jakarta.json.JsonObject;
import java.io.Serializable;
import java.util.Objects;
import org.genaiconnector.SerializedRecord;

/** In what form a model answers. */
public sealed interface ResponseFormat extends Serializable {

    /** Text, the usual. */
    ResponseFormat TEXT = Plain.TEXT;

    /** Any JSON object; the prompt must ask for JSON too. Anthropic has no such mode. */
    ResponseFormat JSON = Plain.JSON;

    /**
     * JSON of a schema. Some local services accept the schema and ignore it: check the answer.
     *
     * @param name letters, digits, underscore and hyphen, at most 64
     * @param schema JSON schema
     * @return the format
     * @throws IllegalArgumentException if the name has other characters, or none, or too many
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
     * @param name for the provider: 1 to 64 letters, digits, underscores and hyphens
     * @param schema JSON schema
     */
    record Schema(String name, JsonObject schema) implements ResponseFormat {
        public Schema {
            if (name == null || !name.matches("[A-Za-z0-9_-]{1,64}")) {
                throw new IllegalArgumentException(
                        "A schema's name has 1 to 64 letters, digits, underscores and hyphens: " + name);
            }
            Objects.requireNonNull(schema, "schema");
        }

        private Object writeReplace() {
            return SerializedRecord.of(this);
        }
    }
}
