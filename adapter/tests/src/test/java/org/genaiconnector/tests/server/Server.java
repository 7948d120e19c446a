package org.genaiconnector.tests.server;

import org.genaiconnector.tests.payara.BenchClient;

/** The server under test, as checks see it. */
interface Server {

    /** What the administrator commands. */
    Asadmin asadmin();

    /** What the application does. */
    BenchClient bench();

    /** The server's process, its addresses and its log. */
    PayaraServer payara();
}
