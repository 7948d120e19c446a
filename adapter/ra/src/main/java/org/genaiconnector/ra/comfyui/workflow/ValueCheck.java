package org.genaiconnector.ra.comfyui.workflow;

import jakarta.json.JsonArray;
import jakarta.json.JsonNumber;
import jakarta.json.JsonValue;
import jakarta.json.spi.JsonProvider;
import java.util.List;
import java.util.Optional;
import org.genaiconnector.GenAiException;
import org.genaiconnector.comfyui.NodeError;
import org.genaiconnector.comfyui.NodeInput;
import org.genaiconnector.ra.json.JsonValues;

/** Validates the value of one input as the backend would: numbers by their limits, choices by what the backend lists. */
final class ValueCheck {
    private static final JsonProvider JSON = JsonProvider.provider();

    /** As many choices a backend repeats, too. */
    private static final int MAX_LISTED = 20;

    private final UploadedFiles files;

    ValueCheck(UploadedFiles files) {
        this.files = files;
    }

    /** Knows which files have been uploaded. */
    @FunctionalInterface
    interface UploadedFiles {
        /**
         * Looks for a file.
         *
         * @param reference {@code name}, {@code folder/name}, {@code name [temp]}
         */
        boolean exists(String reference) throws GenAiException;
    }

    /**
     * What is wrong with a value.
     *
     * @param error in the backend's words
     * @param certain false for limits and choices, which classes of third parties may check by rules of their own
     */
    record Fault(NodeError error, boolean certain) {
        private static Fault certain(String type, String message, String details) {
            return new Fault(new NodeError(type, message, details), true);
        }

        private static Fault probable(String type, String message, String details) {
            return new Fault(new NodeError(type, message, details), false);
        }
    }

    /** What is wrong with a value that is neither a link nor wrapped. */
    Optional<Fault> fault(NodeInput input, JsonValue value) throws GenAiException {
        return switch (input.type()) {
            case "INT", "FLOAT" -> faultOfNumber(input, value);
            case NodeInput.CHOICE -> faultOfChoice(input, value);
            // texts and switches are made of anything, and what comes by link cannot be judged
            default -> Optional.empty();
        };
    }

    private static Optional<Fault> faultOfNumber(NodeInput input, JsonValue value) {
        Optional<Double> number = PythonNumbers.of(input.type(), value);
        if (number.isEmpty()) {
            return Optional.of(Fault.certain(
                    "invalid_input_type",
                    "Failed to convert an input value to a " + input.type() + " value",
                    input.name() + ", " + JsonValues.text(value)));
        }
        if (input.min().isPresent() && number.get() < input.min().getAsDouble()) {
            return Optional.of(Fault.probable(
                    "value_smaller_than_min",
                    "Value " + value + " smaller than min of "
                            + shown(input.min().getAsDouble()),
                    input.name()));
        }
        if (input.max().isPresent() && number.get() > input.max().getAsDouble()) {
            return Optional.of(Fault.probable(
                    "value_bigger_than_max",
                    "Value " + value + " bigger than max of "
                            + shown(input.max().getAsDouble()),
                    input.name()));
        }
        return Optional.empty();
    }

    private static String shown(double limit) {
        return limit == Math.rint(limit) && Math.abs(limit) < 1e15
                ? Long.toString((long) limit)
                : Double.toString(limit);
    }

    private Optional<Fault> faultOfChoice(NodeInput input, JsonValue value) throws GenAiException {
        boolean isList = value instanceof JsonArray;
        String text = JsonValues.text(value);
        if (input.remote() || isList && input.multiple() || !isList && isAmong(input.choices(), value, text)) {
            return Optional.empty();
        }
        if (!isList && files.exists(text)) {
            return Optional.empty(); // loaders of files take more than they list: folders, other directories
        }
        if (input.upload() && !isList) {
            return Optional.of(Fault.certain(
                    "custom_validation_failed",
                    "Custom validation failed for node",
                    input.name() + " - Invalid file: " + text));
        }
        String list = input.choices().size() > MAX_LISTED
                ? "(list of length " + input.choices().size() + ")"
                : input.choices().toString();
        return Optional.of(Fault.probable(
                "value_not_in_list", "Value not in list", input.name() + ": '" + text + "' not in " + list));
    }

    /** To Python, 1.0 is among [1, 2]. */
    private static boolean isAmong(List<String> choices, JsonValue value, String text) {
        return choices.contains(text)
                || value instanceof JsonNumber number
                        && choices.stream()
                                .anyMatch(choice -> PythonNumbers.of("FLOAT", JSON.createValue(choice))
                                        .filter(known -> known == number.doubleValue())
                                        .isPresent());
    }
}
