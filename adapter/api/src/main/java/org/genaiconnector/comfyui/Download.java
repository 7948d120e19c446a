package org.genaiconnector.comfyui;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.OptionalLong;

/**
 * A file being streamed from ComfyUI. Its connection is busy until {@link #close()}; closing early aborts the transfer.
 * Read by one thread; may be closed by any.
 */
public interface Download extends AutoCloseable {

    /**
     * The file's name, as ComfyUI gave it earlier; of a preview with the ending that fits it.
     *
     * @return not trusted: check it before you write a file under this name, as {@link #saveTo} does
     */
    String filename();

    /**
     * Media type as ComfyUI sent it.
     *
     * @return {@code application/octet-stream} for anything a browser could run
     */
    String mediaType();

    /**
     * Size in bytes.
     *
     * @return empty if ComfyUI did not say
     */
    OptionalLong length();

    /**
     * The content. If the transfer breaks, the adapter resumes it where it stopped, provided that the file on ComfyUI
     * is still the same. If that fails, reading fails with an {@link IOException} whose cause is a {@link
     * org.genaiconnector.GenAiException}; the stream never ends before {@link #length()} bytes.
     *
     * @return the same stream at every call
     */
    InputStream content();

    /**
     * Saves the content under its name, replacing a file of that name. The file appears when it is complete, never in
     * part; until then it has a hidden name in the same directory. The subfolder on ComfyUI is ignored.
     *
     * @param directory must exist
     * @return the new file
     * @throws IOException if the name would lead out of the directory, if the transfer breaks, or if the file cannot be
     *     written; then no file remains
     */
    default Path saveTo(Path directory) throws IOException {
        return new SavedFile(directory, filename()).write(content());
    }

    /** Ends the transfer and frees the connection. Closing it twice has no effect. */
    @Override
    void close();
}
