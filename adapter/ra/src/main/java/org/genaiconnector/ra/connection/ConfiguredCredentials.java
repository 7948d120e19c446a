package org.genaiconnector.ra.connection;

import java.util.Optional;
import java.util.function.Supplier;
import org.genaiconnector.Credentials;

/**
 * The credentials of a configuration: an API key, which may be in a file, or a password with or without a user. All threads
 * may use it.
 */
final class ConfiguredCredentials {
    private final Optional<Credentials> fixed;

    /** Null for none. */
    private final ApiKeyFile file;

    /**
     * Credentials as configured; null and blank count as absent.
     *
     * @param apiKey wins over the password
     * @param apiKeyFile wins over both
     */
    ConfiguredCredentials(String user, String password, String apiKey, String apiKeyFile) {
        file = PropertyChecks.isBlank(apiKeyFile)
                ? null
                : new ApiKeyFile("apiKeyFile", apiKeyFile.strip(), System::nanoTime);
        if (!PropertyChecks.isBlank(apiKey)) {
            fixed = Optional.of(key(apiKey));
        } else if (!PropertyChecks.isBlank(password)) {
            fixed = Optional.of(PropertyChecks.isBlank(user) ? key(password) : new Credentials(user, password));
        } else {
            fixed = Optional.empty();
        }
    }

    /** Strips the line feed of keys that administrators copy from files. */
    private static Credentials key(String text) {
        return Credentials.apiKey(text.strip());
    }

    /**
     * The present credentials.
     *
     * @return empty if there are none; those in a file may change from call to call
     * @throws PropertyException if the file has never contained a key that can be sent
     */
    Optional<Credentials> current() throws PropertyException {
        return file == null ? fixed : Optional.of(file.key());
    }

    /**
     * Supplies the present value of credentials, which changes only for those in the file.
     *
     * @param credentials as they are now
     * @return supplies the present ones
     */
    Supplier<Optional<Credentials>> follow(Optional<Credentials> credentials) {
        Supplier<Optional<Credentials>> present = () -> {
            try {
                return current();
            } catch (PropertyException e) { // the file has never contained a key, so these are not from it
                return credentials;
            }
        };
        return file != null && credentials.equals(present.get()) ? present : () -> credentials;
    }
}
