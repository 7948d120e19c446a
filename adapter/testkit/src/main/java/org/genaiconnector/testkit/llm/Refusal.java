package org.genaiconnector.testkit.llm;

/** A request that the server does not fulfil; each protocol and flavour says it in its own words. */
final class Refusal extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final Kind kind;
    private final String param;

    enum Kind {
        MALFORMED_JSON,
        MISSING,
        INVALID,
        UNKNOWN_MODEL,
        TOO_LONG,
        MISSING_KEY,
        WRONG_KEY,
        UNKNOWN_PATH,
        WRONG_METHOD,
        TOO_LARGE,
        UNSUPPORTED,
        FAILED,
        LOADING
    }

    /** @param param the field at fault, or null */
    Refusal(Kind kind, String message, String param) {
        super(message, null, false, false);
        this.kind = kind;
        this.param = param;
    }

    Refusal(Kind kind, String message) {
        this(kind, message, null);
    }

    Kind kind() {
        return kind;
    }

    String param() {
        return param;
    }
}
