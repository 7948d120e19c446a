package org.genaiconnector.ra.connection;

import java.util.Optional;
import java.util.function.Consumer;
import org.genaiconnector.GenAiException;

/**
 * A result that is still being received when its operation returns: a stream, a download. The operation is recorded in the
 * statistics when the result ends.
 */
public interface StreamedResult {

    /**
     * Registers a listener for the end of the result. It is called once, on the thread that ends the result, or at once if the
     * result has ended.
     *
     * @param listener must be quick and must not throw; gets the failure that ended the result, or empty if the result was read
     *     to its end or closed by its reader
     */
    void whenEnded(Consumer<Optional<GenAiException>> listener);
}
