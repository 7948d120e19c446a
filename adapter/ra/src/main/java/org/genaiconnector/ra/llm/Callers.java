package org.genaiconnector.ra.llm;

import jakarta.security.jacc.PolicyContext;
import jakarta.security.jacc.PolicyContextException;
import java.security.Principal;
import java.util.Locale;
import java.util.Set;
import javax.security.auth.Subject;

/**
 * The caller that the application server has authenticated, who counts for requests that name none. Jakarta Authorization gives his
 * Subject to the thread that works for him.
 */
final class Callers {
    /** Of Jakarta Authorization 2.1, section 4.6.1.1. */
    private static final String SUBJECT = "javax.security.auth.Subject.container";

    /** How application servers call nobody. */
    private static final Set<String> NOBODY = Set.of("anonymous", "unauthenticated", "guest");

    /** False where an application server has no Jakarta Authorization. */
    private static volatile boolean possible = true;

    private Callers() {}

    /** His name; empty for nobody. */
    static String current() {
        if (!possible) {
            return "";
        }
        try {
            return OfThread.name();
        } catch (LinkageError e) {
            possible = false;
            return "";
        }
    }

    /** Apart, because a class that names classes which are not there cannot even be linked. */
    private static final class OfThread {
        static String name() {
            try {
                // throws for an unknown key
                return PolicyContext.getHandlerKeys().contains(SUBJECT)
                                && PolicyContext.getContext(SUBJECT) instanceof Subject subject
                        ? Callers.name(subject)
                        : "";
            } catch (PolicyContextException e) { // nobody is known here
                return "";
            }
        }
    }

    /** A Subject has principals of groups and roles, too. */
    private static String name(Subject subject) {
        String name = "";
        for (Principal principal : subject.getPrincipals()) {
            String type = principal.getClass().getSimpleName();
            if (type.equals("CallerPrincipal")) { // of Jakarta Security
                name = principal.getName();
                break;
            }
            if (name.isEmpty() && !type.contains("Group") && !type.contains("Role")) {
                name = principal.getName();
            }
        }
        return name == null || NOBODY.contains(name.toLowerCase(Locale.ROOT)) ? "" : name;
    }
}
