package org.genaiconnector.ra.llm;

import jakarta.json.JsonArray;
import jakarta.json.JsonException;
import jakarta.json.JsonNumber;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.genaiconnector.ra.json.JsonValues;
import org.genaiconnector.ra.json.LenientJson;

/**
 * The parts of a service's error that have a meaning. A gateway wraps the error of the service behind it, as an object or as
 * JSON in a string, and gives that service's status in a member (OpenRouter: {@code code}, with {@code metadata.raw}).
 *
 * @param words the message, including the innermost one
 * @param types its types and codes, separated by spaces
 * @param status 400 to 599 if the error has one, else 0
 */
record ErrorDetails(String words, String types, int status) {
    private static final int DEEPEST = 5;

    /** Members that may hold the status; the first one that does counts. */
    private static final String[] STATUS = {"code", "status", "status_code", "statusCode", "http_status", "http_code"};

    private static final String[] WORDS = {"message", "msg", "detail", "error_description", "title"};

    private static final Pattern NUMBER = Pattern.compile("\\s*[45]\\d\\d\\s*");

    /** The statuses that the services document for types of errors; the first that fits counts. */
    private static final Map<Pattern, Integer> STATUS_OF_TYPE = new LinkedHashMap<>();

    static {
        STATUS_OF_TYPE.put(Pattern.compile("overloaded"), 529);
        STATUS_OF_TYPE.put(Pattern.compile("ratelimit|toomanyrequests|throttling|resourceexhausted"), 429);
        STATUS_OF_TYPE.put(Pattern.compile("authentication|unauthori[sz]ed|unauthenticated|apikey"), 401);
        STATUS_OF_TYPE.put(Pattern.compile("billing|paymentrequired"), 402);
        STATUS_OF_TYPE.put(Pattern.compile("permission|forbidden|accessdenied"), 403);
        STATUS_OF_TYPE.put(Pattern.compile("notfound"), 404);
        STATUS_OF_TYPE.put(Pattern.compile("toolarge"), 413);
        STATUS_OF_TYPE.put(Pattern.compile("conflict"), 409);
        STATUS_OF_TYPE.put(Pattern.compile("notsupported|unimplemented|notimplemented"), 501);
        STATUS_OF_TYPE.put(Pattern.compile("timeout|deadlineexceeded"), 504);
        STATUS_OF_TYPE.put(Pattern.compile("unavailable"), 503);
        STATUS_OF_TYPE.put(Pattern.compile("servererror|apierror|internal|streamerror"), 500);
        STATUS_OF_TYPE.put(Pattern.compile("invalid|badrequest|validation|unprocessable|failedprecondition"), 400);
    }

    static ErrorDetails of(JsonObject error) {
        return of(error, 0);
    }

    private static ErrorDetails of(JsonObject error, int depth) {
        ErrorDetails inner = depth == DEEPEST ? NONE : inner(error, depth);
        String outer = Stream.of(WORDS)
                .map(name -> JsonValues.text(error.get(name)))
                .filter(text -> !text.isBlank())
                .findFirst()
                .orElse("");
        boolean wrapped = inner.words().isBlank() || outer.contains(inner.words());
        String words =
                wrapped ? outer : outer.isBlank() || isJson(outer) ? inner.words() : outer + ": " + inner.words();
        String types = Stream.of(
                        error.get("type"),
                        error.get("code"),
                        error.get("status"), // Gemini
                        JsonValues.object(error.get("details")).get("error_code"), // Anthropic's spend limits
                        JsonValues.object(error.get("innererror")).get("code")) // Azure
                .map(JsonValues::text)
                .filter(text -> !text.isBlank())
                .collect(Collectors.joining(" "));
        int status = Stream.of(STATUS)
                .map(name -> status(error.get(name)))
                .filter(found -> found > 0)
                .findFirst()
                .orElse(inner.status());
        return new ErrorDetails(words, (types + " " + inner.types()).strip(), status);
    }

    private static final ErrorDetails NONE = new ErrorDetails("", "", 0);

    /** The error of the service behind the one that answers. */
    private static ErrorDetails inner(JsonObject error, int depth) {
        return Stream.of(
                        JsonValues.object(error.get("metadata")).get("raw"),
                        error.get("error"),
                        error.get("message"),
                        error.get("innererror"))
                .map(value -> wrapped(value, depth))
                .filter(found -> !found.equals(NONE))
                .findFirst()
                .orElse(NONE);
    }

    private static ErrorDetails wrapped(JsonValue value, int depth) {
        if (value instanceof JsonString text) {
            String string = text.getString();
            return isJson(string) ? parsed(string, depth) : new ErrorDetails(string.strip(), "", 0);
        }
        JsonValue found = value instanceof JsonArray array && !array.isEmpty() ? array.get(0) : value;
        return found instanceof JsonObject object ? of(object, depth + 1) : NONE;
    }

    private static ErrorDetails parsed(String json, int depth) {
        try {
            return wrapped(LenientJson.read(json), depth);
        } catch (JsonException cut) {
            return new ErrorDetails(json.strip(), "", 0); // cut JSON, shown as it is
        }
    }

    private static boolean isJson(String text) {
        String stripped = text.strip();
        return stripped.startsWith("{") || stripped.startsWith("[");
    }

    private static int status(JsonValue value) {
        String text = value instanceof JsonNumber || value instanceof JsonString ? JsonValues.text(value) : "";
        return NUMBER.matcher(text).matches() ? Integer.parseInt(text.strip()) : 0;
    }

    /**
     * The documented status of the error's type.
     *
     * @param unknown the result if the type is unknown
     */
    int statusOfType(int unknown) {
        String letters = types.toLowerCase(Locale.ROOT).replaceAll("[^a-z ]", "");
        for (Map.Entry<Pattern, Integer> kind : STATUS_OF_TYPE.entrySet()) {
            if (kind.getKey().matcher(letters).find()) {
                return kind.getValue();
            }
        }
        return unknown;
    }
}
