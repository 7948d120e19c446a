package org.genaiconnector.testkit;

import java.util.logging.Level;
import java.util.logging.Logger;

/** Jetty's log, without the five lines that it writes whenever a simulator starts or stops. */
final class JettyLog {
    /** A strong reference, because a logger without one forgets its level. */
    private static final Logger JETTY = Logger.getLogger("org.eclipse.jetty");

    private JettyLog() {}

    /** Limits the log to warnings, unless a level is set already. */
    static void quiet() {
        if (JETTY.getLevel() == null) {
            JETTY.setLevel(Level.WARNING);
        }
    }
}
