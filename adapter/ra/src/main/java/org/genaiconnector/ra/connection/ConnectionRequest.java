package org.genaiconnector.ra.connection;

import jakarta.resource.spi.ConnectionRequestInfo;
import java.util.Objects;
import org.genaiconnector.Credentials;

/**
 * Connection request information: the credentials that an application passes to {@code getConnection}.
 *
 * @param credentials never null
 */
public record ConnectionRequest(Credentials credentials) implements ConnectionRequestInfo {

    public ConnectionRequest {
        Objects.requireNonNull(credentials, "credentials");
    }
}
