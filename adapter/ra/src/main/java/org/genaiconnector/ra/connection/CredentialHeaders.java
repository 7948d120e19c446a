package org.genaiconnector.ra.connection;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.genaiconnector.Credentials;
import org.genaiconnector.ra.http.BasicAuthorization;

/** HTTP headers that carry credentials. */
public final class CredentialHeaders {

    private CredentialHeaders() {}

    /**
     * The {@code Authorization} header: Basic with a user, Bearer without. The scheme is capitalised as in the RFCs because
     * some servers compare its case (llama.cpp of February 2025 refuses {@code bearer}).
     *
     * @param credentials of the caller
     * @return one header
     */
    public static Map<String, String> authorization(Credentials credentials) {
        if (credentials.user().isEmpty()) {
            return Map.of("Authorization", "Bearer " + credentials.secret());
        }
        return Map.of("Authorization", BasicAuthorization.of(credentials.user(), credentials.secret()));
    }

    /**
     * The headers that carry credentials, as configured.
     *
     * @param credentials empty for none
     * @param apiKeyHeader name of the header that carries the bare key; null or blank for the backend's own headers
     * @param authentication as {@link Backend#authentication} for one address
     * @return headers by name; may be empty
     */
    public static Map<String, String> of(
            Optional<Credentials> credentials,
            String apiKeyHeader,
            Function<Optional<Credentials>, Map<String, String>> authentication) {
        if (apiKeyHeader == null || apiKeyHeader.isBlank() || credentials.isEmpty()) {
            return authentication.apply(credentials);
        }
        Map<String, String> headers = new HashMap<>(authentication.apply(Optional.empty()));
        headers.put(apiKeyHeader.strip(), credentials.get().secret());
        return headers;
    }
}
