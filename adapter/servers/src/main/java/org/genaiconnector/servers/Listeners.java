package org.genaiconnector.servers;

import java.io.IOException;
import org.genaiconnector.testkit.FreePort;

/**
 * Where an application server listens. Administration is always on {@link #LOOPBACK}.
 *
 * @param host address of the applications
 * @param http port of the applications
 * @param administration port of commands and of the console, where the application server has them
 */
public record Listeners(String host, int http, int administration) {

    /** This machine only. */
    public static final String LOOPBACK = "127.0.0.1";

    /**
     * Free ports of the loopback address, reserved until this JVM ends.
     *
     * @throws IOException if there are none
     */
    public static Listeners free() throws IOException {
        return new Listeners(LOOPBACK, FreePort.reserve(), FreePort.reserve());
    }
}
