package org.genaiconnector.ra.llm;

import jakarta.json.JsonException;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.genaiconnector.FailureCategory;
import org.genaiconnector.GenAiException;
import org.genaiconnector.ra.http.HttpAnswer;
import org.genaiconnector.ra.http.OpenAnswer;
import org.genaiconnector.ra.http.StatusFailures;

/**
 * What LLM services say when they refuse, in all the forms seen: {@code error} as an object (OpenAI, Anthropic, llama.cpp
 * with a number as code), as a string (vLLM, LM Studio), at the top level (old vLLM), under status 200 (LM Studio), or no
 * JSON at all (proxies).
 */
final class LlmFailures {

    /** So much of a refusal's words is searched for their meaning. */
    private static final int MOST_READ = 4_000;

    private LlmFailures() {}

    static GenAiException read(HttpAnswer answer) {
        return answer.jsonObjectIfAny()
                .flatMap(body -> inBody(answer, body))
                .orElseGet(() -> answer.failure(
                        StatusFailures.category(answer.status()), answer.refusal(answer.excerpt()), null));
    }

    /** The failure that a body tells of, whatever its status; empty if it tells of none. */
    static Optional<GenAiException> inBody(HttpAnswer answer, JsonObject body) {
        JsonValue error = body.get("error");
        if (error instanceof JsonObject object) {
            return Optional.of(failure(answer, object));
        }
        if (error instanceof JsonString text) {
            return Optional.of(failure(answer, text.getString(), ""));
        }
        if (text(body.get("object")).equals("error")) {
            return Optional.of(failure(answer, body));
        }
        return Optional.empty();
    }

    /** An event in a stream that is not what the protocol says. */
    static GenAiException notJson(OpenAnswer answer, SseReader.Event event, JsonException cause) {
        HttpAnswer piece = answer.piece(event.data());
        return piece.failure(
                FailureCategory.PROTOCOL, "streamed something that is no JSON object: " + piece.excerpt(), cause);
    }

    /**
     * The failure that an event reports; whether to try again is for its kind to say, as nothing is known to be done.
     *
     * @param found an object with the member {@code error}; empty if the event itself is the error
     */
    static GenAiException inStream(OpenAnswer answer, SseReader.Event event, Optional<JsonObject> found) {
        HttpAnswer piece = answer.piece(event.data());
        JsonObject object = found.or(piece::jsonObjectIfAny).orElse(JsonValue.EMPTY_JSON_OBJECT);
        GenAiException told = inBody(piece, object)
                .orElseGet(() -> object.isEmpty() ? failure(piece, piece.excerpt(), "") : failure(piece, object));
        return new GenAiException(
                told.category(),
                told.getMessage(),
                null,
                told.category().isRetryable(),
                told.retryAfter().orElse(null),
                200,
                told.requestId().orElse(null));
    }

    private static GenAiException failure(HttpAnswer answer, JsonObject error) {
        String types = Stream.of(
                        error.get("type"),
                        error.get("code"),
                        Json.object(error.get("details")).get("error_code"), // Anthropic's spend limits
                        Json.object(error.get("innererror")).get("code")) // Azure
                .map(LlmFailures::text)
                .filter(text -> !text.isEmpty())
                .collect(Collectors.joining(" "));
        return failure(answer, text(error.get("message")), types);
    }

    private static GenAiException failure(HttpAnswer answer, String message, String types) {
        String head = message.length() > MOST_READ ? message.substring(0, MOST_READ) : message;
        FailureCategory category = LlmCategories.of(answer.status(), types, head);
        String said = category == FailureCategory.AUTHENTICATION ? KeyWords.shown(types, head) : message;
        return answer.failure(category, answer.refusal(said.isBlank() ? types : said), null);
    }

    /** Codes are strings, numbers, null or absent. */
    private static String text(JsonValue value) {
        if (value instanceof JsonString text) {
            return text.getString();
        }
        return value == null || value == JsonValue.NULL ? "" : value.toString();
    }
}
