package org.genaiconnector.testkit.llm;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/** Reads what a chat completion request asks of the model. */
final class OpenAiPrompt {
    private OpenAiPrompt() {}

    /** @param choice which of several candidates is to be written, from 0 */
    static Prompt read(JsonNode body, OpenAiFlavour flavour, int choice) {
        List<Turn> turns = new ArrayList<>();
        for (JsonNode message : body.path("messages")) {
            turns.add(new Turn(role(message.path("role").asText()), text(message.path("content"))));
        }
        List<Tool> tools = new ArrayList<>();
        for (JsonNode tool : body.path("tools")) {
            JsonNode function = tool.path("function");
            tools.add(new Tool(function.path("name").asText(), function.path("parameters")));
        }
        return new Prompt(
                turns,
                tools,
                toolChoice(flavour.toolChoice(body)),
                flavour.json(body),
                flavour.schema(body),
                Math.max(0, flavour.maxTokens(body)),
                strings(body.path("stop")),
                variant(body, choice));
    }

    /** Greedy decoding ignores the seed, as it does in a real model. */
    static int variant(JsonNode body, int choice) {
        boolean greedy = body.has("temperature") && body.path("temperature").asDouble(1) == 0;
        return choice + (greedy ? 0 : body.path("seed").asInt(0));
    }

    /** A string, or the texts of an array of strings or parts. */
    static String text(JsonNode content) {
        if (content.isTextual()) {
            return content.asText();
        }
        List<String> texts = new ArrayList<>();
        for (JsonNode part : content) {
            String text = part.isTextual() ? part.asText() : part.path("text").asText("");
            if (!text.isEmpty()) {
                texts.add(text);
            }
        }
        return String.join("\n", texts);
    }

    /** A string or an array of strings as a list. */
    static List<String> strings(JsonNode node) {
        List<String> strings = new ArrayList<>();
        if (node.isTextual()) {
            strings.add(node.asText());
        }
        node.forEach(element -> strings.add(element.asText()));
        return strings;
    }

    private static String role(String role) {
        return switch (role) {
            case "developer" -> Turn.SYSTEM;
            case "function" -> Turn.TOOL;
            default -> role;
        };
    }

    private static ToolChoice toolChoice(JsonNode choice) {
        if (choice.isObject()) {
            return ToolChoice.named(choice.path("function").path("name").asText());
        }
        return switch (choice.asText()) {
            case "none" -> ToolChoice.NONE;
            case "required" -> ToolChoice.REQUIRED;
            default -> ToolChoice.AUTO;
        };
    }
}
