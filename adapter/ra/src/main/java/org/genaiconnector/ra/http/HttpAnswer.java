package org.genaiconnector.ra.http;

import jakarta.json.JsonException;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import jakarta.ws.rs.core.MultivaluedMap;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.genaiconnector.FailureCategory;
import org.genaiconnector.GenAiException;

/**
 * An answer that has been read to its end.
 *
 * @param server who gave it, for messages
 * @param path of what was asked
 * @param status HTTP status
 * @param headers names in any case
 * @param body may be empty
 * @param secrets kept out of every message that is made of this answer
 */
public record HttpAnswer(
        String server, String path, int status, MultivaluedMap<String, String> headers, byte[] body, Secrets secrets) {

    /** The answer to a request without credentials; see there for the parameters. */
    public HttpAnswer(String server, String path, int status, MultivaluedMap<String, String> headers, byte[] body) {
        this(server, path, status, headers, body, Secrets.NONE);
    }

    /** The same answer with a body that repeats no secret. */
    HttpAnswer masked() {
        return new HttpAnswer(server, path, status, headers, secrets.mask(body), secrets);
    }

    /**
     * A header's first value.
     *
     * @param name in any case
     * @return empty if absent
     */
    public Optional<String> header(String name) {
        return Optional.ofNullable(headers.getFirst(name));
    }

    /**
     * The body as JSON, leniently: Python's bare {@code NaN} and {@code Infinity} are read as null.
     *
     * @return any JSON value
     * @throws GenAiException category {@code PROTOCOL} if it is none
     */
    public JsonValue json() throws GenAiException {
        try {
            return LenientJson.read(body);
        } catch (JsonException e) {
            throw failure(
                    FailureCategory.PROTOCOL, "answered " + path + " with something that is not JSON: " + excerpt(), e);
        }
    }

    /**
     * The body as a JSON object.
     *
     * @return not null
     * @throws GenAiException category {@code PROTOCOL} if it is none
     */
    public JsonObject jsonObject() throws GenAiException {
        if (json() instanceof JsonObject object) {
            return object;
        }
        throw failure(
                FailureCategory.PROTOCOL, "answered " + path + " with JSON that is not an object: " + excerpt(), null);
    }

    /**
     * The body as a JSON object, if it is one.
     *
     * @return empty for anything else, as error bodies of proxies and Python servers often are
     */
    public Optional<JsonObject> jsonObjectIfAny() {
        try {
            return LenientJson.read(body) instanceof JsonObject object ? Optional.of(object) : Optional.empty();
        } catch (JsonException notJson) {
            return Optional.empty();
        }
    }

    /**
     * A failure told by this answer.
     *
     * @param category its kind; {@code x-should-retry} overrides whether it is retryable, and what comes under a status
     *     of success is not, since the work may have been done
     * @param what goes on the sentence that begins with the server's name; may hold anything that the server said
     * @param cause null if none
     * @return not thrown yet
     */
    public GenAiException failure(FailureCategory category, String what, Throwable cause) {
        boolean retryable =
                header("x-should-retry").map("true"::equalsIgnoreCase).orElse(status >= 300 && category.isRetryable());
        return new GenAiException(
                category,
                server + " " + secrets.mask(what),
                secrets.mask(cause),
                retryable,
                RetryAfter.of(this).orElse(null),
                status,
                header("x-request-id")
                        .or(() -> header("request-id"))
                        .map(secrets::mask)
                        .orElse(null));
    }

    /**
     * The beginning of the body on one line without secrets, for messages.
     *
     * @return at most 200 characters
     */
    public String excerpt() {
        if (body.length == 0) {
            return "(empty)";
        }
        String text = new String(body, 0, Math.min(body.length, 1000), StandardCharsets.UTF_8);
        String line = (text.length() < body.length ? secrets.maskCut(text) : secrets.mask(text))
                .replaceAll("[\\s\\p{Cntrl}]+", " ")
                .strip();
        return line.length() <= 200 ? line : line.substring(0, 200) + "...";
    }
}
