package org.genaiconnector.ra.http;

import org.genaiconnector.GenAiException;

/**
 * Makes a result of an answer whose body is still on its way.
 *
 * @param <T> the result
 */
@FunctionalInterface
public interface AnswerOpener<T> {
    /**
     * Takes an answer of a status below 300. What it throws ends the answer, and is a reason to try again like any other.
     *
     * @param answer to be closed by the receiver of the result
     * @return the result of the call
     * @throws GenAiException if the answer is not what the protocol says
     */
    T open(OpenAnswer answer) throws GenAiException;
}
