package org.genaiconnector.ra.http;

import org.genaiconnector.GenAiException;

/**
 * Makes a result of an answer whose body is still being received.
 *
 * @param <T> the result
 */
@FunctionalInterface
public interface AnswerOpener<T> {
    /**
     * Takes an answer of a status below 300. An exception ends the answer, and is retried like any other failure.
     *
     * @param answer which the receiver of the result closes
     * @return the result of the call
     * @throws GenAiException if the answer is not what the protocol says
     */
    T open(OpenAnswer answer) throws GenAiException;
}
