package org.genaiconnector.testkit.llm;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.stream.Collectors;

/**
 * What a request asks of the model, independent of the provider.
 *
 * @param json whether the answer must be JSON
 * @param schema the JSON schema of the answer, or null
 * @param maxTokens most tokens of the answer; zero is allowed
 * @param variant chooses among equally good answers; the same one gives the same answer
 */
record Prompt(
        List<Turn> turns,
        List<Tool> tools,
        ToolChoice toolChoice,
        boolean json,
        JsonNode schema,
        int maxTokens,
        List<String> stops,
        int variant) {

    /** A request for the continuation of a text. */
    static Prompt of(String text, int maxTokens, List<String> stops, int variant) {
        return new Prompt(
                List.of(new Turn(Turn.USER, text)), List.of(), ToolChoice.NONE, false, null, maxTokens, stops, variant);
    }

    /** The user's last message; empty if there is none. */
    String lastWord() {
        return turns.stream()
                .filter(turn -> turn.is(Turn.USER))
                .reduce((first, second) -> second)
                .map(Turn::text)
                .orElse("");
    }

    /** All instructions to the model: the system messages and the user's last message. */
    String instructions() {
        return turns.stream()
                        .filter(turn -> turn.is(Turn.SYSTEM))
                        .map(Turn::text)
                        .collect(Collectors.joining("\n"))
                + "\n" + lastWord();
    }

    /** The result of a tool if that is what came last, otherwise null. */
    String toolResult() {
        Turn last = turns.isEmpty() ? null : turns.get(turns.size() - 1);
        return last != null && last.is(Turn.TOOL) ? last.text() : null;
    }

    /** How many tokens the conversation takes. */
    int tokens() {
        int perMessage = 4; // role and separators, about what real chat templates need
        int tokens = turns.stream()
                .mapToInt(turn -> Tokens.count(turn.text()) + perMessage)
                .sum();
        return tokens
                + tools.stream()
                        .mapToInt(tool -> Tokens.count(tool.name() + tool.schema()))
                        .sum();
    }
}
