package org.genaiconnector.testkit.llm;

import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Writes the text of an answer: the result of a tool, JSON, scenes of a story, or a few words on the topic. */
final class Writer {
    private static final Pattern GREETING = Pattern.compile(
            "^(?:please )?(?:say )?(?:hello|hi|hey|good (?:morning|day|evening))\\b.*", Pattern.CASE_INSENSITIVE);
    private static final List<String> REPLIES = List.of(
            "You asked about %1$s. In short: look at it closely, start with one small step, and let what you learn "
                    + "about %1$s decide the next.",
            "A good question. The heart of %1$s is simple: someone wants something, something stands in the way, and "
                    + "what follows is worth telling.",
            "Here is a thought on %1$s: the details carry it. Choose three that you can see, hear and touch, and the "
                    + "rest will follow.",
            "Of %1$s one could speak for hours. The short version: keep it plain, keep it true, and stop before the "
                    + "reader wants you to.");

    private Writer() {}

    static String write(Prompt prompt) {
        PromptIntent intent = PromptIntent.of(prompt);
        if (prompt.toolResult() != null) {
            return "According to the tool: " + prompt.toolResult().strip();
        }
        if (prompt.json() || intent.json()) {
            JsonWriter json = new JsonWriter(prompt);
            return (prompt.schema() != null ? json.write(prompt.schema()) : json.asWished()).toString();
        }
        if (intent.verbatim().isPresent()) {
            return intent.verbatim().get();
        }
        if (intent.scenes().isPresent()) {
            return lines(Scenes.write(intent.topic(), intent.scenes().get(), prompt.variant()), intent.numbered());
        }
        if (GREETING.matcher(prompt.lastWord().strip()).matches()) {
            return "Hello! I am a simulator with no model behind me, but I am glad to help. What shall we do today?";
        }
        String topic = intent.topic().isEmpty() ? "nothing in particular" : intent.topic();
        int choice = Math.floorMod(topic.hashCode() + prompt.variant(), REPLIES.size());
        return REPLIES.get(choice).formatted(topic);
    }

    private static String lines(List<String> scenes, boolean numbered) {
        return IntStream.range(0, scenes.size())
                .mapToObj(i -> (numbered ? (i + 1) + ". " : "") + scenes.get(i))
                .collect(Collectors.joining("\n"));
    }
}
