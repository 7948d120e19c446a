package org.genaiconnector.ra.llm;

import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.genaiconnector.Credentials;
import org.genaiconnector.FailureCategory;
import org.genaiconnector.GenAiException;
import org.genaiconnector.ra.connection.ApiKeyFile;
import org.genaiconnector.ra.connection.PropertyException;

/** The key of a target in a file, which may change at any time. */
final class FileKey extends CallCredentials {
    private final ApiKeyFile file;
    private final Function<Optional<Credentials>, Map<String, String>> headers;

    /** @param headers those that carry a key */
    FileKey(ApiKeyFile file, Function<Optional<Credentials>, Map<String, String>> headers) {
        this.file = file;
        this.headers = headers;
    }

    @Override
    String secret(String refused) throws GenAiException {
        try {
            String key = (refused == null ? file.key() : file.keyNow()).secret();
            return key.equals(refused) ? null : key;
        } catch (PropertyException e) { // this target alone cannot be called
            throw new GenAiException(FailureCategory.AUTHENTICATION, e.getMessage(), e);
        }
    }

    @Override
    Map<String, String> headers(String key) {
        return headers.apply(Optional.of(Credentials.apiKey(key)));
    }
}
