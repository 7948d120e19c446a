package org.genaiconnector.servers;

import java.io.IOException;
import org.genaiconnector.testkit.FreePort;

/**
 * Where an application server listens. All but the applications is always on {@link #LOOPBACK}.
 *
 * @param host address of the applications
 * @param http port of the applications
 * @param administration port of commands and of the console, where the application server has them
 * @param orb port of remote calls, without which GlassFish cannot begin a transaction
 */
public record Listeners(String host, int http, int administration, int orb) {

    /** This machine only. */
    public static final String LOOPBACK = "127.0.0.1";

    /**
     * Free ports of the loopback address, reserved until this JVM ends.
     *
     * @throws IOException if there are none
     */
    public static Listeners free() throws IOException {
        return new Listeners(LOOPBACK, FreePort.reserve(), FreePort.reserve(), FreePort.reserve());
    }
}
