package org.genaiconnector.testkit.llm;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.genaiconnector.testkit.llm.Completion.Finish;

/** The language model of the simulator: no weights, but always the same fitting answer to the same request. */
final class TextModel {
    private static final int SHORTEST_TELLING_WORD = 4;

    private TextModel() {}

    static Completion complete(Prompt prompt) {
        return chosenTool(prompt)
                .map(tool -> calling(prompt, List.of(call(tool, prompt))))
                .orElseGet(() -> saying(prompt, Writer.write(prompt)));
    }

    /** An answer of these words, as far as the limits of the prompt let them through. */
    static Completion saying(Prompt prompt, String words) {
        List<String> all = Tokens.split(words);
        List<String> tokens = all.subList(0, Math.min(all.size(), prompt.maxTokens()));
        String text = String.join("", tokens);
        Optional<String> stop = prompt.stops().stream()
                .filter(sequence -> !sequence.isEmpty() && text.contains(sequence))
                .min((a, b) -> Integer.compare(text.indexOf(a), text.indexOf(b)));
        if (stop.isPresent()) {
            List<String> before = Tokens.split(text.substring(0, text.indexOf(stop.get())));
            return new Completion(before, List.of(), Finish.STOP_SEQUENCE, stop.get(), prompt.tokens());
        }
        Finish finish = tokens.size() < all.size() ? Finish.LENGTH : Finish.STOP;
        return new Completion(tokens, List.of(), finish, null, prompt.tokens());
    }

    /** An answer that asks for these tools. */
    static Completion calling(Prompt prompt, List<ToolCall> calls) {
        return new Completion(List.of(), calls, Finish.TOOL_CALLS, null, prompt.tokens());
    }

    private static ToolCall call(Tool tool, Prompt prompt) {
        JsonNode arguments = new JsonWriter(prompt).write(tool.schema());
        int hash = 31 * tool.name().hashCode() + arguments.hashCode();
        return new ToolCall("call_%08x".formatted(hash), tool.name(), arguments.toString());
    }

    /** The tool to call now, if any: one that must be called, or one whose name the user's words suggest. */
    private static Optional<Tool> chosenTool(Prompt prompt) {
        if (prompt.toolResult() != null) {
            return Optional.empty(); // it has been called; now comes the answer
        }
        ToolChoice choice = prompt.toolChoice();
        Stream<Tool> tools = prompt.tools().stream();
        return switch (choice.mode()) {
            case NONE -> Optional.empty();
            case REQUIRED ->
                tools.filter(tool -> choice.name() == null || tool.name().equals(choice.name()))
                        .findFirst();
            case AUTO -> tools.filter(tool -> suggests(prompt.lastWord(), tool)).findFirst();
        };
    }

    private static boolean suggests(String words, Tool tool) {
        String text = words.toLowerCase(Locale.ROOT);
        return Stream.of(tool.name().split("[^A-Za-z]+|(?<=[a-z])(?=[A-Z])"))
                .map(word -> word.toLowerCase(Locale.ROOT))
                .anyMatch(word -> word.length() >= SHORTEST_TELLING_WORD && text.contains(word));
    }
}
