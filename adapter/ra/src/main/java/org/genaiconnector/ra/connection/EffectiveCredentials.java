package org.genaiconnector.ra.connection;

import jakarta.resource.spi.ConnectionRequestInfo;
import jakarta.resource.spi.InvalidPropertyException;
import jakarta.resource.spi.security.PasswordCredential;
import java.util.Optional;
import javax.security.auth.Subject;
import org.genaiconnector.Credentials;

/**
 * Which credentials count: those of the request, else the application server's, else those of the factory's configuration.
 *
 * <p>Payara always passes a Subject: with a blank credential if nothing is configured, and after a change of the pool with a
 * credential that belongs to the new factory while it calls the old one. Both count as absent.
 *
 * <p>Application servers have no credentials without a user name. The name counts only if the factory is configured for HTTP
 * basic authentication; otherwise the password is a key, and the name is a label for the administrator.
 */
final class EffectiveCredentials {

    private EffectiveCredentials() {}

    /** The credentials that count for a request; empty for none. */
    static Optional<Credentials> of(BackendConfiguration factory, Subject subject, ConnectionRequestInfo request)
            throws InvalidPropertyException {
        Optional<Credentials> given = given(factory, subject, request);
        return given.isPresent() ? given : factory.ownCredentials();
    }

    /** The credentials of the request, else the application server's; empty if the factory's own count. */
    static Optional<Credentials> given(BackendConfiguration factory, Subject subject, ConnectionRequestInfo request) {
        return request instanceof ConnectionRequest own
                ? Optional.of(own.credentials())
                : fromSubject(factory, subject);
    }

    /**
     * Whether a request may use a connection.
     *
     * @param credentials of the connection
     * @param own whether those came from the factory's configuration; if so, the configured key may have changed since
     */
    static boolean permit(
            Optional<Credentials> credentials,
            boolean own,
            BackendConfiguration factory,
            Subject subject,
            ConnectionRequestInfo request)
            throws InvalidPropertyException {
        Optional<Credentials> given = given(factory, subject, request);
        return own && given.isEmpty() || (given.isPresent() ? given : factory.ownCredentials()).equals(credentials);
    }

    private static Optional<Credentials> fromSubject(BackendConfiguration factory, Subject subject) {
        if (subject == null) {
            return Optional.empty();
        }
        // getPrivateCredentials(Class) would copy in a privileged block, which costs more than the rest of a borrow
        for (Object each : subject.getPrivateCredentials()) {
            if (each instanceof PasswordCredential credential
                    && factory.equals(credential.getManagedConnectionFactory())) {
                String secret = new String(credential.getPassword());
                if (!secret.isBlank()) {
                    return Optional.of(new Credentials(factory.hasUser() ? userOf(credential) : "", secret));
                }
            }
        }
        return Optional.empty();
    }

    private static String userOf(PasswordCredential credential) {
        String user = credential.getUserName();
        return user == null || user.isBlank() ? "" : user;
    }
}
