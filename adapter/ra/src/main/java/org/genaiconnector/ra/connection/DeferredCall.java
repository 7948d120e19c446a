package org.genaiconnector.ra.connection;

import org.genaiconnector.GenAiException;

/**
 * Something that an application asked for in a transaction, and that is done when the transaction is committed.
 *
 * @param <O> the backend's operations
 */
public interface DeferredCall<O> {
    /**
     * Does it: the transaction is being committed.
     *
     * @param operations of the connection of the transaction
     * @throws GenAiException which makes the commit fail
     */
    void perform(O operations) throws GenAiException;

    /**
     * Takes back what {@link #perform} has done, as far as that is possible: another call of the transaction failed.
     *
     * @param operations of the connection of the transaction
     * @throws GenAiException if it could not be taken back
     */
    void undo(O operations) throws GenAiException;

    /** The commit has succeeded: this and all other calls of the transaction have been done. */
    void confirmed();

    /** It will never be done, as the application wished: the transaction is rolled back. */
    void dropped();

    /**
     * The commit failed: it was not done, was taken back, or could not be taken back, as {@code why} says.
     *
     * @param why not null
     */
    void failed(GenAiException why);

    /**
     * What it is for people, in the middle of a sentence.
     *
     * @return for example {@code job 4711}
     */
    @Override
    String toString();
}
