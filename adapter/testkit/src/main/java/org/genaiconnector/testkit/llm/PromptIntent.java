package org.genaiconnector.testkit.llm;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The intent of a prompt, read from its words: how many scenes, JSON of which form, about what. */
record PromptIntent(String instructions, String userWords) {
    private static final List<String> NUMBERS =
            List.of("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten");
    private static final int MOST_ELEMENTS = 50;
    private static final int LONGEST_TOPIC_WORDS = 14;

    private static final String NUMBER =
            "\\b(\\d{1,3}|" + String.join("|", NUMBERS) + ")\\b(?:\\s+[\\p{L}-]+){0,4}?\\s+";
    private static final Pattern THINGS = Pattern.compile(
            NUMBER + "(?:scenes?|shots?|panels?|frames?|images?|pictures?|items?|objects?|elements?|entries)\\b",
            Pattern.CASE_INSENSITIVE);
    private static final Pattern TEXTS =
            Pattern.compile(NUMBER + "(?:sentences?|strings?|lines?)\\b", Pattern.CASE_INSENSITIVE);
    private static final Pattern NUMBERED = Pattern.compile("\\bnumbered\\b", Pattern.CASE_INSENSITIVE);
    private static final Pattern PICTURE = Pattern.compile(
            "\\b(scenes?|painter|paint|illustrat\\p{L}*|vivid|storyboard|image prompt)\\b", Pattern.CASE_INSENSITIVE);
    private static final Pattern LABELLED = Pattern.compile(
            "\\b(?:idea|story|topic|theme|subject|premise|about)\\b[^:\\n\"]{0,20}:\\s*(.+)", Pattern.CASE_INSENSITIVE);
    private static final Pattern QUOTED = Pattern.compile("[\"“«]([^\"”»]{3,})[\"”»]");
    private static final Pattern ABOUT =
            Pattern.compile("\\b(?:about|of the story|for the story|on)\\s+(.+)", Pattern.CASE_INSENSITIVE);
    private static final Pattern AFTER_COLON = Pattern.compile(":\\s+(\\S.*)$", Pattern.DOTALL);
    private static final Pattern QUESTION = Pattern.compile(
            "^(?:please\\s+)?(?:can you\\s+|could you\\s+)?(?:what(?:'s| is| are)|who (?:is|are)|where (?:is|are)|"
                    + "how (?:do|does|is|are|can)(?: i| you| we)?|why (?:is|are|do|does)|tell me about|tell me|explain|"
                    + "describe|write about|write|say|give me|name)\\s+",
            Pattern.CASE_INSENSITIVE);
    private static final Pattern VERBATIM = Pattern.compile(
            "^(?:please\\s+)?(?:reply|answer|respond|say|repeat|echo)(?:\\s+(?:only|with|just|the word|back|exactly))+"
                    + "\\s*:?\\s+(.+)$",
            Pattern.CASE_INSENSITIVE | Pattern.DOTALL);
    private static final Pattern JSON_ARRAY =
            Pattern.compile("json[ -]?(?:array|list)|array of json|list of json", Pattern.CASE_INSENSITIVE);
    private static final Pattern JSON = Pattern.compile(
            "\\b(?:json[ -]?object|(?:as|in|valid|only|return|with|output) (?:a )?(?:valid )?json)\\b",
            Pattern.CASE_INSENSITIVE);
    private static final Pattern KEYS = Pattern.compile(
            "\\b(?:keys?|fields?|propert(?:y|ies)|members?)\\b((?:[\\s,:]|and|named|called|[\"'`][\\w-]+[\"'`])+)",
            Pattern.CASE_INSENSITIVE);
    private static final Pattern NAME = Pattern.compile("[\"'`]([\\w-]+)[\"'`]");

    static PromptIntent of(Prompt prompt) {
        return new PromptIntent(prompt.instructions(), prompt.lastWord().strip());
    }

    /** How many scenes are asked for; empty if the intent is for something else. */
    Optional<Integer> scenes() {
        if (!PICTURE.matcher(instructions).find()) {
            return Optional.empty();
        }
        return Optional.of(count().orElse(1));
    }

    /** How many elements an array is to have. */
    int elements() {
        return count().orElse(3);
    }

    /** Whether lines are to begin with their numbers. */
    boolean numbered() {
        return NUMBERED.matcher(instructions).find();
    }

    /** Things count more than the sentences they are made of, the user's words more than the system's. */
    private Optional<Integer> count() {
        return count(THINGS, userWords)
                .or(() -> count(THINGS, instructions))
                .or(() -> count(TEXTS, userWords))
                .or(() -> count(TEXTS, instructions));
    }

    /** The largest number, as in "4 scenes, one scene per line". */
    private static Optional<Integer> count(Pattern pattern, String text) {
        return pattern.matcher(text)
                .results()
                .map(count -> number(count.group(1).toLowerCase(Locale.ROOT)))
                .max(Integer::compare);
    }

    private static int number(String word) {
        int value = NUMBERS.contains(word) ? NUMBERS.indexOf(word) + 1 : Integer.parseInt(word);
        return Math.max(1, Math.min(MOST_ELEMENTS, value));
    }

    boolean jsonArray() {
        return JSON_ARRAY.matcher(instructions).find();
    }

    boolean json() {
        return jsonArray() || JSON.matcher(instructions).find();
    }

    /** The names of members that the words ask for, in their order. */
    List<String> keys() {
        Matcher list = KEYS.matcher(instructions);
        return list.find()
                ? NAME.matcher(list.group(1))
                        .results()
                        .map(name -> name.group(1))
                        .toList()
                : List.of();
    }

    /** Words that are to be said exactly, if any. */
    Optional<String> verbatim() {
        return first(VERBATIM, userWords).map(words -> words.replaceAll("^[\"“]|[\"”]$", ""));
    }

    /** What it is all about, in the user's own words. */
    String topic() {
        return first(LABELLED, userWords)
                .or(() -> first(QUOTED, userWords))
                .or(() -> first(AFTER_COLON, userWords))
                .or(() -> first(ABOUT, userWords))
                .map(PromptIntent::trimmed)
                .orElseGet(() -> shortened(trimmed(QUESTION.matcher(userWords).replaceFirst(""))));
    }

    private static Optional<String> first(Pattern pattern, String text) {
        Matcher matcher = pattern.matcher(text);
        return matcher.find() ? Optional.of(matcher.group(1)).filter(group -> !group.isBlank()) : Optional.empty();
    }

    private static String trimmed(String words) {
        return words.strip().replaceAll("^[\"“«]+|[\"”».!?,;\\s]+$", "").replaceAll("\\s+", " ");
    }

    private static String shortened(String words) {
        String[] all = words.split(" ");
        return all.length <= LONGEST_TOPIC_WORDS
                ? words
                : String.join(" ", List.of(all).subList(0, LONGEST_TOPIC_WORDS));
    }
}
