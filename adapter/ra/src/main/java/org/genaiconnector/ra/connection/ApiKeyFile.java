package org.genaiconnector.ra.connection;

import jakarta.resource.spi.InvalidPropertyException;
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
 * The API key in a file, as it is now. The file is read again when the key is asked for and was last read a second ago or
 * longer; keys are so small that reading costs no more than asking whether the file has changed, and misses no change.
 *
 * <p>Once there was a key, a file that is missing or wrong leaves it in force, with one warning: files are replaced in steps.
 */
final class ApiKeyFile {
    private static final Logger LOG = System.getLogger(ApiKeyFile.class.getName());
    private static final String PROPERTY = "apiKeyFile";
    private static final Duration INTERVAL = Duration.ofSeconds(1);

    /** In bytes. No HTTP server takes a header as long as this. */
    private static final int TOO_LONG = 64 * 1024;

    /** Some editors write it at the beginning. */
    private static final String BYTE_ORDER_MARK = "\uFEFF";

    private record Look(Credentials key, long nanos) {}

    private final String file;
    private final LongSupplier nanoTime;
    private volatile Look last;

    /** Guarded by this. */
    private boolean warned;

    /**
     * A file that need not exist yet.
     *
     * @param file path
     * @param nanoTime a clock such as {@link System#nanoTime()}
     */
    ApiKeyFile(String file, LongSupplier nanoTime) {
        this.file = file;
        this.nanoTime = nanoTime;
    }

    /**
     * The key.
     *
     * @return at most a second old
     * @throws InvalidPropertyException if there is no key that can be sent, and never was
     */
    Credentials key() throws InvalidPropertyException {
        Look known = last;
        return isFresh(known) ? known.key() : look();
    }

    private boolean isFresh(Look look) {
        return look != null && nanoTime.getAsLong() - look.nanos() < INTERVAL.toNanos();
    }

    private synchronized Credentials look() throws InvalidPropertyException {
        Look known = last;
        if (isFresh(known)) { // by another thread
            return known.key();
        }
        long now = nanoTime.getAsLong();
        Credentials key;
        try {
            key = Credentials.apiKey(read());
            warned = false;
        } catch (InvalidPropertyException e) {
            if (known == null) {
                throw e;
            }
            key = known.key();
            if (!warned) {
                warned = true;
                OperatorMessage.KEY_FILE_UNUSABLE.log(LOG, e.getMessage());
            }
        }
        last = new Look(key, now);
        return key;
    }

    private String read() throws InvalidPropertyException {
        byte[] bytes;
        try {
            Path path = Path.of(file);
            if (!Files.isRegularFile(path)) { // others may block, or never end
                throw BackendConfiguration.invalid(PROPERTY, "leads to no file: " + file);
            }
            try (InputStream in = Files.newInputStream(path)) {
                bytes = in.readNBytes(TOO_LONG);
            }
        } catch (IOException | InvalidPathException e) {
            throw BackendConfiguration.invalid(PROPERTY, "cannot be read: " + file + ": " + e, e);
        }
        String key = new String(bytes, StandardCharsets.UTF_8)
                .replace(BYTE_ORDER_MARK, "")
                .lines()
                .findFirst()
                .orElse("")
                .strip();
        if (key.isEmpty() || bytes.length == TOO_LONG) {
            throw BackendConfiguration.invalid(PROPERTY, "leads to a file without a key in its first line: " + file);
        }
        if (!TransportConfiguration.isHeaderValue(key)) {
            throw BackendConfiguration.invalid(
                    PROPERTY,
                    "leads to a key with a character that no HTTP header can carry: only visible ones of Latin-1 are"
                            + " possible: " + file);
        }
        return key;
    }
}
