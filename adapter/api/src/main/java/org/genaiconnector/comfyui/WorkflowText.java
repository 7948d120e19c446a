package org.genaiconnector.comfyui;

import jakarta.json.Json;
import jakarta.json.JsonException;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonReader;
import java.io.StringReader;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/**
 * Reads the text of a workflow. Scans it once before a JSON parser does, for content to which parsers react with a
 * stack overflow or exceptions of their own, and for the {@code NaN} that ComfyUI writes into pictures and histories:
 * in the member {@code is_changed} of nodes, with which a node controls caching. It leaves out that member then.
 */
final class WorkflowText {
    private static final String IS_CHANGED = "is_changed";

    private final String text;
    private final StringBuilder mended = new StringBuilder();
    private final Set<String> unchangedNodes = new LinkedHashSet<>();
    private int copied;

    // where the scan is: for every level the name or the number of the value that is being read
    private int depth;
    private int nodes;
    private final boolean[] isList = new boolean[WorkflowLimits.MAX_DEPTH + 1];
    private final int[] index = new int[WorkflowLimits.MAX_DEPTH + 1];
    private final String[] name = new String[WorkflowLimits.MAX_DEPTH + 1];
    private int stringStart;
    private int stringEnd;

    private WorkflowText(String text) {
        this.text = text;
    }

    static JsonObject read(String json) throws WorkflowRejectedException {
        return new WorkflowText(json.startsWith("\uFEFF") ? json.substring(1) : json).read();
    }

    private JsonObject read() throws WorkflowRejectedException {
        scan();
        String strict =
                copied == 0 ? text : mended.append(text, copied, text.length()).toString();
        try (JsonReader reader = Json.createReader(new StringReader(strict))) {
            return withoutCacheMarks(reader.readObject());
        } catch (JsonException e) {
            throw new WorkflowRejectedException(
                    "The workflow is not a JSON object: " + e.getMessage(), Map.of(), null, e);
        }
    }

    private JsonObject withoutCacheMarks(JsonObject workflow) {
        if (unchangedNodes.isEmpty()) {
            return workflow;
        }
        JsonObjectBuilder kept = Json.createObjectBuilder(workflow);
        for (String rawId : unchangedNodes) {
            String id = unescaped(rawId);
            if (workflow.get(id) instanceof JsonObject node) {
                kept.add(id, Json.createObjectBuilder(node).remove(IS_CHANGED));
            }
        }
        return kept.build();
    }

    private static String unescaped(String raw) {
        try (JsonReader reader = Json.createReader(new StringReader("[\"" + raw + "\"]"))) {
            return reader.readArray().getString(0);
        }
    }

    /** Leaves all other invalid JSON to the parser. */
    private void scan() throws WorkflowRejectedException {
        int at = 0;
        while (at < text.length() && depth >= 0) {
            char c = text.charAt(at);
            switch (c) {
                case '"' -> at = string(at);
                case '{', '[' -> enter(c == '[');
                case '}', ']' -> depth--;
                case ',' -> next();
                case ':' -> named();
                case 'N', 'I' -> at = notANumber(at, at);
                case '-', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9' -> at = number(at);
                default -> {
                    // blanks, true, false, null, or no JSON
                }
            }
            at++;
        }
    }

    private void enter(boolean list) throws WorkflowRejectedException {
        if (depth == WorkflowLimits.MAX_DEPTH) {
            throw WorkflowLimits.refused(place(), WorkflowLimits.tooDeep());
        }
        depth++;
        isList[depth] = list;
        index[depth] = 0;
        name[depth] = "";
    }

    private void next() {
        index[depth]++;
        stringEnd = 0;
    }

    private void named() throws WorkflowRejectedException {
        if (stringEnd > 0) {
            name[depth] = text.substring(stringStart, stringEnd);
        }
        if (depth == 1 && ++nodes > WorkflowLimits.MAX_NODES) {
            throw WorkflowLimits.tooManyNodes();
        }
    }

    /** The index of the closing quote. */
    private int string(int quote) {
        int end = quote + 1;
        while (end < text.length() && text.charAt(end) != '"') {
            end += text.charAt(end) == '\\' ? 2 : 1;
        }
        stringStart = quote + 1;
        stringEnd = Math.min(end, text.length());
        return end;
    }

    /** The index of its last character. */
    private int number(int start) throws WorkflowRejectedException {
        if (text.startsWith("-I", start)) {
            return notANumber(start, start + 1);
        }
        int end = start + 1;
        int exponent = -1;
        while (end < text.length() && "0123456789+-.eE".indexOf(text.charAt(end)) >= 0) {
            if (text.charAt(end) == 'e' || text.charAt(end) == 'E') {
                exponent = end + 1;
            }
            end++;
        }
        if (end - start > WorkflowLimits.MAX_DIGITS || exponent > 0 && isHuge(exponent, end)) {
            throw WorkflowLimits.refused(place(), WorkflowLimits.tooLong());
        }
        return end - 1;
    }

    private boolean isHuge(int from, int end) {
        int digit = from;
        while (digit < end && "+-0".indexOf(text.charAt(digit)) >= 0) {
            digit++;
        }
        return end - digit > Integer.toString(WorkflowLimits.MAX_EXPONENT).length();
    }

    /** The index of its last character. */
    private int notANumber(int start, int word) throws WorkflowRejectedException {
        String found = text.startsWith("NaN", word) ? "NaN" : "Infinity";
        if (!text.startsWith(found, word)) {
            return start;
        }
        int end = word + found.length();
        boolean isCacheMark = false;
        for (int level = 2; level <= depth; level++) {
            isCacheMark |= !isList[level] && name[level].equals(IS_CHANGED);
        }
        if (!isCacheMark) {
            throw WorkflowLimits.refused(
                    place(), "is " + text.substring(start, end) + ", a number that JSON cannot hold");
        }
        if (name[2].equals(IS_CHANGED)) {
            unchangedNodes.add(name[1]);
        }
        mended.append(text, copied, start).append("null");
        copied = end;
        return end - 1;
    }

    /** {@code 3.inputs.points[2].x}. */
    private String place() {
        StringBuilder place = new StringBuilder();
        for (int level = 1; level <= depth && place.length() < 100; level++) {
            if (isList[level]) {
                place.append('[').append(index[level]).append(']');
            } else {
                place.append(level > 1 ? "." : "").append(name[level]);
            }
        }
        return place.toString();
    }
}
