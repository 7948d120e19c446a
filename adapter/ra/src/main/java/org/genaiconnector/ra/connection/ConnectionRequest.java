package org.genaiconnector.ra.connection;

import jakarta.resource.spi.ConnectionRequestInfo;
import java.util.Objects;
import org.genaiconnector.Credentials;

/**
 * Connection request information: the credentials that an application passes with {@code getConnection}. Immutable, and
 * equal if they are.
 *
 * @param credentials not null
 */
public record ConnectionRequest(Credentials credentials) implements ConnectionRequestInfo {

    public ConnectionRequest {
        Objects.requireNonNull(credentials, "credentials");
    }
}
