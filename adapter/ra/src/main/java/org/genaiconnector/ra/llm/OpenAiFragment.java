package org.genaiconnector.ra.llm;

import java.util.LinkedHashMap;
import java.util.Map;
import org.genaiconnector.ra.json.JsonScanner;
import org.genaiconnector.ra.json.JsonValues;

/** A piece of a tool call in OpenAI's protocol, or a whole one. */
final class OpenAiFragment {
    /** The value of {@link #index} without an index. */
    static final int NONE = -1;

    private int index = NONE;
    private String id = "";
    private String name = "";
    private String arguments = "";
    private boolean argumentsSeen;
    private final Map<String, String> others = new LinkedHashMap<>(0);
    private final Map<String, String> othersOfFunction = new LinkedHashMap<>(0);

    private OpenAiFragment() {}

    /** Reads an element of {@code tool_calls}. */
    static OpenAiFragment read(JsonScanner json) {
        OpenAiFragment fragment = new OpenAiFragment();
        for (boolean more = json.enterObject(); more; more = json.next()) {
            switch (json.name()) {
                case "index" -> fragment.index = index(json);
                case "id" -> fragment.id = text(json);
                case "type" -> json.skip();
                case "function" -> function(json, fragment);
                default -> other(json, fragment.others);
            }
        }
        return fragment;
    }

    private static void function(JsonScanner json, OpenAiFragment fragment) {
        for (boolean more = json.enterObject(); more; more = json.next()) {
            switch (json.name()) {
                case "name" -> fragment.name = json.string();
                // a JSON text in a string; Ollama's native form is the object itself
                case "arguments" -> {
                    fragment.argumentsSeen = !json.isNull();
                    fragment.arguments = json.isObject() ? JsonValues.verbatim(json.bytes()) : json.string();
                }
                default -> other(json, fragment.othersOfFunction);
            }
        }
    }

    private static int index(JsonScanner json) {
        String text = text(json);
        try {
            return Math.max(NONE, (int) Double.parseDouble(text));
        } catch (NumberFormatException none) {
            return NONE;
        }
    }

    /** A string, or a number as text; empty for other types. */
    private static String text(JsonScanner json) {
        if (json.isString()) {
            return json.string();
        }
        String raw = json.raw();
        return raw.isEmpty() || !Character.isDigit(raw.charAt(0)) ? "" : raw;
    }

    private static void other(JsonScanner json, Map<String, String> others) {
        if (json.isNull()) {
            json.skip();
        } else {
            String name = json.name();
            others.put(name, JsonValues.verbatim(json.bytes()));
        }
    }

    int index() {
        return index;
    }

    /** The id; empty without one. */
    String id() {
        return id;
    }

    /** The tool's name; empty without one. */
    String name() {
        return name;
    }

    String arguments() {
        return arguments;
    }

    /** Whether the fragment has arguments, even empty ones. */
    boolean argumentsSeen() {
        return argumentsSeen;
    }

    /** Members that the protocol does not name, as JSON text. */
    Map<String, String> others() {
        return others;
    }

    /** The same for members of {@code function}. */
    Map<String, String> othersOfFunction() {
        return othersOfFunction;
    }
}
