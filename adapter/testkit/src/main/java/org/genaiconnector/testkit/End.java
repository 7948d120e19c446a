package org.genaiconnector.testkit;

/** What happens to the TCP connection when a fault has done its work. */
public enum End {
    /** The connection stays open and serves the next request. */
    KEEP,
    /** An orderly close: the client reads end of stream. */
    CLOSE,
    /** A TCP reset: the client's next read or write fails. */
    RESET
}
