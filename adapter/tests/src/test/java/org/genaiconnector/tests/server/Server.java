package org.genaiconnector.tests.server;

import java.nio.file.Path;
import org.genaiconnector.servers.Asadmin;
import org.genaiconnector.tests.payara.TestApplicationClient;

/** The application server under test, as checks see it. */
interface Server {

    /** Its administration commands. */
    Asadmin asadmin();

    /** The test application in it. */
    TestApplicationClient application();

    /** Its log file. */
    Path log();
}
