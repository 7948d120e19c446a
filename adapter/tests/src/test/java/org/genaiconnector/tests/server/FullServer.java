package org.genaiconnector.tests.server;

import java.nio.file.Path;

/** A Payara Server, as the checks see it that are about what a Micro has not. */
interface FullServer extends Server {

    /** The server's process, its addresses and its log. */
    PayaraServer payara();

    @Override
    default Path log() {
        return payara().log();
    }
}
