package org.genaiconnector.ra.inflow;

/** A delivery failed: the bean threw, or the transaction around the delivery was not committed. */
final class UndeliveredException extends Exception {
    private static final long serialVersionUID = 1L;

    UndeliveredException(String message) {
        super(message);
    }

    UndeliveredException(String message, Throwable cause) {
        super(message, cause);
    }
}
