package org.genaiconnector.storyboard.web;

import org.genaiconnector.FailureCategory;

/** A request that this application itself refuses. */
class RequestException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int status;
    private final FailureCategory category;

    private RequestException(int status, FailureCategory category, String message, Throwable cause) {
        super(message, cause);
        this.status = status;
        this.category = category;
    }

    static RequestException badRequest(String message) {
        return badRequest(message, null);
    }

    static RequestException badRequest(String message, Throwable cause) {
        return new RequestException(400, FailureCategory.INVALID_REQUEST, message, cause);
    }

    static RequestException notFound(String message) {
        return new RequestException(404, FailureCategory.NOT_FOUND, message, null);
    }

    static RequestException conflict(String message) {
        return new RequestException(409, FailureCategory.CONFLICT, message, null);
    }

    static RequestException tooLarge(String message) {
        return new RequestException(413, FailureCategory.TOO_LARGE, message, null);
    }

    int status() {
        return status;
    }

    FailureCategory category() {
        return category;
    }
}
