package org.genaiconnector.ra.connection;

import java.util.Optional;
import java.util.function.Consumer;
import org.genaiconnector.GenAiException;

/**
 * A result that is still on its way when its operation returns: a stream, a download. The operation counts when the result
 * has ended, as what it has ended with.
 */
public interface StreamedResult {

    /**
     * Has somebody told when and how the result ends: well (read to its end, or closed by its reader before), or by a
     * failure. Told once, on the thread that ends it; at once if it has ended.
     *
     * @param told must be quick and must not fail
     */
    void whenEnded(Consumer<Optional<GenAiException>> told);
}
