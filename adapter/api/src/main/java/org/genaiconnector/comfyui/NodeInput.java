package org.genaiconnector.comfyui;

import jakarta.json.JsonValue;
import java.io.Serializable;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import org.genaiconnector.SerializedRecord;

/**
 * An input of a kind of node.
 *
 * @param name as in {@code inputs}
 * @param required whether every node must have it; ComfyUI adds no default values
 * @param type {@code INT}, {@code FLOAT}, {@code STRING}, {@code BOOLEAN}, {@link #CHOICE} for a list to choose from, or what
 *     a link must bring: {@code IMAGE}, {@code MODEL} and others, an open set
 * @param choices of a {@link #CHOICE}, among them the names of model files; empty for other types, for an empty folder
 *     of models, and for {@code remote} choices
 * @param min smallest number; empty for none
 * @param max largest number; empty for none
 * @param step of ComfyUI's page; values between are taken too
 * @param defaultValue what ComfyUI's page fills in; empty for none
 * @param upload whether its choices are files of the input directory, so that an upload's
 *     {@link ServerFile#reference()} is right although it is not among them
 * @param remote whether ComfyUI gets its choices from elsewhere, so that only ComfyUI knows them
 * @param multiple whether several may be chosen, as a list in {@code {"__value__": [...]}}
 */
public record NodeInput(
        String name,
        boolean required,
        String type,
        List<String> choices,
        OptionalDouble min,
        OptionalDouble max,
        OptionalDouble step,
        Optional<JsonValue> defaultValue,
        boolean upload,
        boolean remote,
        boolean multiple)
        implements Serializable {

    /** Type of inputs that are chosen from a list. */
    public static final String CHOICE = "COMBO";

    public NodeInput {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(type, "type");
        choices = List.copyOf(choices);
        Objects.requireNonNull(min, "min");
        Objects.requireNonNull(max, "max");
        Objects.requireNonNull(step, "step");
        Objects.requireNonNull(defaultValue, "defaultValue");
    }

    /** An input of one value whose choices are all known; the parameters are those of the other constructor. */
    public NodeInput(
            String name,
            boolean required,
            String type,
            List<String> choices,
            OptionalDouble min,
            OptionalDouble max,
            OptionalDouble step,
            Optional<JsonValue> defaultValue,
            boolean upload) {
        this(name, required, type, choices, min, max, step, defaultValue, upload, false, false);
    }

    private Object writeReplace() {
        return SerializedRecord.of(this);
    }
}
