package org.genaiconnector.ivt;

/** A check has found something wrong; the message says what. */
final class FailedException extends Exception {
    private static final long serialVersionUID = 1L;

    FailedException(String finding) {
        super(finding);
    }

    FailedException(String finding, Throwable cause) {
        super(finding, cause);
    }
}
