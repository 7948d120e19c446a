package org.genaiconnector.ra.http;

import jakarta.json.JsonException;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.genaiconnector.FailureCategory;
import org.genaiconnector.ForeignText;
import org.genaiconnector.GenAiException;
import org.genaiconnector.ra.json.LenientJson;

/**
 * An answer that has been read to its end.
 *
 * @param server name of the backend, for messages
 * @param path of what was asked
 * @param status HTTP status
 * @param headers finds names in any case
 * @param body may be empty
 * @param secrets kept out of every message that is made of this answer
 */
public record HttpAnswer(
        String server, String path, int status, Map<String, List<String>> headers, byte[] body, Secrets secrets) {

    private static final int MOST_OF_AN_EXCERPT = 200;
    private static final int MOST_OF_AN_ID = 200;

    private static final String CREDENTIALS =
            " -- check apiKey or apiKeyFile, or user and password, of the pool, or the caller's credentials";

    /** The answer to a request without credentials; the parameters are those of the record. */
    public HttpAnswer(String server, String path, int status, Map<String, List<String>> headers, byte[] body) {
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
        List<String> values = headers.get(name);
        return values == null || values.isEmpty() ? Optional.empty() : Optional.ofNullable(values.get(0));
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
            String what = LenientJson.isTooDeep(body)
                    ? " with JSON that is nested too deeply: "
                    : " with something that is not JSON: ";
            throw failure(FailureCategory.PROTOCOL, "answered " + path + what + excerpt(), e);
        }
    }

    /**
     * The body as a JSON object.
     *
     * @return the object
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
     * @return empty for anything else, as error bodies of proxies and Python programs often are
     */
    public Optional<JsonObject> jsonObjectIfAny() {
        try {
            return LenientJson.read(body) instanceof JsonObject object ? Optional.of(object) : Optional.empty();
        } catch (JsonException notJson) {
            return Optional.empty();
        }
    }

    /**
     * The failure that this answer reports.
     *
     * @param category its kind; {@code x-should-retry} overrides whether it is retryable, and what comes under a status
     *     of success is not, since the work may have been done
     * @param what continues the sentence that begins with the backend's name; may hold anything that the backend said, because it
     *     is cleaned, cut and masked here
     * @param cause null if none
     * @return not thrown yet
     */
    public GenAiException failure(FailureCategory category, String what, Throwable cause) {
        boolean retryable =
                header("x-should-retry").map("true"::equalsIgnoreCase).orElse(status >= 300 && category.isRetryable());
        return new GenAiException(
                category,
                server + " " + secrets.shown(what) + (category == FailureCategory.AUTHENTICATION ? CREDENTIALS : ""),
                secrets.mask(cause),
                retryable,
                RetryAfter.of(this).orElse(null),
                status,
                header("x-request-id")
                        .or(() -> header("request-id"))
                        .map(id -> secrets.shown(id, MOST_OF_AN_ID))
                        .orElse(null));
    }

    /**
     * The failure of an answer that its reader cannot read, such as one with a member of another type.
     *
     * @param thrown what the reader threw
     * @return category {@code PROTOCOL}, not thrown yet
     */
    public GenAiException notUnderstood(RuntimeException thrown) {
        return failure(
                FailureCategory.PROTOCOL,
                "answered " + path + " with something that its protocol does not know: " + excerpt(),
                thrown);
    }

    /**
     * The sentence about a refusal, for {@link #failure}: what was asked, the status, and what the backend said.
     *
     * @param said the backend's reason; blank for none
     * @return for example {@code answered /view with status 302 (to https://login.example/): (empty)}
     */
    public String refusal(String said) {
        String location = status >= 300 && status < 400
                ? header("Location").map(HttpAnswer::withoutQuery).orElse("")
                : "";
        return "answered " + path + " with status " + status
                + (location.isEmpty() ? "" : " (to " + secrets.shown(location, MOST_OF_AN_EXCERPT) + ")")
                + ": " + (said.isBlank() ? "(empty)" : said);
    }

    /** Queries of redirects hold tickets, and addresses sometimes passwords. */
    private static String withoutQuery(String location) {
        return location.replaceFirst("(?s)[?#].*", "").replaceFirst("//[^/@]*@", "//***@");
    }

    /**
     * The beginning of the body on one line without secrets, for messages.
     *
     * @return at most {@value #MOST_OF_AN_EXCERPT} characters, and how many bytes there were if that is not all
     */
    public String excerpt() {
        if (body.length == 0) {
            return "(empty)";
        }
        int read = Math.min(body.length, 4 * MOST_OF_AN_EXCERPT + 1_000);
        String text = ForeignText.line(new String(body, 0, read, StandardCharsets.UTF_8), Integer.MAX_VALUE);
        String masked = read < body.length ? secrets.maskCut(text) : secrets.mask(text);
        if (masked.length() <= MOST_OF_AN_EXCERPT && read == body.length) {
            return masked.isEmpty() ? "(blank)" : masked;
        }
        int end = Math.min(masked.length(), MOST_OF_AN_EXCERPT);
        end = end > 0 && Character.isHighSurrogate(masked.charAt(end - 1)) ? end - 1 : end;
        boolean abandoned = status >= 300 && body.length > HttpSettings.MAX_REFUSAL;
        return masked.substring(0, end) + "... (" + (abandoned ? "more than " + HttpSettings.MAX_REFUSAL : body.length)
                + " bytes in all)";
    }
}
