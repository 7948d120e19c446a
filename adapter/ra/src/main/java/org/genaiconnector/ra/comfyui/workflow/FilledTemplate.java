package org.genaiconnector.ra.comfyui.workflow;

import jakarta.json.JsonArray;
import jakarta.json.JsonValue;
import jakarta.json.spi.JsonProvider;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.genaiconnector.GenAiException;
import org.genaiconnector.comfyui.Workflow;
import org.genaiconnector.comfyui.WorkflowParameter;
import org.genaiconnector.comfyui.WorkflowRejectedException;

/**
 * A template that has been read and found right.
 *
 * @param source of which
 * @param workflow with the values of the file
 * @param parameters in the administrator's order
 */
public record FilledTemplate(TemplateSource source, Workflow workflow, List<WorkflowParameter> parameters) {
    private static final JsonProvider JSON = JsonProvider.provider();

    /** Reads workflow and parameters; a parameter that leads to no input is found here and not when it is used. */
    public static FilledTemplate read(TemplateSource source) throws GenAiException {
        Workflow workflow = workflow(source);
        Set<String> required = new HashSet<>();
        QuotedList.items(source.required()).forEach(name -> required.add(QuotedList.plain(name)));
        List<WorkflowParameter> parameters = new ArrayList<>();
        Set<String> names = new HashSet<>();
        for (String item : QuotedList.items(source.parameters())) {
            WorkflowParameter parameter = parameter(item, workflow, required, source);
            if (!names.add(parameter.name())) {
                throw wrong(source, "has two parameters " + parameter.name());
            }
            parameters.add(parameter);
        }
        required.removeAll(names);
        if (!required.isEmpty()) {
            throw wrong(source, "requires parameters that it does not have: " + String.join(", ", required));
        }
        return new FilledTemplate(source, workflow, List.copyOf(parameters));
    }

    private static Workflow workflow(TemplateSource source) throws GenAiException {
        try {
            return Workflow.parse(source.read());
        } catch (WorkflowRejectedException e) {
            String reason = e.nodeErrors().isEmpty() ? e.getMessage() : "The workflow has wrong nodes";
            throw new WorkflowRejectedException(
                    "The template's workflow " + source.name() + " cannot be used: " + reason, e.nodeErrors());
        }
    }

    private static WorkflowParameter parameter(
            String item, Workflow workflow, Set<String> required, TemplateSource source) throws GenAiException {
        int sign = QuotedList.sign(item);
        String name = sign < 0 ? "" : QuotedList.plain(item.substring(0, sign).strip());
        String written = item.substring(sign + 1).strip();
        if (name.isEmpty() || written.isEmpty()) {
            throw wrong(source, "has the parameter \"" + item + "\", which is not name=input");
        }
        String input =
                isInput(workflow, written) ? written : QuotedList.plain(written); // titles may hold quotation marks
        try {
            JsonValue value = workflow.value(input);
            return new WorkflowParameter(name, input, WorkflowParameter.Type.of(value), value, required.contains(name));
        } catch (IllegalArgumentException e) {
            throw wrong(source, "has the parameter " + name + ", which leads nowhere: " + e.getMessage());
        }
    }

    private static boolean isInput(Workflow workflow, String input) {
        try {
            workflow.value(input);
            return true;
        } catch (IllegalArgumentException none) {
            return false;
        }
    }

    private static GenAiException wrong(TemplateSource source, String what) {
        return TemplateSource.wrong("The template with the workflow " + source.name() + " " + what);
    }

    public Workflow with(Map<String, ?> values) {
        List<String> faults = new ArrayList<>();
        Map<String, JsonValue> read = read(values, faults);
        Workflow filled = workflow;
        for (WorkflowParameter parameter : parameters) {
            JsonValue value = read.remove(parameter.name());
            if (value == null && parameter.required() && !values.containsKey(parameter.name())) {
                faults.add(parameter.name() + " is required");
            } else if (value != null && !parameter.type().accepts(value)) {
                faults.add(parameter.name() + " is " + parameter.type() + " and cannot be "
                        + WorkflowParameter.Type.of(value) + ": " + value);
            } else if (value != null) {
                filled = filled.with(parameter.input(), value);
            }
        }
        read.keySet().forEach(name -> faults.add("there is no parameter " + name));
        if (!faults.isEmpty()) {
            throw new IllegalArgumentException("The workflow template cannot be filled: " + String.join("; ", faults)
                    + ". Its parameters are " + described());
        }
        return filled;
    }

    private static Map<String, JsonValue> read(Map<String, ?> values, List<String> faults) {
        Map<String, JsonValue> read = new LinkedHashMap<>();
        values.forEach((name, value) -> json(value)
                .ifPresentOrElse(
                        found -> read.put(name, found),
                        () -> faults.add(
                                name + " cannot be " + (value == null ? "null" : value + " of " + value.getClass()))));
        return read;
    }

    private static Optional<JsonValue> json(Object value) {
        if (value instanceof JsonValue found) {
            return found instanceof JsonArray ? Optional.empty() : Optional.of(found);
        }
        if (value instanceof CharSequence text) {
            return Optional.of(JSON.createValue(text.toString()));
        }
        if (value instanceof Boolean on) {
            return Optional.of(on ? JsonValue.TRUE : JsonValue.FALSE);
        }
        return value instanceof Number number ? number(number).map(JSON::createValue) : Optional.empty();
    }

    private static Optional<BigDecimal> number(Number number) {
        if (number instanceof BigDecimal decimal) {
            return Optional.of(decimal);
        }
        if (number instanceof BigInteger whole) {
            return Optional.of(new BigDecimal(whole));
        }
        if (number instanceof Double || number instanceof Float) {
            return Double.isFinite(number.doubleValue())
                    ? Optional.of(new BigDecimal(number.toString()))
                    : Optional.empty();
        }
        return Optional.of(BigDecimal.valueOf(number.longValue()));
    }

    private String described() {
        return parameters.isEmpty()
                ? "none"
                : String.join(
                        ", ",
                        parameters.stream()
                                .map(parameter -> parameter.name() + " (" + parameter.type()
                                        + (parameter.required() ? ", required)" : ")"))
                                .toList());
    }
}
