package org.genaiconnector.ra.llm;

import jakarta.json.JsonArray;
import jakarta.json.JsonException;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.genaiconnector.FailureCategory;
import org.genaiconnector.GenAiException;
import org.genaiconnector.ra.http.Effect;
import org.genaiconnector.ra.http.HttpAnswer;
import org.genaiconnector.ra.http.OpenAnswer;
import org.genaiconnector.ra.json.JsonScanner;
import org.genaiconnector.ra.json.JsonValues;
import org.genaiconnector.ra.json.LenientJson;

/**
 * Reads the errors of LLM services in all forms seen: {@code error} as an object (OpenAI, Anthropic, llama.cpp
 * with a number as code), as a string (vLLM, LM Studio), at the top level (old vLLM), with status 200 (LM Studio,
 * OpenRouter), in an array (Gemini), or as text that is not JSON (proxies).
 */
final class LlmFailures {

    /** How many characters of a refusal are searched for its category. */
    private static final int MOST_READ = 4_000;

    private LlmFailures() {}

    static GenAiException read(HttpAnswer answer) {
        return object(answer)
                .flatMap(body -> errorIn(body)
                        .or(() -> Optional.of(body) // Bedrock and FastAPI put the message at the top
                                .filter(flat -> !ErrorDetails.of(flat).words().isBlank())))
                .map(error -> failure(answer, error, false))
                .orElseGet(() -> noError(answer));
    }

    /** A refusal without an error object: a proxy's page, plain text, or an empty body. */
    private static GenAiException noError(HttpAnswer answer) {
        byte[] body = answer.body();
        String head = new String(body, 0, Math.min(body.length, MOST_READ), StandardCharsets.UTF_8);
        FailureCategory category = LlmCategories.of(answer.status(), "", head);
        boolean silent = head.isBlank() || category != FailureCategory.AUTHENTICATION;
        String said = silent ? answer.excerpt() : CredentialMessages.shown("", answer.excerpt());
        return answer.failure(category, answer.refusal(said), null);
    }

    /** The body if it is an object, or the first object of an array, where Gemini puts its errors. */
    private static Optional<JsonObject> object(HttpAnswer answer) {
        try {
            JsonValue body = LenientJson.read(answer.body());
            JsonValue found = body instanceof JsonArray array && !array.isEmpty() ? array.get(0) : body;
            return found instanceof JsonObject object ? Optional.of(object) : Optional.empty();
        } catch (JsonException notJson) {
            return Optional.empty();
        }
    }

    /** The failure that a body reports, with any status; empty if it reports none. */
    static Optional<GenAiException> inBody(HttpAnswer answer, JsonObject body) {
        return errorIn(body).map(error -> failure(answer, error, false));
    }

    private static Optional<JsonObject> errorIn(JsonObject body) {
        JsonValue error = body.get("error");
        boolean flat = JsonValues.text(body.get("object")).equals("error");
        if (error == null || isEmpty(error)) {
            return flat ? Optional.of(body) : Optional.empty();
        }
        if (error instanceof JsonObject object) {
            return Optional.of(object);
        }
        if (error instanceof JsonString text) {
            return Optional.of(JsonValues.PROVIDER
                    .createObjectBuilder()
                    .add("message", text)
                    .build());
        }
        return Optional.of(body);
    }

    /** The failure for a whole answer that breaks the protocol: the error that it reports in a form of its own, if any. */
    static GenAiException notJson(HttpAnswer answer, JsonException cause) {
        return object(answer)
                .flatMap(body -> inBody(answer, body))
                .orElseGet(() -> answer.failure(
                        FailureCategory.PROTOCOL,
                        "answered " + answer.path() + " with something that is not JSON: " + answer.excerpt(),
                        cause));
    }

    /** The failure for a whole answer without its result; some report the reason by a status and a message at the top level. */
    static GenAiException without(HttpAnswer answer, String member) {
        return object(answer)
                .filter(body -> {
                    ErrorDetails said = ErrorDetails.of(body);
                    return said.status() > 0 && !said.words().isBlank();
                })
                .map(body -> failure(answer, body, false))
                .orElseGet(() -> answer.failure(
                        FailureCategory.PROTOCOL, "answered without " + member + ": " + answer.excerpt(), null));
    }

    /**
     * The member {@code error} of an answer.
     *
     * @return an object with that member; empty if it means "no error", which some services write as false, "" or {}
     */
    static Optional<JsonObject> error(JsonScanner json) {
        if (json.isNull()) {
            json.skip();
            return Optional.empty();
        }
        JsonValue value = json.tree();
        return isEmpty(value)
                ? Optional.empty()
                : Optional.of(JsonValues.PROVIDER
                        .createObjectBuilder()
                        .add("error", value)
                        .build());
    }

    private static boolean isEmpty(JsonValue value) {
        return switch (value.getValueType()) {
            case NULL, FALSE -> true;
            case STRING -> ((JsonString) value).getString().isBlank();
            case NUMBER -> value.toString().equals("0");
            case OBJECT -> ((JsonObject) value).values().stream().allMatch(LlmFailures::isEmpty);
            case ARRAY -> ((JsonArray) value).isEmpty();
            case TRUE -> false;
        };
    }

    /** The failure for an event that breaks the protocol: the error that it reports in a form of its own, if any. */
    static GenAiException notJson(OpenAnswer answer, SseReader.Event event, JsonException cause) {
        HttpAnswer piece = answer.piece(event.data());
        return object(piece)
                .flatMap(LlmFailures::errorIn)
                .map(error -> failure(piece, error, true))
                .orElseGet(() -> piece.failure(
                        FailureCategory.PROTOCOL,
                        "streamed something that is not a JSON object: " + piece.excerpt(),
                        cause));
    }

    /**
     * The failure that an event reports. Its category decides whether a retry makes sense.
     *
     * @param found an object with the member {@code error}; empty if the event itself is the error
     */
    static GenAiException inStream(OpenAnswer answer, SseReader.Event event, Optional<JsonObject> found) {
        HttpAnswer piece = answer.piece(event.data());
        JsonObject body = found.or(() -> object(piece))
                .orElseGet(() -> JsonValues.PROVIDER
                        .createObjectBuilder()
                        .add("error", piece.excerpt())
                        .build());
        return failure(piece, errorIn(body).orElse(body), true);
    }

    /**
     * A failure. With a status of success the error itself has the meaning: by a number or by its type. An error without both is
     * the request's fault before the answer began, and the service's fault after that. A number counts like the status of the
     * answer, also for retries.
     *
     * @param streamed whether the answer had begun
     */
    private static GenAiException failure(HttpAnswer answer, JsonObject error, boolean streamed) {
        ErrorDetails said = ErrorDetails.of(error);
        int meant = answer.status();
        if (meant < 300) {
            meant = said.status() > 0 ? said.status() : said.statusOfType(streamed ? 500 : meant);
        }
        String words = said.words();
        String head = words.length() > MOST_READ ? words.substring(0, MOST_READ) : words;
        FailureCategory category = LlmCategories.of(meant, said.types(), head);
        String shown =
                category == FailureCategory.AUTHENTICATION ? CredentialMessages.shown(said.types(), head) : words;
        String number = said.status() > 0 && said.status() != answer.status() ? "error " + said.status() + ": " : "";
        String refusal = answer.refusal(number + (shown.isBlank() ? said.types() : shown));
        Effect effect = Effect.ofStatus(meant);
        if (answer.status() < 300 && said.status() > 0) { // from here on as if the answer had that status
            GenAiException named = under(said.status(), answer).failure(category, refusal, null);
            boolean reported = streamed
                    && effect == Effect.POSSIBLE
                    && answer.header("x-should-retry").isEmpty();
            return reported ? Effect.reported(named) : named;
        }
        GenAiException failure = answer.failure(category, refusal, null);
        boolean undone = streamed ? effect != Effect.POSSIBLE : effect == Effect.NONE;
        return answer.status() < 300
                        && undone
                        && answer.header("x-should-retry").isEmpty()
                ? retryable(failure)
                : failure;
    }

    private static HttpAnswer under(int status, HttpAnswer answer) {
        return new HttpAnswer(
                answer.server(), answer.path(), status, answer.headers(), answer.body(), answer.secrets());
    }

    private static GenAiException retryable(GenAiException failure) {
        return new GenAiException(
                failure.category(),
                failure.getMessage(),
                null,
                failure.category().isRetryable(),
                failure.retryAfter().orElse(null),
                failure.status().orElse(200),
                failure.requestId().orElse(null));
    }
}
