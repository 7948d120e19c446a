package org.genaiconnector.storyboard.web;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.security.enterprise.credential.UsernamePasswordCredential;
import jakarta.security.enterprise.identitystore.CredentialValidationResult;
import jakarta.security.enterprise.identitystore.IdentityStore;
import java.util.Arrays;
import java.util.Optional;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * The callers that the configuration names: {@code storyboard.callers} holds pairs of name and password, such as {@code
 * alice:secret,bob:other}. Without it nobody is known.
 */
@ApplicationScoped
public class KnownCallers implements IdentityStore {

    @Inject
    @ConfigProperty(name = "storyboard.callers")
    private Optional<String> callers;

    boolean areConfigured() {
        return callers.isPresent();
    }

    /** Checks name and password; called by the container. */
    public CredentialValidationResult validate(UsernamePasswordCredential credential) {
        String name = credential.getCaller();
        boolean valid = callers.stream()
                .flatMap(pairs -> Arrays.stream(pairs.split(",")))
                .map(String::strip)
                .filter(pair -> pair.startsWith(name + ":"))
                .anyMatch(pair -> credential.compareTo(name, pair.substring(name.length() + 1)));
        return valid ? new CredentialValidationResult(name) : CredentialValidationResult.INVALID_RESULT;
    }
}
