package org.genaiconnector.tests.server;

import java.nio.file.Path;
import org.genaiconnector.servers.GlassFishServer;

/** A Payara Server, for checks of what Payara Micro does not have. */
interface FullServer extends Server {

    /** Its process, addresses and log. */
    GlassFishServer payara();

    @Override
    default Path log() {
        return payara().log();
    }
}
