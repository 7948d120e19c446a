package org.genaiconnector.testkit.llm;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/** Reads what a Messages request asks of the model. */
final class AnthropicPrompt {
    private AnthropicPrompt() {}

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
