package org.genaiconnector.testkit;

import java.util.logging.Level;
import java.util.logging.Logger;

/** Jetty's log: five lines for every simulator that starts or stops help nobody. */
final class JettyLog {
    /** Held, because a logger that nobody holds forgets its level. */
    private static final Logger JETTY = Logger.getLogger("org.eclipse.jetty");

    private JettyLog() {}

    /** Lets through warnings only, unless somebody has already set a level. */
    static void quiet() {
        if (JETTY.getLevel() == null) {
            JETTY.setLevel(Level.WARNING);
        }
    }
}
