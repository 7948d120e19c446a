package org.genaiconnector.testkit.llm;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import org.genaiconnector.testkit.llm.Refusal.Kind;

/** Checks a Messages request and reads what it asks of the model. */
final class AnthropicPrompt {
    private AnthropicPrompt() {}

    static void check(JsonNode body, Settings settings, boolean counting) {
        if (!body.isObject()) {
            throw new Refusal(Kind.INVALID, "Input should be an object");
        }
        require(body, "model");
        if (!counting) {
            require(body, "max_tokens");
            if (!body.get("max_tokens").isIntegralNumber()
                    || body.get("max_tokens").asInt() < 0) {
                throw new Refusal(Kind.INVALID, "max_tokens: Input should be a valid non-negative integer");
            }
        }
        require(body, "messages");
        JsonNode messages = body.get("messages");
        if (!messages.isArray() || messages.isEmpty()) {
            throw new Refusal(Kind.INVALID, "messages: at least one message is required");
        }
        for (int i = 0; i < messages.size(); i++) {
            String role = messages.get(i).path("role").asText();
            if (!role.equals("user") && !role.equals("assistant")) {
                throw new Refusal(
                        Kind.INVALID,
                        "messages: Unexpected role \"" + role + "\". The Messages API accepts a top-level `system` "
                                + "parameter, not \"system\" as an input message role.");
            }
        }
        double temperature = body.path("temperature").asDouble(1);
        if (temperature < 0 || temperature > 1) {
            throw new Refusal(Kind.INVALID, "temperature: range: 0..1");
        }
        String model = body.get("model").asText();
        if (!settings.hasModel(model)) {
            throw new Refusal(Kind.UNKNOWN_MODEL, "model: " + model);
        }
    }

    private static void require(JsonNode body, String field) {
        if (!body.has(field)) {
            throw new Refusal(Kind.MISSING, field + ": Field required", field);
        }
    }

    static Prompt read(JsonNode body) {
        List<Turn> turns = new ArrayList<>();
        if (body.has("system")) {
            turns.add(new Turn(Turn.SYSTEM, OpenAiPrompt.text(body.get("system"))));
        }
        for (JsonNode message : body.path("messages")) {
            addTurns(turns, message);
        }
        List<Tool> tools = new ArrayList<>();
        for (JsonNode tool : body.path("tools")) {
            tools.add(new Tool(tool.path("name").asText(), tool.path("input_schema")));
        }
        JsonNode schema = body.path("output_config").path("format").path("schema");
        return new Prompt(
                turns,
                tools,
                toolChoice(body.path("tool_choice")),
                schema.isObject(),
                schema.isObject() ? schema : null,
                body.path("max_tokens").asInt(Integer.MAX_VALUE),
                OpenAiPrompt.strings(body.path("stop_sequences")),
                0);
    }

    /** Tool results sit inside user messages; here they are turns of their own. */
    private static void addTurns(List<Turn> turns, JsonNode message) {
        JsonNode content = message.path("content");
        String text = OpenAiPrompt.text(content);
        if (!text.isEmpty()) {
            turns.add(new Turn(message.path("role").asText(), text));
        }
        for (JsonNode block : content) {
            if (block.path("type").asText().equals("tool_result")) {
                turns.add(new Turn(Turn.TOOL, OpenAiPrompt.text(block.path("content"))));
            }
        }
    }

    private static ToolChoice toolChoice(JsonNode choice) {
        return switch (choice.path("type").asText()) {
            case "any" -> ToolChoice.REQUIRED;
            case "tool" -> ToolChoice.named(choice.path("name").asText());
            case "none" -> ToolChoice.NONE;
            default -> ToolChoice.AUTO;
        };
    }
}
