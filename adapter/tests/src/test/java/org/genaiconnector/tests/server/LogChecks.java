package org.genaiconnector.tests.server;

import org.genaiconnector.tests.payara.ServerLog;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/** The log of all checks and of the shutdown; runs last. */
interface LogChecks extends FullServer {

    @Test
    @Order(Integer.MAX_VALUE)
    default void logsNoUnexpectedMessageAndNoSecret() throws Exception {
        payara().close();

        ServerLog.of(payara().log()).assertClean();
    }
}
