package org.genaiconnector.comfyui;

import java.io.InputStream;
import java.util.OptionalLong;

/**
 * An output file being streamed from the server. Its connection is busy until {@link #close()}; closing early aborts the
 * transfer.
 */
public interface Download extends AutoCloseable {

    /**
     * Media type as the server sent it.
     *
     * @return {@code application/octet-stream} for anything a browser could run
     */
    String mediaType();

    /**
     * Size in bytes.
     *
     * @return empty if the server did not say
     */
    OptionalLong length();

    /**
     * The content. Reading fails with an {@link java.io.IOException} if the server stops before {@link #length()} bytes.
     *
     * @return the same stream at every call
     */
    InputStream content();

    /** Ends the transfer and frees the connection. Doing so twice is nothing. */
    @Override
    void close();
}
