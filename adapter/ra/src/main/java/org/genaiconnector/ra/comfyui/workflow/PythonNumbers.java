package org.genaiconnector.ra.comfyui.workflow;

import jakarta.json.JsonNumber;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/** What Python's {@code int()} and {@code float()} make of values, which backends apply to what they are sent. */
final class PythonNumbers {
    private static final Pattern INT = Pattern.compile("[+-]?\\d+(_\\d+)*");
    private static final Pattern FLOAT = Pattern.compile("[+-]?(\\d+\\.?\\d*|\\.\\d+)([eE][+-]?\\d+)?");
    private static final Pattern NOT_FINITE = Pattern.compile("[+-]?(inf|infinity|nan)");

    private PythonNumbers() {}

    /**
     * The number that a value becomes.
     *
     * @param type {@code INT} or {@code FLOAT}
     * @return empty if it cannot be converted
     */
    static Optional<Double> of(String type, JsonValue value) {
        boolean whole = type.equals("INT");
        if (value instanceof JsonNumber number) {
            double read = number.doubleValue();
            return Optional.of(whole ? towardsZero(read) : read);
        }
        if (value instanceof JsonString text) {
            return whole
                    ? wholeNumber(text.getString().strip())
                    : number(text.getString().strip());
        }
        return switch (value.getValueType()) {
            case TRUE -> Optional.of(1.0);
            case FALSE -> Optional.of(0.0);
            default -> Optional.empty();
        };
    }

    private static double towardsZero(double number) {
        return number < 0 ? Math.ceil(number) : Math.floor(number);
    }

    private static Optional<Double> wholeNumber(String text) {
        return INT.matcher(text).matches() ? Optional.of(Double.valueOf(text.replace("_", ""))) : Optional.empty();
    }

    private static Optional<Double> number(String text) {
        if (NOT_FINITE.matcher(text.toLowerCase(Locale.ROOT)).matches()) {
            return Optional.of(Double.NaN); // beyond every comparison, as in Python's checks of NaN
        }
        return FLOAT.matcher(text).matches() ? Optional.of(Double.valueOf(text)) : Optional.empty();
    }
}
