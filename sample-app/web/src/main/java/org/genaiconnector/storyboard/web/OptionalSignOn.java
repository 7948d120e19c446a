package org.genaiconnector.storyboard.web;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.security.enterprise.AuthenticationException;
import jakarta.security.enterprise.AuthenticationStatus;
import jakarta.security.enterprise.authentication.mechanism.http.HttpAuthenticationMechanism;
import jakarta.security.enterprise.authentication.mechanism.http.HttpMessageContext;
import jakarta.security.enterprise.credential.BasicAuthenticationCredential;
import jakarta.security.enterprise.credential.UsernamePasswordCredential;
import jakarta.security.enterprise.identitystore.CredentialValidationResult;
import jakarta.security.enterprise.identitystore.CredentialValidationResult.Status;
import jakarta.security.enterprise.identitystore.IdentityStoreHandler;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;

/**
 * Optional HTTP Basic authentication. Callers who send a name and a password are authenticated, and the security maps
 * of the pools may have keys for them; callers who send none are anonymous and may use everything.
 */
@ApplicationScoped
public class OptionalSignOn implements HttpAuthenticationMechanism {

    private static final String SCHEME = "Basic ";

    @Inject
    private KnownCallers callers;

    @Inject
    private IdentityStoreHandler identities;

    @Override
    public AuthenticationStatus validateRequest(
            HttpServletRequest request, HttpServletResponse response, HttpMessageContext context)
            throws AuthenticationException {
        String authorization = request.getHeader("Authorization");
        if (authorization == null || !isBasic(authorization) || !callers.areConfigured()) {
            return context.doNothing();
        }
        CredentialValidationResult result =
                validate(authorization.substring(SCHEME.length()).strip());
        if (result.getStatus() == Status.VALID) {
            return context.notifyContainerAboutLogin(result);
        }
        response.setHeader("WWW-Authenticate", "Basic realm=\"Storyboard\", charset=\"UTF-8\"");
        return context.responseUnauthorized();
    }

    private static boolean isBasic(String authorization) {
        return authorization.regionMatches(true, 0, SCHEME, 0, SCHEME.length());
    }

    private CredentialValidationResult validate(String encoded) {
        try {
            BasicAuthenticationCredential basic = new BasicAuthenticationCredential(encoded);
            // identity stores take credentials of exactly this class
            return identities.validate(new UsernamePasswordCredential(basic.getCaller(), basic.getPassword()));
        } catch (IllegalArgumentException malformed) {
            return CredentialValidationResult.INVALID_RESULT; // not base64, or without a colon
        }
    }
}
