package org.genaiconnector.storyboard.web;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.context.Initialized;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import jakarta.security.enterprise.credential.UsernamePasswordCredential;
import jakarta.security.enterprise.identitystore.CredentialValidationResult;
import jakarta.security.enterprise.identitystore.IdentityStore;
import java.util.Optional;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * The callers that the configuration names: {@code storyboard.callers} holds pairs of name and password, such as {@code
 * alice:secret,bob:other}. Without it there are none.
 */
@ApplicationScoped
public class KnownCallers implements IdentityStore {

    @Inject
    @ConfigProperty(name = "storyboard.callers")
    private Optional<String> configured;

    private Optional<CallerList> callers = Optional.empty();

    /** At the deployment, which fails if the configuration is wrong: a caller must not be left out silently. */
    void read(@Observes @Initialized(ApplicationScoped.class) Object application) {
        callers = configured.map(CallerList::new);
    }

    boolean areConfigured() {
        return callers.isPresent();
    }

    /** Checks name and password; called by the container. */
    public CredentialValidationResult validate(UsernamePasswordCredential credential) {
        String name = credential.getCaller();
        boolean valid = callers.flatMap(list -> list.password(name))
                .filter(password -> credential.compareTo(name, password))
                .isPresent();
        return valid ? new CredentialValidationResult(name) : CredentialValidationResult.INVALID_RESULT;
    }
}
