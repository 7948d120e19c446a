package org.genaiconnector.tests.server.signon;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.security.enterprise.authentication.mechanism.http.BasicAuthenticationMechanismDefinition;
import jakarta.security.enterprise.credential.UsernamePasswordCredential;
import jakarta.security.enterprise.identitystore.CredentialValidationResult;
import jakarta.security.enterprise.identitystore.IdentityStore;
import java.util.Map;
import java.util.Set;

/** The callers of the application; the password of each is the name backwards. */
@ApplicationScoped
@BasicAuthenticationMechanismDefinition(realmName = "sign-on")
public class KnownCallers implements IdentityStore {
    private static final Map<String, Set<String>> GROUPS = Map.of(
            "alice", Set.of("staff"),
            "bob", Set.of("staff", "editors"),
            "carol", Set.of("staff"));

    /** Checks name and password. */
    public CredentialValidationResult validate(UsernamePasswordCredential credential) {
        String caller = credential.getCaller();
        return GROUPS.containsKey(caller) && credential.compareTo(caller, password(caller))
                ? new CredentialValidationResult(caller, GROUPS.get(caller))
                : CredentialValidationResult.INVALID_RESULT;
    }

    /** The password of a caller. */
    public static String password(String caller) {
        return new StringBuilder(caller).reverse().toString();
    }
}
