package org.genaiconnector.ra.connection;

import java.util.Map;
import org.genaiconnector.Credentials;
import org.genaiconnector.ra.http.BasicAuthorization;

/** HTTP headers that carry credentials. */
public final class CredentialHeaders {

    private CredentialHeaders() {}

    /**
     * The {@code Authorization} header: basic with a user, bearer without. Some servers compare the scheme's case, so it is
     * written as the RFCs do (llama.cpp of February 2025 refuses {@code bearer}).
     *
     * @param credentials not null
     * @return one header
     */
    public static Map<String, String> authorization(Credentials credentials) {
        if (credentials.user().isEmpty()) {
            return Map.of("Authorization", "Bearer " + credentials.secret());
        }
        return Map.of("Authorization", BasicAuthorization.of(credentials.user(), credentials.secret()));
    }
}
