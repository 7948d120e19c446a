package org.genaiconnector.testkit.llm;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.genaiconnector.testkit.llm.Refusal.Kind;

/** What OpenAI finds wrong with a request for a response. */
final class ResponsesChecks {
    static final String ENCRYPTED = "reasoning.encrypted_content";

    private static final Set<String> MEMBERS = Set.of(
            ("model input instructions max_output_tokens previous_response_id conversation store stream reasoning text tools "
                            + "tool_choice parallel_tool_calls truncation background include max_tool_calls temperature top_p "
                            + "metadata service_tier user safety_identifier prompt_cache_key prompt_cache_retention "
                            + "top_logprobs stream_options prompt")
                    .split(" "));

    /** Members of chat completions, and what they are called here. */
    private static final Map<String, String> MOVED = Map.of(
            "max_tokens", "max_output_tokens",
            "max_completion_tokens", "max_output_tokens",
            "response_format", "text.format",
            "reasoning_effort", "reasoning.effort",
            "messages", "input");

    private static final Set<String> USER_PARTS = Set.of("input_text", "input_image", "input_file");
    private static final Set<String> ASSISTANT_PARTS = Set.of("output_text", "refusal");
    private static final int LEAST_TOKENS = 16;

    private ResponsesChecks() {}

    static void check(JsonNode body, ArrayNode input) {
        body.fieldNames().forEachRemaining(ResponsesChecks::member);
        if (input.isEmpty()) {
            throw new Refusal(Kind.MISSING, "Missing required parameter: 'input'.", "input");
        }
        OpenAiChecks.options(body);
        JsonNode most = body.path("max_output_tokens");
        if (most.isNumber() && most.asInt() < LEAST_TOKENS) {
            throw new Refusal(
                    Kind.INVALID,
                    "Invalid 'max_output_tokens': integer below minimum value. Expected a value >= 16, but got "
                            + most.asText() + " instead.",
                    "max_output_tokens",
                    "integer_below_min_value");
        }
        items(input, body.path("store").asBoolean(true));
        tools(body);
        format(body.path("text").path("format"), input);
        if (OpenAiPrompt.strings(body.path("include")).contains(ENCRYPTED)
                && body.path("model").asText().matches("gpt-[34].*")) {
            throw new Refusal(Kind.INVALID, "Encrypted content is not supported with this model.", "include");
        }
    }

    private static void member(String name) {
        if (MOVED.containsKey(name)) {
            throw new Refusal(
                    Kind.UNSUPPORTED,
                    "Unsupported parameter: '" + name + "'. In the Responses API, this parameter has moved to '"
                            + MOVED.get(name) + "'.",
                    name);
        }
        if (!MEMBERS.contains(name)) {
            throw new Refusal(Kind.INVALID, "Unknown parameter: '" + name + "'.", name, "unknown_parameter");
        }
    }

    private static void items(ArrayNode input, boolean store) {
        Set<String> open = new LinkedHashSet<>();
        Set<String> calls = new LinkedHashSet<>();
        Set<String> thoughts = new LinkedHashSet<>();
        for (int i = 0; i < input.size(); i++) {
            JsonNode item = input.get(i);
            String where = "input[" + i + "]";
            String id = item.path("id").asText();
            switch (item.path("type").asText("message")) {
                case "message" -> message(item, where);
                case "function_call" -> {
                    OpenAiChecks.name(item.path("name"), where + ".name");
                    if (!item.path("arguments").isTextual()) {
                        throw missing(where + ".arguments");
                    }
                    open.add(item.path("call_id").asText());
                    calls.add(item.path("call_id").asText());
                }
                case "function_call_output" -> {
                    String call = item.path("call_id").asText();
                    if (!calls.contains(call)) {
                        throw new Refusal(
                                Kind.INVALID,
                                "No tool call found for function call output with call_id " + call + ".",
                                "input");
                    }
                    open.remove(call);
                    output(item.path("output"), where + ".output");
                }
                case "reasoning" -> {
                    thoughts.add(id);
                    reasoning(item, input.path(i + 1), store);
                }
                default -> {
                    // tools of the service itself come back as it gave them
                }
            }
            if (id.matches("(msg|fc)_r.*")) {
                String thought = "rs_" + id.replaceFirst("^\\w+?_(r\\d+).*", "$1");
                if (!thoughts.contains(thought)) {
                    throw new Refusal(
                            Kind.INVALID,
                            "Item '" + id + "' of type '" + item.path("type").asText()
                                    + "' was provided without its required 'reasoning' item: '" + thought + "'.",
                            "input");
                }
            }
        }
        if (!open.isEmpty()) {
            throw new Refusal(
                    Kind.INVALID, "No tool output found for function call " + String.join(", ", open) + ".", "input");
        }
    }

    private static void reasoning(JsonNode item, JsonNode next, boolean store) {
        String id = item.path("id").asText();
        if (!store && !item.hasNonNull("encrypted_content")) {
            throw new Refusal(
                    Kind.UNKNOWN_PATH,
                    "Item with id '" + id
                            + "' not found. Items are not persisted when `store` is set to false. Try again with "
                            + "`store` set to true, or remove this item from your input.",
                    "input");
        }
        String encrypted = item.path("encrypted_content").asText();
        if (id.startsWith("rs_r")
                && item.hasNonNull("encrypted_content")
                && !encrypted.equals(Thoughts.signature(id))) {
            throw new Refusal(
                    Kind.INVALID,
                    "The encrypted content for item " + id + " could not be verified.",
                    null,
                    "invalid_encrypted_content");
        }
        String role = next.path("role").asText("assistant");
        if (next.isMissingNode() || !role.equals("assistant")) {
            throw new Refusal(
                    Kind.INVALID,
                    "Item '" + id + "' of type 'reasoning' was provided without its required following item.",
                    "input");
        }
    }

    private static void message(JsonNode item, String where) {
        String role = item.path("role").asText();
        if (!Set.of("user", "assistant", "system", "developer").contains(role)) {
            throw new Refusal(
                    Kind.INVALID,
                    "Invalid value: '" + role
                            + "'. Supported values are: 'assistant', 'system', 'developer', and 'user'.",
                    where,
                    "invalid_value");
        }
        JsonNode content = item.path("content");
        if (content.isTextual()) {
            return;
        }
        if (!content.isArray() || content.isEmpty()) {
            throw missing(where + ".content");
        }
        for (int i = 0; i < content.size(); i++) {
            part(
                    content.get(i),
                    role.equals("assistant") ? ASSISTANT_PARTS : USER_PARTS,
                    where + ".content[" + i + "]");
        }
    }

    private static void output(JsonNode output, String where) {
        if (!output.isTextual() && !output.isArray()) {
            throw missing(where);
        }
        for (JsonNode part : output) {
            part(part, USER_PARTS, where);
        }
    }

    private static void part(JsonNode part, Set<String> allowed, String where) {
        String type = part.path("type").asText();
        if (!allowed.contains(type)) {
            throw new Refusal(
                    Kind.INVALID,
                    "Invalid value: '" + type + "'. Supported values are: '" + String.join("', '", allowed) + "'.",
                    where,
                    "invalid_value");
        }
        switch (type) {
            case "input_text" -> {
                if (!part.path("text").isTextual()) {
                    throw missing(where + ".text");
                }
            }
            case "input_image" -> OpenAiMessages.image(part.path("image_url"), where + ".image_url");
            case "input_file" -> {
                if (!part.has("file_id")
                        && !part.has("file_url")
                        && !part.path("file_data").asText().matches("(?s)data:[^,]+;base64,.+")) {
                    throw missing(where + ".file_data");
                }
            }
            default -> {
                // what the model said comes back as it came
            }
        }
    }

    /** Tools are flat here, and strict unless they say otherwise. */
    private static void tools(JsonNode body) {
        JsonNode tools = body.path("tools");
        for (int i = 0; i < tools.size(); i++) {
            if (tools.get(i).path("type").asText().equals("function")) {
                OpenAiChecks.name(tools.get(i).path("name"), "tools[" + i + "].name");
                OpenAiChecks.parameters(
                        tools.get(i),
                        "tools[" + i + "].parameters",
                        tools.get(i).path("strict").asBoolean(true));
            }
        }
        JsonNode choice = body.path("tool_choice");
        String name = choice.path("name").asText();
        if (choice.isTextual()
                        && !choice.asText().equals("none")
                        && !choice.asText().equals("auto")
                        && tools.isEmpty()
                || choice.isObject() && tools.findValuesAsText("name").stream().noneMatch(name::equals)) {
            throw new Refusal(
                    Kind.INVALID, "Tool choice '" + name + "' not found in 'tools' parameter.", "tool_choice");
        }
    }

    private static void format(JsonNode format, ArrayNode input) {
        switch (format.path("type").asText("text")) {
            case "text" -> {
                // the usual
            }
            case "json_object" -> {
                if (!input.toString().toLowerCase(Locale.ROOT).contains("json")) {
                    throw new Refusal(
                            Kind.INVALID,
                            "Response input messages must contain the word 'json' in some form to use 'text.format' of type "
                                    + "'json_object'.",
                            "input");
                }
            }
            case "json_schema" -> OpenAiChecks.schema(format, "text.format");
            default ->
                throw new Refusal(
                        Kind.INVALID,
                        "Invalid value: '" + format.path("type").asText() + "'.",
                        "text.format.type",
                        "invalid_value");
        }
    }

    private static Refusal missing(String field) {
        return new Refusal(Kind.MISSING, "Missing required parameter: '" + field + "'.", field);
    }
}
