package org.genaiconnector.ra.llm;

import jakarta.json.JsonException;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.util.Locale;
import java.util.Optional;
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
        return failure(answer, text(error.get("message")), text(error.get("type")) + " " + text(error.get("code")));
    }

    private static GenAiException failure(HttpAnswer answer, String message, String types) {
        FailureCategory category = category(answer.status(), types.toLowerCase(Locale.ROOT));
        if (category == FailureCategory.INVALID_REQUEST && isAboutContext(message.toLowerCase(Locale.ROOT))) {
            category = FailureCategory.CONTEXT_LENGTH;
        }
        // a provider's words about a wrong key repeat the key, only its middle masked
        String said = category == FailureCategory.AUTHENTICATION ? "the API key is missing, wrong or revoked" : message;
        return answer.failure(category, answer.refusal(said.isBlank() ? types.strip() : said), null);
    }

    /** Anthropic, vLLM and Ollama have no type of their own for it. */
    private static boolean isAboutContext(String message) {
        return containsAny(message, "prompt is too long", "maximum context length", "exceeds the available context");
    }

    /** The words of the body are more precise than the status. */
    private static FailureCategory category(int status, String types) {
        if (containsAny(types, "context_length", "exceed_context")) {
            return FailureCategory.CONTEXT_LENGTH;
        }
        if (containsAny(types, "insufficient_quota", "credit_balance", "billing")) {
            return FailureCategory.QUOTA;
        }
        if (containsAny(types, "content_policy", "content_filter")) {
            return FailureCategory.CONTENT_FILTER;
        }
        if (types.contains("model_not_found")) { // LM Studio says so with status 400 or 200
            return FailureCategory.NOT_FOUND;
        }
        if (status >= 300) {
            return StatusFailures.category(status);
        }
        if (types.contains("overloaded")) {
            return FailureCategory.OVERLOADED;
        }
        if (types.contains("rate_limit")) {
            return FailureCategory.RATE_LIMIT;
        }
        if (containsAny(types, "server_error", "api_error")) {
            return FailureCategory.SERVER;
        }
        return FailureCategory.INVALID_REQUEST;
    }

    private static boolean containsAny(String text, String... words) {
        for (String word : words) {
            if (text.contains(word)) {
                return true;
            }
        }
        return false;
    }

    /** Codes are strings, numbers, null or absent. */
    private static String text(JsonValue value) {
        if (value instanceof JsonString text) {
            return text.getString();
        }
        return value == null || value == JsonValue.NULL ? "" : value.toString();
    }
}
