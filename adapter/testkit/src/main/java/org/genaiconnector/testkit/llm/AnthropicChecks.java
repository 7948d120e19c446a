package org.genaiconnector.testkit.llm;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashSet;
import java.util.Set;
import org.genaiconnector.testkit.llm.Refusal.Kind;

/** What Anthropic finds wrong with a Messages request, in its words; of messages see {@link AnthropicMessages}. */
final class AnthropicChecks {
    private static final Set<String> MEMBERS = Set.of(
            "model",
            "max_tokens",
            "messages",
            "system",
            "temperature",
            "top_p",
            "top_k",
            "stop_sequences",
            "stream",
            "metadata",
            "service_tier",
            "tools",
            "tool_choice",
            "thinking",
            "output_config",
            "cache_control",
            "container",
            "context_management",
            "mcp_servers",
            "inference_geo",
            "speed");
    private static final Set<String> CHOICES = Set.of("auto", "any", "none", "tool");
    private static final Set<String> EFFORTS = Set.of("low", "medium", "high", "xhigh", "max");
    private static final Set<String> THINKING = Set.of("adaptive", "disabled", "enabled");
    private static final int LEAST_BUDGET = 1_024;

    private AnthropicChecks() {}

    static void check(JsonNode body, Settings settings, boolean counting) {
        if (!body.isObject()) {
            throw invalid("Input should be an object");
        }
        body.fieldNames().forEachRemaining(name -> {
            if (!MEMBERS.contains(name)) {
                throw invalid(name + ": Extra inputs are not permitted");
            }
        });
        require(body, "model");
        if (counting) {
            for (String member :
                    new String[] {"max_tokens", "temperature", "top_p", "top_k", "stop_sequences", "stream"}) {
                if (body.has(member)) {
                    throw invalid(member + ": Extra inputs are not permitted");
                }
            }
        } else {
            require(body, "max_tokens");
            if (!body.get("max_tokens").isIntegralNumber()
                    || body.get("max_tokens").asInt() < 0) {
                throw invalid("max_tokens: Input should be a valid non-negative integer");
            }
        }
        require(body, "messages");
        options(body);
        AnthropicMessages.check(body.get("messages"));
        tools(body.path("tools"));
        toolChoice(body.path("tool_choice"), body.path("tools"));
        thinking(body);
        effort(body.path("output_config").path("effort"));
        format(body.path("output_config").path("format"));
        String model = body.get("model").asText();
        if (!settings.hasModel(model)) {
            throw new Refusal(Kind.UNKNOWN_MODEL, "model: " + model);
        }
    }

    static Refusal invalid(String message) {
        return new Refusal(Kind.INVALID, message);
    }

    private static void require(JsonNode body, String field) {
        if (!body.has(field)) {
            throw new Refusal(Kind.MISSING, field + ": Field required", field);
        }
    }

    private static void options(JsonNode body) {
        for (String field : new String[] {"temperature", "top_p"}) {
            JsonNode value = body.path(field);
            if (!value.isMissingNode() && !value.isNumber()) {
                throw invalid(field + ": Input should be a valid number");
            }
            if (value.asDouble() < 0 || value.asDouble() > 1) {
                throw invalid(field + ": range: 0..1");
            }
        }
        for (JsonNode sequence : body.path("stop_sequences")) {
            if (sequence.asText().isBlank()) {
                throw invalid("stop_sequences: each stop sequence must contain non-whitespace");
            }
        }
        for (JsonNode block : body.path("system")) {
            if (block.path("text").asText().isEmpty()) {
                throw invalid("system: text content blocks must be non-empty");
            }
        }
    }

    private static void tools(JsonNode tools) {
        Set<String> names = new HashSet<>();
        for (int i = 0; i < tools.size(); i++) {
            JsonNode tool = tools.get(i);
            String name = tool.path("name").asText();
            if (!names.add(name)) {
                throw invalid("tools: Tool names must be unique.");
            }
            if (tool.path("type").asText("custom").equals("custom")) { // others are the service's own
                if (!name.matches("[a-zA-Z0-9_-]{1,128}")) {
                    throw invalid("tools." + i + ".custom.name: String should match pattern '^[a-zA-Z0-9_-]{1,128}$'");
                }
                if (!tool.path("input_schema").isObject()) {
                    throw invalid("tools." + i + ".custom.input_schema: Field required");
                }
                if (!tool.path("input_schema").path("type").asText().equals("object")) {
                    throw invalid("tools." + i + ".custom.input_schema.type: Input should be 'object'");
                }
            }
        }
    }

    private static void toolChoice(JsonNode choice, JsonNode tools) {
        if (choice.isMissingNode()) {
            return;
        }
        String type = choice.path("type").asText();
        if (!CHOICES.contains(type)) {
            throw invalid("tool_choice: Input tag '" + type
                    + "' found using 'type' does not match any of the expected tags: 'auto', 'any', 'tool', 'none'");
        }
        if (tools.isEmpty()) {
            throw invalid("tool_choice: tool_choice may only be specified while providing tools");
        }
        String name = choice.path("name").asText();
        if (type.equals("tool") && tools.findValuesAsText("name").stream().noneMatch(name::equals)) {
            throw invalid("tool_choice: Tool '" + name + "' not found in provided tools");
        }
    }

    private static void effort(JsonNode effort) {
        if (!effort.isMissingNode() && !EFFORTS.contains(effort.asText())) {
            throw invalid("output_config.effort: Input should be 'low', 'medium', 'high', 'xhigh' or 'max'");
        }
    }

    private static void thinking(JsonNode body) {
        JsonNode thinking = body.path("thinking");
        if (!thinking.isMissingNode()
                && !THINKING.contains(thinking.path("type").asText())) {
            throw invalid(
                    "thinking: Input tag '" + thinking.path("type").asText()
                            + "' found using 'type' does not match any of the expected tags: 'adaptive', 'disabled', 'enabled'");
        }
        if (!thinking.path("type").asText().equals("enabled")) {
            return;
        }
        int budget = body.path("thinking").path("budget_tokens").asInt();
        if (budget < LEAST_BUDGET) {
            throw invalid("thinking.enabled.budget_tokens: Input should be greater than or equal to 1024");
        }
        if (budget >= body.path("max_tokens").asInt(Integer.MAX_VALUE)) {
            throw invalid(
                    "`max_tokens` must be greater than `thinking.budget_tokens`. Please consult our documentation.");
        }
        if (body.path("temperature").asDouble(1) != 1) {
            throw invalid("`temperature` may only be set to 1 when thinking is enabled.");
        }
        String choice = body.path("tool_choice").path("type").asText();
        if (choice.equals("any") || choice.equals("tool")) {
            throw invalid("Thinking may not be enabled when tool_choice forces tool use.");
        }
    }

    private static void format(JsonNode format) {
        if (format.isMissingNode() || format.isNull()) {
            return;
        }
        if (!format.path("type").asText().equals("json_schema")
                || !format.path("schema").isObject()) {
            throw invalid("output_config.format.schema: Field required");
        }
        closed(format.path("schema"));
    }

    private static void closed(JsonNode schema) {
        if (schema.path("type").asText().equals("object")
                && (!schema.path("additionalProperties").isBoolean()
                        || schema.path("additionalProperties").asBoolean())) {
            throw invalid(
                    "output_config.format.schema: For 'object' type, 'additionalProperties' must be explicitly set "
                            + "to false");
        }
        schema.forEach(AnthropicChecks::closed);
    }
}
