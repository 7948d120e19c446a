package org.genaiconnector.testkit.cloud;

import com.fasterxml.jackson.databind.JsonNode;

/** A request that is refused, in the error envelope of the API. */
final class Refused extends Exception {
    private static final long serialVersionUID = 1L;

    private final int status;
    private final String code;
    private final transient JsonNode details;

    Refused(int status, String code, String message) {
        this(status, code, message, null);
    }

    /** @param details null for none */
    Refused(int status, String code, String message, JsonNode details) {
        super(message);
        this.status = status;
        this.code = code;
        this.details = details;
    }

    static Refused notFound(String what) {
        return new Refused(404, "not_found", what + " not found");
    }

    int status() {
        return status;
    }

    String code() {
        return code;
    }

    JsonNode details() {
        return details;
    }
}
