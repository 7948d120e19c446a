package org.genaiconnector.storyboard;

import jakarta.json.Json;
import jakarta.json.JsonException;
import jakarta.json.JsonReader;
import jakarta.json.JsonString;
import java.io.StringReader;
import java.text.BreakIterator;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads scenes out of what a model wrote. Models are asked for one numbered scene per line; this understands what they
 * write instead: bullets, headings, an introduction, a code block, a JSON array, or everything in one paragraph.
 */
final class SceneParser {

    private static final Pattern REASONING = Pattern.compile("(?s)<think>.*?</think>");
    private static final Pattern FENCE = Pattern.compile("(?m)^\\s*```.*$");
    /** A bullet, a number, "Scene 2:", with or without emphasis around them. */
    private static final Pattern LABEL = Pattern.compile(
            "^[*_#\\s]*(?:[-*•–]\\s+)?[*_]*(?:scene\\s*)?(?:\\d{1,2}\\s*[.):\\]\\-–]|scene\\s+\\d{1,2}\\b)[*_:.\\s-]*"
                    + "|^[-*•–]\\s+",
            Pattern.CASE_INSENSITIVE);

    private static final Pattern HEADING_OR_RULE = Pattern.compile("^(?:#+\\s.*|[-*_=\\s]+)$");

    private SceneParser() {}

    /**
     * Finds the scenes.
     *
     * @param answer what the model wrote
     * @param wanted how many scenes are needed, at least 1
     * @return that many, or fewer if there are no more; without numbers, bullets and quotation marks
     */
    static List<String> parse(String answer, int wanted) {
        String text = FENCE.matcher(REASONING.matcher(answer).replaceAll(""))
                .replaceAll("")
                .replace("**", "");
        List<String> scenes = jsonArray(text);
        if (scenes.isEmpty()) {
            scenes = lines(text, wanted);
        }
        if (scenes.size() < wanted) {
            scenes = sentences(scenes, wanted);
        }
        return List.copyOf(scenes.subList(0, Math.min(wanted, scenes.size())));
    }

    private static List<String> jsonArray(String text) {
        if (!text.strip().startsWith("[")) {
            return List.of();
        }
        try (JsonReader reader = Json.createReader(new StringReader(text.strip()))) {
            return reader.readArray().getValuesAs(JsonString.class).stream()
                    .map(JsonString::getString)
                    .map(String::strip)
                    .filter(scene -> !scene.isEmpty())
                    .toList();
        } catch (JsonException | ClassCastException e) {
            return List.of(); // it only looked like one: "[Scene 1] ..."
        }
    }

    /** The labelled lines if there are enough of them, else all lines but an introduction. */
    private static List<String> lines(String text, int wanted) {
        List<String> all = new ArrayList<>();
        List<String> labelled = new ArrayList<>();
        for (String line : text.lines().map(String::strip).toList()) {
            Matcher label = LABEL.matcher(line);
            boolean hasLabel = label.find();
            String scene = unquote(hasLabel ? line.substring(label.end()) : line);
            if (scene.isEmpty() || (!hasLabel && HEADING_OR_RULE.matcher(line).matches())) {
                continue;
            }
            all.add(scene);
            if (hasLabel) {
                labelled.add(scene);
            }
        }
        if (labelled.size() >= wanted) {
            return labelled;
        }
        if (all.size() > 1 && all.get(0).endsWith(":")) {
            all.remove(0);
        }
        return all;
    }

    /** Spreads the sentences over the scenes, in order; leaves everything as it is if there are too few sentences. */
    private static List<String> sentences(List<String> lines, int wanted) {
        String text = String.join(" ", lines);
        BreakIterator breaks = BreakIterator.getSentenceInstance(Locale.ROOT);
        breaks.setText(text);
        List<String> sentences = new ArrayList<>();
        for (int start = breaks.first(), end = breaks.next();
                end != BreakIterator.DONE;
                start = end, end = breaks.next()) {
            String sentence = text.substring(start, end).strip();
            if (!sentence.isEmpty()) {
                sentences.add(sentence);
            }
        }
        if (sentences.size() < wanted) {
            return lines;
        }
        List<String> scenes = new ArrayList<>();
        for (int i = 0; i < wanted; i++) {
            int from = i * sentences.size() / wanted;
            int to = (i + 1) * sentences.size() / wanted;
            scenes.add(String.join(" ", sentences.subList(from, to)));
        }
        return scenes;
    }

    private static String unquote(String text) {
        String bare = text.strip().replaceAll("^[*_]+|[*_]+$", "").strip();
        boolean quoted = bare.length() > 1
                && "\"“'".indexOf(bare.charAt(0)) >= 0
                && "\"”'".indexOf(bare.charAt(bare.length() - 1)) >= 0;
        return quoted ? bare.substring(1, bare.length() - 1).strip() : bare;
    }
}
