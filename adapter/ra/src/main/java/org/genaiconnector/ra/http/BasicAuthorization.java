package org.genaiconnector.ra.http;

import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** HTTP basic authentication: the value of {@code Authorization} and {@code Proxy-Authorization}. */
public final class BasicAuthorization {

    private BasicAuthorization() {}

    /**
     * The value for a user.
     *
     * @param user without colon
     * @param password may be empty
     * @return begins with {@code Basic}, written as the RFCs do because some servers compare the case
     */
    public static String of(String user, String password) {
        byte[] pair = (user + ":" + password).getBytes(StandardCharsets.UTF_8);
        return "Basic " + Base64.getEncoder().encodeToString(pair);
    }
}
