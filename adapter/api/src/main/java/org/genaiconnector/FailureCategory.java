package org.genaiconnector;

/**
 * Kind of a failure, the same for every backend. Callers branch on it instead of on status codes; the adapter's own
 * retries follow {@link #isRetryable()}.
 */
public enum FailureCategory {
    /**
     * No answer: unknown host, connection refused, 502, 503, 504, a model that is still loading. 504 means that a
     * gateway stopped waiting while the backend may have done the work: {@link GenAiException#isRetryable()} is false
     * then.
     */
    UNAVAILABLE(true),
    /** The backend could not be reached within the connect timeout. */
    TIMEOUT_CONNECT(true),
    /**
     * The adapter sent the request and got no answer within the response timeout; the backend may have done the work.
     */
    TIMEOUT_RESPONSE(false),
    /** The backend itself gave up waiting for the request (408). */
    TIMEOUT_SERVER(true),
    /** A deadline set by the caller or by the configuration passed. */
    DEADLINE(false),
    /** The TLS handshake failed: untrusted certificate, wrong host name, no common protocol. */
    TLS(false),
    /** The proxy refused (407) or could not be used. */
    PROXY(false),
    /** The connection broke before the answer began; the backend may have done the work. */
    COMMUNICATION(false),
    /** The answer began and did not end properly. */
    TRUNCATED(false),
    /** The answer is not what the protocol says: HTML, broken JSON, a missing member. */
    PROTOCOL(false),
    /** The backend refused the request as wrong (400, 422), or the adapter did so before sending. */
    INVALID_REQUEST(false),
    /** The prompt does not fit into the model's context. */
    CONTEXT_LENGTH(false),
    /** A content policy refused the request. */
    CONTENT_FILTER(false),
    /** The credential is missing, wrong or revoked (401). */
    AUTHENTICATION(false),
    /** No credit or quota left; waiting does not help (402, some 429). */
    QUOTA(false),
    /** A budget that the administrator set is used up; see {@link GenAiException#retryAfter()}. Nothing was sent. */
    BUDGET(false),
    /** The credential is valid but lacks permission (403). */
    PERMISSION(false),
    /** Model, job, file or path unknown (404). */
    NOT_FOUND(false),
    /** The backend does not offer this operation (405, 501). */
    UNSUPPORTED(false),
    /** The operation does not fit the present state (409). */
    CONFLICT(true),
    /** Request or answer larger than the backend, a proxy or the caller allows (413). */
    TOO_LARGE(false),
    /** Too many requests; see {@link GenAiException#retryAfter()} (429). */
    RATE_LIMIT(true),
    /** The backend failed (500 and other 5xx). */
    SERVER(true),
    /** The provider is overloaded (529). */
    OVERLOADED(true),
    /**
     * The application or the application server ended the call: it closed or destroyed the connection meanwhile, or
     * interrupted the thread.
     */
    CANCELLED(false),
    /** The connection handle is closed, or its connection is gone. */
    CLOSED(false);

    private final boolean retryable;

    FailureCategory(boolean retryable) {
        this.retryable = retryable;
    }

    /**
     * Whether the same request may succeed later, and this attempt cannot have had an effect.
     *
     * @return false where repeating is useless, or where the backend may already have done the work
     */
    public boolean isRetryable() {
        return retryable;
    }
}
