package org.genaiconnector.tests.server;

import java.nio.file.Path;

/** A Payara Server, for checks of what Payara Micro does not have. */
interface FullServer extends Server {

    /** Its process, addresses and log. */
    PayaraServer payara();

    @Override
    default Path log() {
        return payara().log();
    }
}
