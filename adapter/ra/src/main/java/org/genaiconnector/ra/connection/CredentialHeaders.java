package org.genaiconnector.ra.connection;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import org.genaiconnector.Credentials;

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
        byte[] pair = (credentials.user() + ":" + credentials.secret()).getBytes(StandardCharsets.UTF_8);
        return Map.of("Authorization", "Basic " + Base64.getEncoder().encodeToString(pair));
    }
}
