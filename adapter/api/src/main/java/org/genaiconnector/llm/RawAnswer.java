package org.genaiconnector.llm;

import java.io.InputStream;
import java.util.List;
import java.util.Map;

/**
 * An answer in the service's own protocol, whole or a stream of events. The connection is busy until it is closed. Read by one
 * thread; any may close it.
 */
public interface RawAnswer extends AutoCloseable {

    /**
     * The status.
     *
     * @return 200 to 299; others are failures of the call
     */
    int status();

    /**
     * The headers.
     *
     * @return unmodifiable; names are found in any case
     */
    Map<String, List<String>> headers();

    /**
     * The body. If the transfer breaks, reading fails with an {@link java.io.IOException} whose cause is a {@link
     * org.genaiconnector.GenAiException}; what the protocol requires at its end is not checked.
     *
     * @return the same stream at every call; closing it closes the answer
     */
    InputStream content();

    /** Ends the answer; before the end of its body this aborts the transfer. Closing twice has no effect. */
    @Override
    void close();
}
