package org.genaiconnector.ra.connection;

import org.genaiconnector.ra.http.OpenAnswer;

/**
 * A result that is still on its way when its operation returns: a stream, a download. The operation counts when the result
 * has ended, as what it has ended with.
 */
public interface StreamedResult {

    /**
     * The answer that the result is read from.
     *
     * @return not null
     */
    OpenAnswer answer();
}
