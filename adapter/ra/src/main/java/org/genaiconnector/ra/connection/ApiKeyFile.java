package org.genaiconnector.ra.connection;

import java.io.IOException;
import java.io.InputStream;
import java.lang.System.Logger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.LongSupplier;
import org.genaiconnector.Credentials;
import org.genaiconnector.ra.messages.OperatorMessage;

/**
 * The API key in a file. {@link #key()} reads the file again if it was last read a second ago or longer; reading such a small
 * file costs no more than looking whether it has changed, and misses no change.
 *
 * <p>If the file is missing or wrong after a key was read, that key stays valid, with one warning: files are often replaced in
 * several steps. All threads may use it.
 */
public final class ApiKeyFile {
    private static final Logger LOG = System.getLogger(ApiKeyFile.class.getName());
    private static final Duration INTERVAL = Duration.ofSeconds(1);

    /** In bytes. No HTTP server accepts a header of this length. */
    private static final int TOO_LONG = 64 * 1024;

    /** Some editors write it at the beginning of a file. */
    private static final String BYTE_ORDER_MARK = "\uFEFF";

    private record Reading(Credentials key, long nanos) {}

    private final String property;
    private final String file;
    private final LongSupplier nanoTime;
    private volatile Reading last;

    /** Guarded by this. */
    private boolean warned;

    /**
     * Reads nothing yet.
     *
     * @param property that names it, for messages
     * @param file path; the file need not exist
     * @param nanoTime clock in nanoseconds, such as {@link System#nanoTime()}
     */
    public ApiKeyFile(String property, String file, LongSupplier nanoTime) {
        this.property = property;
        this.file = file;
        this.nanoTime = nanoTime;
    }

    /**
     * The key.
     *
     * @return as it was in the file at most a second ago
     * @throws PropertyException if the file has never contained a key that can be sent
     */
    public Credentials key() throws PropertyException {
        Reading known = last;
        return isFresh(known) ? known.key() : readAgain(known);
    }

    /**
     * The key, read again at once.
     *
     * @return as it is in the file now, or was if it is missing or wrong now
     * @throws PropertyException as {@link #key}
     */
    public Credentials keyNow() throws PropertyException {
        return readAgain(last);
    }

    private boolean isFresh(Reading reading) {
        return reading != null && nanoTime.getAsLong() - reading.nanos() < INTERVAL.toNanos();
    }

    private synchronized Credentials readAgain(Reading before) throws PropertyException {
        Reading known = last;
        if (known != before) { // by another thread
            return known.key();
        }
        long now = nanoTime.getAsLong();
        Credentials key;
        try {
            key = Credentials.apiKey(readFile());
            warned = false;
        } catch (PropertyException e) {
            if (known == null) {
                throw e;
            }
            key = known.key();
            if (!warned) {
                warned = true;
                OperatorMessage.KEY_FILE_UNUSABLE.log(LOG, e.getMessage());
            }
        }
        last = new Reading(key, now);
        return key;
    }

    private String readFile() throws PropertyException {
        byte[] bytes;
        try {
            Path path = Path.of(file);
            if (!Files.isRegularFile(path)) { // reading a device or a pipe may block or never end
                throw new PropertyException(property, "leads to no file: " + file);
            }
            try (InputStream in = Files.newInputStream(path)) {
                bytes = in.readNBytes(TOO_LONG);
            }
        } catch (IOException | InvalidPathException e) {
            throw new PropertyException(property, "cannot be read: " + file + ": " + e, e);
        }
        String key = new String(bytes, StandardCharsets.UTF_8)
                .replace(BYTE_ORDER_MARK, "")
                .lines()
                .findFirst()
                .orElse("")
                .strip();
        if (key.isEmpty() || bytes.length == TOO_LONG) {
            throw new PropertyException(property, "leads to a file without a key in its first line: " + file);
        }
        if (!PropertyChecks.isHeaderValue(key)) {
            throw new PropertyException(
                    property,
                    "leads to a key with a character that no HTTP header can carry: only visible characters of Latin-1"
                            + " are possible: " + file);
        }
        return key;
    }
}
