package org.genaiconnector.tests.server;

import org.genaiconnector.tests.payara.ServerLog;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/** The log of everything before and of the server's end; the last checks of all. */
interface LogChecks extends FullServer {

    @Test
    @Order(Integer.MAX_VALUE)
    default void logsNothingThatAnOperatorCouldNotUseAndNoSecret() throws Exception {
        payara().stop();

        ServerLog.of(payara().log()).assertClean();
    }
}
