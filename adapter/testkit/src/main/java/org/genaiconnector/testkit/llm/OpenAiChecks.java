package org.genaiconnector.testkit.llm;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.genaiconnector.testkit.llm.Refusal.Kind;

/** What OpenAI itself finds wrong with the options, tools and formats of a request; of messages see {@link OpenAiMessages}. */
final class OpenAiChecks {
    /** Names of models that think before they answer and therefore refuse some parameters. */
    private static final String REASONING_MODELS = "(o\\d|gpt-5).*";

    /** Names of models that do not think, and know no effort. */
    private static final String OTHER_MODELS = "gpt-[34].*";

    private static final List<String> EFFORTS = List.of("none", "minimal", "low", "medium", "high", "xhigh", "max");
    private static final Set<String> CHOICES = Set.of("none", "auto", "required");
    private static final Set<String> FORMATS = Set.of("text", "json_object", "json_schema");
    private static final int LONGEST_NAME = 64;
    private static final int MOST_TEXTS = 2_048;

    private OpenAiChecks() {}

    static void options(JsonNode body) {
        number(body, "temperature", 0, 2);
        number(body, "top_p", 0, 1);
        number(body, "frequency_penalty", -2, 2);
        number(body, "presence_penalty", -2, 2);
        for (String field : new String[] {"max_tokens", "max_completion_tokens", "n"}) {
            positive(body, field);
        }
        if (body.path("stop").size() > 4) {
            throw new Refusal(Kind.INVALID, "Invalid 'stop': array too long. Expected at most 4 elements.", "stop");
        }
        if (body.has("stream_options") && !body.path("stream").asBoolean()) {
            throw new Refusal(
                    Kind.INVALID,
                    "The 'stream_options' parameter is only allowed when 'stream' is enabled.",
                    "stream_options");
        }
    }

    private static void number(JsonNode body, String field, double least, double most) {
        JsonNode value = body.path(field);
        if (value.isMissingNode() || value.isNull()) {
            return;
        }
        if (!value.isNumber()) {
            throw new Refusal(Kind.INVALID, "Invalid type for '" + field + "': expected a decimal.", field);
        }
        if (value.asDouble() < least || value.asDouble() > most) {
            throw new Refusal(
                    Kind.INVALID,
                    "Invalid '" + field + "': expected a value from " + (int) least + " to " + most + ".",
                    field);
        }
    }

    private static void positive(JsonNode body, String field) {
        JsonNode value = body.path(field);
        if (value.isIntegralNumber() && value.asInt() < 1) {
            throw new Refusal(
                    Kind.INVALID,
                    "Invalid '" + field + "': integer below minimum value. Expected a value >= 1, but got "
                            + value.asText() + " instead.",
                    field,
                    "integer_below_min_value");
        }
    }

    static void reasoningModel(JsonNode body) {
        if (!body.path("model").asText().matches(REASONING_MODELS)) {
            return;
        }
        if (body.has("max_tokens")) {
            throw new Refusal(
                    Kind.UNSUPPORTED,
                    "Unsupported parameter: 'max_tokens' is not supported with this model. Use "
                            + "'max_completion_tokens' instead.",
                    "max_tokens");
        }
        if (body.path("temperature").asDouble(1) != 1) {
            throw new Refusal(
                    Kind.UNSUPPORTED,
                    "Unsupported value: 'temperature' does not support this value with this model. Only the default "
                            + "(1) value is supported.",
                    "temperature");
        }
    }

    static void reasoningEffort(JsonNode body) {
        JsonNode effort = body.path("reasoning_effort");
        if (effort.isMissingNode() || effort.isNull()) {
            return;
        }
        if (body.path("model").asText().matches(OTHER_MODELS)) {
            throw new Refusal(
                    Kind.INVALID, "Unrecognized request argument supplied: reasoning_effort", "reasoning_effort");
        }
        if (!EFFORTS.contains(effort.asText())) {
            throw new Refusal(
                    Kind.INVALID,
                    "Invalid value: '" + effort.asText() + "'. Supported values are: '" + String.join("', '", EFFORTS)
                            + "'.",
                    "reasoning_effort",
                    "invalid_value");
        }
    }

    /** How many words a model thinks with the effort that a request asks for: more effort, more words. */
    static int wordsOfThought(JsonNode body) {
        return Math.max(0, 10 * EFFORTS.indexOf(body.path("reasoning_effort").asText()));
    }

    static void tools(JsonNode body) {
        JsonNode tools = body.path("tools");
        if (tools.isArray() && tools.isEmpty()) {
            throw new Refusal(Kind.INVALID, emptyArray("tools"), "tools", "empty_array");
        }
        for (int i = 0; i < tools.size(); i++) {
            JsonNode function = tools.get(i).path("function");
            String field = "tools[" + i + "].function";
            if (tools.get(i).path("type").asText().equals("function")) {
                name(function.path("name"), field + ".name");
                parameters(
                        function, field + ".parameters", function.path("strict").asBoolean());
            }
        }
        toolChoice(body.path("tool_choice"), tools);
        parallelCalls(body);
    }

    static String emptyArray(String field) {
        return "Invalid '" + field
                + "': empty array. Expected an array with minimum length 1, but got an empty array instead.";
    }

    static void name(JsonNode name, String field) {
        if (!name.isTextual()) {
            throw new Refusal(Kind.MISSING, "Missing required parameter: '" + field + "'.", field);
        }
        if (name.asText().length() > LONGEST_NAME) {
            throw new Refusal(
                    Kind.INVALID,
                    "Invalid '" + field
                            + "': string too long. Expected a string with maximum length 64, but got a string "
                            + "with length " + name.asText().length() + " instead.",
                    field,
                    "string_above_max_length");
        }
        if (!name.asText().matches("[a-zA-Z0-9_-]+")) {
            throw new Refusal(
                    Kind.INVALID,
                    "Invalid '" + field
                            + "': string does not match pattern. Expected a string that matches the pattern "
                            + "'^[a-zA-Z0-9_-]+$'.",
                    field,
                    "invalid_value");
        }
    }

    static void parameters(JsonNode function, String field, boolean strict) {
        JsonNode schema = function.path("parameters");
        String where = "Invalid schema for function '" + function.path("name").asText() + "': ";
        if (!schema.isMissingNode() && !schema.path("type").asText().equals("object")) {
            throw new Refusal(Kind.INVALID, where + noObject(schema), field, "invalid_function_parameters");
        }
        if (strict && schema.isObject()) {
            closed(schema, where, field, "invalid_function_parameters");
        }
    }

    private static String noObject(JsonNode schema) {
        return "schema must be a JSON Schema of 'type: \"object\"', got 'type: \""
                + schema.path("type").asText("None") + "\"'.";
    }

    /** Refuses to be strict about a schema that leaves anything open. */
    private static void closed(JsonNode schema, String where, String field, String code) {
        JsonNode properties = schema.path("properties");
        if (OpenAiPrompt.strings(schema.path("type")).contains("object") || properties.isObject()) {
            if (!schema.path("additionalProperties").isBoolean()
                    || schema.path("additionalProperties").asBoolean()) {
                throw new Refusal(
                        Kind.INVALID,
                        where + "In context=(), 'additionalProperties' is required to be supplied and to be false.",
                        field,
                        code);
            }
            Set<String> required = Set.copyOf(OpenAiPrompt.strings(schema.path("required")));
            properties.fieldNames().forEachRemaining(name -> {
                if (!required.contains(name)) {
                    throw new Refusal(
                            Kind.INVALID,
                            where + "In context=(), 'required' is required to be supplied and to be an array including "
                                    + "every key in properties. Missing '" + name + "'.",
                            field,
                            code);
                }
            });
        }
        schema.forEach(inner -> closed(inner, where, field, code));
    }

    /** A switch that says something about tools is refused without them. */
    static void parallelCalls(JsonNode body) {
        if (body.has("parallel_tool_calls") && body.path("tools").isEmpty()) {
            throw new Refusal(
                    Kind.INVALID,
                    "Invalid value for 'parallel_tool_calls': 'parallel_tool_calls' is only allowed when 'tools' are specified.",
                    "parallel_tool_calls");
        }
    }

    private static void toolChoice(JsonNode choice, JsonNode tools) {
        if (choice.isMissingNode() || choice.isNull()) {
            return;
        }
        if (tools.isEmpty()) {
            throw new Refusal(
                    Kind.INVALID,
                    "Invalid value for 'tool_choice': 'tool_choice' is only allowed when 'tools' are specified.",
                    "tool_choice");
        }
        if (choice.isTextual() && !CHOICES.contains(choice.asText())) {
            throw new Refusal(
                    Kind.INVALID,
                    "Invalid value: '" + choice.asText() + "'. Supported values are: 'none', 'auto', and 'required'.",
                    "tool_choice",
                    "invalid_value");
        }
        String name = choice.path("function").path("name").asText();
        if (choice.path("type").asText().equals("function")
                && tools.findValuesAsText("name").stream().noneMatch(name::equals)) {
            throw new Refusal(
                    Kind.INVALID, "Tool choice '" + name + "' not found in 'tools' parameter.", "tool_choice");
        }
    }

    static void responseFormat(JsonNode body) {
        JsonNode format = body.path("response_format");
        if (format.isMissingNode() || format.isNull()) {
            return;
        }
        String type = format.path("type").asText();
        if (!FORMATS.contains(type)) {
            throw new Refusal(
                    Kind.INVALID,
                    "Invalid value: '" + type + "'. Supported values are: 'json_object', 'json_schema', and 'text'.",
                    "response_format.type",
                    "invalid_value");
        }
        if (type.equals("json_object")
                && !body.path("messages").toString().toLowerCase(Locale.ROOT).contains("json")) {
            throw new Refusal(
                    Kind.INVALID,
                    "'messages' must contain the word 'json' in some form, to use 'response_format' of type 'json_object'.",
                    "messages");
        }
        if (type.equals("json_schema")) {
            schema(format.path("json_schema"), "response_format.json_schema");
        }
    }

    /** Checks a format with a schema; its members have the same names in both protocols. */
    static void schema(JsonNode wanted, String field) {
        name(wanted.path("name"), field + ".name");
        String param = field.substring(0, field.indexOf('.'));
        String where =
                "Invalid schema for response_format '" + wanted.path("name").asText() + "': ";
        JsonNode schema = wanted.path("schema");
        if (!schema.isObject() || !schema.path("type").asText("object").equals("object")) {
            throw new Refusal(Kind.INVALID, where + noObject(schema), param, null);
        }
        if (wanted.path("strict").asBoolean()) {
            closed(schema, where, param, null);
        }
    }

    /** Refuses what cannot be embedded. */
    static void texts(JsonNode body) {
        JsonNode input = body.path("input");
        if (input.size() > MOST_TEXTS) {
            throw new Refusal(Kind.INVALID, "Invalid 'input': array too long. Expected at most 2048.", "input");
        }
        if (OpenAiPrompt.strings(input).contains("")) {
            throw new Refusal(
                    Kind.INVALID, "Invalid 'input': input cannot be an empty string.", "input", "invalid_value");
        }
        positive(body, "dimensions");
    }
}
