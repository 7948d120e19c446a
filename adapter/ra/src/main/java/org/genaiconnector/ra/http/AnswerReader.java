package org.genaiconnector.ra.http;

import java.io.InputStream;
import org.genaiconnector.GenAiException;

/**
 * Makes a result of an answer that has been read to its end.
 *
 * @param <T> the result
 */
@FunctionalInterface
public interface AnswerReader<T> {
    /**
     * Reads an answer of a status below 300.
     *
     * @param answer complete
     * @return the result of the call
     * @throws GenAiException if it is not what the protocol says
     */
    T read(HttpAnswer answer) throws GenAiException;

    /**
     * Leaves out parts of a long answer that need not be held in memory.
     *
     * @param body as received
     * @return the parts to read; by default the whole body
     */
    default InputStream sift(InputStream body) {
        return body;
    }
}
