package org.genaiconnector.testkit.llm;

/** A request that the server does not fulfil; each protocol and flavour says it in its own words. */
final class Refusal extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final Kind kind;
    private final String param;
    private final String code;

    /** What is wrong, with the HTTP status that most servers give it. */
    enum Kind {
        MALFORMED_JSON(400),
        MISSING(400),
        INVALID(400),
        TOO_LONG(400),
        UNSUPPORTED(400),
        MISSING_KEY(401),
        WRONG_KEY(401),
        UNKNOWN_MODEL(404),
        UNKNOWN_PATH(404),
        WRONG_METHOD(405),
        TOO_LARGE(413),
        FAILED(500),
        LOADING(503);

        private final int status;

        Kind(int status) {
            this.status = status;
        }

        int status() {
            return status;
        }
    }

    /**
     * Makes one.
     *
     * @param param the field at fault, or null
     * @param code OpenAI's code of the error, or null for the kind's usual one
     */
    Refusal(Kind kind, String message, String param, String code) {
        super(message, null, false, false);
        this.kind = kind;
        this.param = param;
        this.code = code;
    }

    /** @param param the field at fault, or null */
    Refusal(Kind kind, String message, String param) {
        this(kind, message, param, null);
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

    String code() {
        return code;
    }
}
