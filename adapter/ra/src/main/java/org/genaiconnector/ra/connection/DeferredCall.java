package org.genaiconnector.ra.connection;

import java.net.URI;
import java.util.Optional;
import org.genaiconnector.GenAiException;

/**
 * A call that an application made in a transaction, and that is sent when the transaction is committed. After {@link #perform}
 * and {@link #undo} exactly one of {@link #confirmed}, {@link #dropped} and {@link #failed} is called.
 *
 * @param <O> the backend's operations
 */
public interface DeferredCall<O> {
    /**
     * Where it has to be made and undone; asked before each of both.
     *
     * @return one of the factory's addresses; empty for any
     */
    default Optional<URI> server() {
        return Optional.empty();
    }

    /**
     * Makes the call: the transaction is being committed.
     *
     * @param operations of the connection of the transaction
     * @throws GenAiException which makes the commit fail
     */
    void perform(O operations) throws GenAiException;

    /**
     * {@link #perform} has failed: chooses another {@link #server} if the call was surely not made, and may be made there.
     *
     * @param why it has failed
     * @return whether it is to be made there; false to let the commit fail
     * @throws GenAiException if there is no other; the commit fails with this instead
     */
    default boolean goesElsewhere(GenAiException why) throws GenAiException {
        return false;
    }

    /**
     * Undoes {@link #perform} as far as possible: another call of the transaction failed.
     *
     * @param operations of the connection of the transaction
     * @throws GenAiException if it could not be undone
     */
    void undo(O operations) throws GenAiException;

    /** The commit succeeded: this and all other calls of the transaction were made. */
    void confirmed();

    /** The transaction is rolled back: the call is never made. */
    void dropped();

    /**
     * The commit failed.
     *
     * @param why says whether the call was not made, was undone, or could not be undone
     */
    void failed(GenAiException why);

    /**
     * The call in words that fit into the middle of a sentence.
     *
     * @return for example {@code job 4711}
     */
    @Override
    String toString();
}
