package org.genaiconnector.servers;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.file.Path;

/**
 * An application server in a process of its own. It listens on the loopback address only, and its files lie below one
 * directory. Not safe for use by several threads, except for {@link #get}.
 */
public interface ManagedServer extends AutoCloseable {

    /** Address of the applications, without a path. */
    URI uri();

    /** Its log file, in UTF-8; grows while the application server runs. */
    Path log();

    /** The process of the application server itself. */
    ProcessHandle process();

    /**
     * The text under a path.
     *
     * @param path absolute
     * @throws IOException if the response is not 200; the message has the response's body and names the log
     */
    default String get(String path) throws IOException, InterruptedException {
        HttpResponse<String> response = Http.get(uri().resolve(path));
        if (response.statusCode() != 200) {
            throw new IOException(
                    path + " answered " + response.statusCode() + "; see " + log() + "\n" + response.body());
        }
        return response.body();
    }

    /**
     * Stops the application server and waits for the end of its process; a second call does nothing.
     *
     * @throws IllegalStateException if the process had to be killed because it did not end within a minute
     */
    @Override
    void close();
}
