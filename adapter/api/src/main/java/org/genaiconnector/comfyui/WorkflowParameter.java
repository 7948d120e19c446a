package org.genaiconnector.comfyui;

import jakarta.json.JsonValue;
import java.io.Serializable;
import java.util.Objects;
import org.genaiconnector.SerializedRecord;

/**
 * A named parameter of a {@link WorkflowTemplate}.
 *
 * @param name by which applications set it
 * @param input the workflow's input that it sets, as in {@link Workflow#with(String, String)}
 * @param type kind of value
 * @param defaultValue the workflow's own value, used if the application sets none
 * @param required whether the application must set it all the same
 */
public record WorkflowParameter(String name, String input, Type type, JsonValue defaultValue, boolean required)
        implements Serializable {

    /** What kind of value an input takes. */
    public enum Type {
        /** A string, also the name of a file or a choice from a list. */
        TEXT,
        /** A number, whole or not. */
        NUMBER,
        /** True or false. */
        SWITCH,
        /** A JSON object. */
        OBJECT,
        /** Anything: the workflow has null or a link there. */
        ANY;

        /**
         * The type of a value.
         *
         * @param value of a workflow's input
         * @return the type
         */
        public static Type of(JsonValue value) {
            return switch (value.getValueType()) {
                case STRING -> TEXT;
                case NUMBER -> NUMBER;
                case TRUE, FALSE -> SWITCH;
                case OBJECT -> OBJECT;
                case NULL, ARRAY -> ANY;
            };
        }

        /**
         * Whether a value may be given.
         *
         * @param value for an input of this type
         * @return true if it is of the same type, or either is {@link #ANY}
         */
        public boolean accepts(JsonValue value) {
            Type given = of(value);
            return this == ANY || given == ANY || this == given;
        }

        /** For messages. */
        @Override
        public String toString() {
            return switch (this) {
                case TEXT -> "a text";
                case NUMBER -> "a number";
                case SWITCH -> "true or false";
                case OBJECT -> "a JSON object";
                case ANY -> "any value";
            };
        }
    }

    public WorkflowParameter {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(input, "input");
        Objects.requireNonNull(type, "type");
        Objects.requireNonNull(defaultValue, "defaultValue");
    }

    private Object writeReplace() {
        return SerializedRecord.of(this);
    }
}
