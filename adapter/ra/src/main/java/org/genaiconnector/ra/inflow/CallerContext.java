package org.genaiconnector.ra.inflow;

import jakarta.resource.spi.work.SecurityContext;
import jakarta.security.auth.message.callback.CallerPrincipalCallback;
import java.io.IOException;
import java.util.Optional;
import javax.security.auth.Subject;
import javax.security.auth.callback.Callback;
import javax.security.auth.callback.CallbackHandler;
import javax.security.auth.callback.UnsupportedCallbackException;

/**
 * The caller as whom the application server runs a work: security inflow (Jakarta Connectors 2.1, 16.4). The name is one of the
 * application server's own users, since the adapter knows no others.
 */
final class CallerContext extends SecurityContext {
    private static final long serialVersionUID = 1L;

    private final String caller;

    /** Why the caller was not established; null if it was. Read by the work, which runs after that. */
    private volatile String problem;

    CallerContext(String caller) {
        this.caller = caller;
        this.problem = "it did not ask who the caller is";
    }

    /** Why the application server does not run the work as the caller. */
    Optional<String> problem() {
        return Optional.ofNullable(problem);
    }

    /** Does not throw, because an application server may then drop the work without a word to the adapter. */
    @Override
    public void setupSecurityContext(CallbackHandler handler, Subject executionSubject, Subject serviceSubject) {
        try {
            handler.handle(new Callback[] {new CallerPrincipalCallback(executionSubject, caller)});
            problem = null;
        } catch (IOException | UnsupportedCallbackException | RuntimeException e) {
            problem = e.toString();
        }
    }
}
