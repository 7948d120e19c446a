package org.genaiconnector.ra.llm;

import java.time.Duration;
import java.util.stream.Stream;
import org.genaiconnector.FailureCategory;
import org.genaiconnector.testkit.End;
import org.genaiconnector.testkit.Fault;

/** The rows of the failure matrix: what goes wrong, and what is promised for it. */
final class FailureRows {
    static final Row REFUSED = beforeARequest("connection refused", FailureCategory.UNAVAILABLE, 0, false);
    static final Row UNTRUSTED = beforeARequest("a TLS certificate that is not trusted", FailureCategory.TLS, 0, false);
    static final Row OTHER_HOST = beforeARequest("a TLS certificate of another host", FailureCategory.TLS, 0, false);
    static final Row IDLE = beforeARequest("socket closed while it was idle", null, 1, true);

    /** So many bytes of an answer reach into its body: heads have 400 to 500, whole answers more than 800. */
    private static final int BODY = 600;

    private FailureRows() {}

    /** A row. {@code category} null means success. */
    record Row(String what, FailureCategory category, int requests, boolean survives, Fault fault) {
        @Override
        public String toString() {
            return what;
        }

        String markdown() {
            return "| " + what + " | " + (category == null ? "success" : "`" + category + "`") + " | " + requests
                    + " | " + (survives ? "kept" : "replaced") + " |";
        }
    }

    /** All that the document shows. */
    static Stream<Row> all() {
        return Stream.concat(Stream.of(REFUSED, UNTRUSTED, OTHER_HOST, IDLE), answers());
    }

    private static Row beforeARequest(String what, FailureCategory category, int requests, boolean survives) {
        return row(what, category, requests, survives, Fault.none());
    }

    /** What a server can answer, or leave unanswered. */
    static Stream<Row> answers() {
        return Stream.of(
                row(
                        "reset before the first byte",
                        FailureCategory.COMMUNICATION,
                        1,
                        false,
                        Fault.resetBeforeResponse()),
                row(
                        "closed before the first byte",
                        FailureCategory.COMMUNICATION,
                        1,
                        false,
                        Fault.closeBeforeResponse()),
                row("reset in the head of the answer", FailureCategory.COMMUNICATION, 1, false, Fault.resetAfter(20)),
                row("closed in the body of the answer", FailureCategory.TRUNCATED, 1, false, Fault.closeAfter(BODY)),
                row("reset in the body of the answer", FailureCategory.TRUNCATED, 1, false, Fault.resetAfter(BODY)),
                row(
                        "`Content-Length` too long, then closed",
                        FailureCategory.TRUNCATED,
                        1,
                        false,
                        Fault.contentLength(10, End.CLOSE)),
                row(
                        "`Content-Length` too long, then silence",
                        FailureCategory.TRUNCATED,
                        1,
                        false,
                        Fault.contentLength(10, End.KEEP)),
                row(
                        "`Content-Length` too short",
                        FailureCategory.PROTOCOL,
                        1,
                        true,
                        Fault.contentLength(-5, End.CLOSE)),
                row(
                        "a byte now and then, past the call timeout",
                        FailureCategory.DEADLINE,
                        1,
                        false,
                        Fault.drip(1, Duration.ofMillis(100))),
                row("silence", FailureCategory.TIMEOUT_RESPONSE, 1, false, Fault.silence()),
                row(
                        "not HTTP",
                        FailureCategory.COMMUNICATION,
                        1,
                        false,
                        Fault.raw("SSH-2.0-OpenSSH_9.2\r\n\r\n", End.CLOSE)),
                row("redirect", FailureCategory.PROTOCOL, 1, true, Fault.redirect(302, "http://127.0.0.1:1/")),
                row("400", FailureCategory.INVALID_REQUEST, 1, true, error(400, "invalid_request_error")),
                row(
                        "400 `context_length_exceeded`",
                        FailureCategory.CONTEXT_LENGTH,
                        1,
                        true,
                        error(400, "context_length_exceeded")),
                row(
                        "400 `content_policy_violation`",
                        FailureCategory.CONTENT_FILTER,
                        1,
                        true,
                        error(400, "content_policy_violation")),
                row("401", FailureCategory.AUTHENTICATION, 1, true, error(401, "invalid_api_key")),
                row("402", FailureCategory.QUOTA, 1, true, error(402, "billing_error")),
                row("403", FailureCategory.PERMISSION, 1, true, error(403, "permission_error")),
                row("404", FailureCategory.NOT_FOUND, 1, true, error(404, "model_not_found")),
                row("405", FailureCategory.UNSUPPORTED, 1, true, Fault.status(405)),
                row("408", FailureCategory.TIMEOUT_SERVER, 3, true, Fault.status(408)),
                row("409", FailureCategory.CONFLICT, 3, true, error(409, "conflict_error")),
                row("413", FailureCategory.TOO_LARGE, 1, true, Fault.htmlPage(413, "Request Entity Too Large")),
                row("422", FailureCategory.INVALID_REQUEST, 1, true, error(422, "unprocessable")),
                row("429", FailureCategory.RATE_LIMIT, 3, true, error(429, "rate_limit_exceeded")),
                row(
                        "429 with `Retry-After: 0`",
                        FailureCategory.RATE_LIMIT,
                        3,
                        true,
                        error(429, "rate_limit_exceeded").header("Retry-After", "0")),
                row(
                        "429 with `Retry-After: 3600`",
                        FailureCategory.RATE_LIMIT,
                        1,
                        true,
                        error(429, "rate_limit_exceeded").header("Retry-After", "3600")),
                row("429 `insufficient_quota`", FailureCategory.QUOTA, 1, true, error(429, "insufficient_quota")),
                row("500", FailureCategory.SERVER, 3, true, error(500, "server_error")),
                row(
                        "500 with `x-should-retry: false`",
                        FailureCategory.SERVER,
                        1,
                        true,
                        error(500, "server_error").header("x-should-retry", "false")),
                row(
                        "400 with `x-should-retry: true`",
                        FailureCategory.INVALID_REQUEST,
                        3,
                        true,
                        error(400, "odd").header("x-should-retry", "true")),
                row("501", FailureCategory.UNSUPPORTED, 1, true, error(501, "not_supported_error")),
                row("502 as a proxy's HTML", FailureCategory.UNAVAILABLE, 3, true, Fault.htmlPage(502, "Bad Gateway")),
                row("503 \"Loading model\"", FailureCategory.UNAVAILABLE, 3, true, error(503, "unavailable_error")),
                row("504", FailureCategory.UNAVAILABLE, 1, true, Fault.status(504)),
                row(
                        "504 with `x-should-retry: true`",
                        FailureCategory.UNAVAILABLE,
                        3,
                        true,
                        Fault.status(504).header("x-should-retry", "true")),
                row("520 (Cloudflare's, as 521 to 523)", FailureCategory.SERVER, 1, true, Fault.status(520)),
                row("524 (Cloudflare's)", FailureCategory.SERVER, 1, true, Fault.htmlPage(524, "A timeout occurred")),
                row("529", FailureCategory.OVERLOADED, 3, true, error(529, "overloaded_error")),
                row("200 with HTML", FailureCategory.PROTOCOL, 1, true, Fault.htmlPage(200, "Welcome")),
                row("200 with `{\"error\": ...}`", FailureCategory.SERVER, 1, true, Fault.errorUnder200("broken")),
                row("200 with broken JSON", FailureCategory.PROTOCOL, 1, true, Fault.malformedJson()),
                row(
                        "200 with other JSON",
                        FailureCategory.PROTOCOL,
                        1,
                        true,
                        Fault.status(200).json("[1, 2]")),
                row(
                        "200 without choices",
                        FailureCategory.PROTOCOL,
                        1,
                        true,
                        Fault.status(200).json("{\"choices\": []}")),
                row(
                        "200 with `NaN` in it",
                        null,
                        1,
                        true,
                        Fault.status(200)
                                .json(
                                        "{\"choices\": [{\"message\": {\"content\": \"NaN\"}, \"logprobs\": NaN}], \"x\": -Infinity}")),
                row("`Connection: close`", null, 1, true, Fault.connectionClose()));
    }

    private static Row row(String what, FailureCategory category, int requests, boolean survives, Fault fault) {
        return new Row(what, category, requests, survives, fault);
    }

    private static Fault.Answer error(int status, String code) {
        return Fault.status(status)
                .json("{\"error\":{\"message\":\"as the test wants\",\"type\":\"test\",\"code\":\"" + code + "\"}}");
    }
}
