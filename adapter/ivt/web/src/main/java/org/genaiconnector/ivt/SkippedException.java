package org.genaiconnector.ivt;

/** A check does not apply here; the message says why. */
final class SkippedException extends Exception {
    private static final long serialVersionUID = 1L;

    SkippedException(String reason) {
        super(reason);
    }
}
