package org.genaiconnector.ra.connection;

import jakarta.resource.spi.ConnectionRequestInfo;
import jakarta.resource.spi.security.PasswordCredential;
import java.util.Optional;
import javax.security.auth.Subject;
import org.genaiconnector.Credentials;

/**
 * Whose credentials count: those of the request, else the container's, else the factory's own.
 *
 * <p>Payara always passes a Subject, with a blank credential if nothing is configured, and after a change of the pool with
 * one that belongs to the new factory while the old one is called: both count as absent.
 *
 * <p>Containers have no credentials without a user name: it counts only where the factory is configured for HTTP basic
 * authentication, otherwise the password is a key and the name a label for the administrator.
 */
final class EffectiveCredentials {

    private EffectiveCredentials() {}

    /** The credentials of the request, else the container's; empty if the factory's own count. */
    static Optional<Credentials> given(
            Subject subject, ConnectionRequestInfo request, BackendConnectionFactory<?> factory) {
        return request instanceof ConnectionRequest own ? Optional.of(own.credentials()) : container(subject, factory);
    }

    private static Optional<Credentials> container(Subject subject, BackendConnectionFactory<?> factory) {
        if (subject == null) {
            return Optional.empty();
        }
        // not getPrivateCredentials(Class): it makes a copy in a privileged block, dearer than the whole rest of a
        // borrow
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
