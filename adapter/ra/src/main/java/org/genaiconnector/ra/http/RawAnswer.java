package org.genaiconnector.ra.http;

import java.io.InputStream;
import java.util.List;
import java.util.Map;

/** An answer whose head has been read, as the exchange hands it over. Methods but {@link #close()} fail if the head is not HTTP. */
interface RawAnswer {
    int status();

    /** A header's values, joined by commas; null if there is none. */
    String header(String name);

    /** All headers; names are found in any case. */
    Map<String, List<String>> headers();

    /** The body; may be requested once. */
    InputStream body();

    /** Releases the socket, if the body has been read to its end. May fail in any way; then the socket is unusable. */
    void close();
}
