package org.genaiconnector.ra.http;

import org.genaiconnector.GenAiException;

/** Makes a failure of an answer, as one protocol says. */
@FunctionalInterface
public interface FailureReader {
    /**
     * Reads an answer of status 300 or above.
     *
     * @param answer perhaps not in the protocol's format, but a proxy's HTML
     * @return to be thrown by the caller
     */
    GenAiException read(HttpAnswer answer);
}
