package org.genaiconnector.ra.llm;

import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.genaiconnector.Credentials;
import org.genaiconnector.FailureCategory;
import org.genaiconnector.GenAiException;
import org.genaiconnector.ra.connection.ApiKeyFile;
import org.genaiconnector.ra.connection.PropertyException;
import org.genaiconnector.ra.http.HttpCall;

/** The key of a target in a file, which may change at any time. */
final class FileKey implements CallCredentials {
    private final ApiKeyFile file;
    private final Function<Optional<Credentials>, Map<String, String>> headers;

    /** @param headers those that carry a key */
    FileKey(ApiKeyFile file, Function<Optional<Credentials>, Map<String, String>> headers) {
        this.file = file;
        this.headers = headers;
    }

    @Override
    public <T> T send(HttpCall call, Sender<T> sender) throws GenAiException {
        Credentials first = key(false);
        try {
            return sender.send(with(call, first));
        } catch (GenAiException e) {
            if (e.status().orElse(0) != 401 || key(true).equals(first)) {
                throw CallCredentials.masked(e, first.secret());
            }
        }
        Credentials second = key(false);
        try {
            return sender.send(with(call, second));
        } catch (GenAiException e) {
            throw CallCredentials.masked(e, second.secret());
        }
    }

    private Credentials key(boolean now) throws GenAiException {
        try {
            return now ? file.keyNow() : file.key();
        } catch (PropertyException e) { // this target alone cannot be called
            throw new GenAiException(FailureCategory.AUTHENTICATION, e.getMessage(), e);
        }
    }

    private HttpCall with(HttpCall call, Credentials key) {
        HttpCall authorized = call;
        for (Map.Entry<String, String> header : headers.apply(Optional.of(key)).entrySet()) {
            authorized = authorized.header(header.getKey(), header.getValue());
        }
        return authorized;
    }
}
