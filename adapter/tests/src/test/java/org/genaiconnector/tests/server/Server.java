package org.genaiconnector.tests.server;

import java.nio.file.Path;
import org.genaiconnector.tests.payara.BenchClient;

/** The server under test, as checks see it. */
interface Server {

    /** What the administrator commands. */
    Asadmin asadmin();

    /** What the application does. */
    BenchClient bench();

    /** What it has logged so far. */
    Path log();
}
