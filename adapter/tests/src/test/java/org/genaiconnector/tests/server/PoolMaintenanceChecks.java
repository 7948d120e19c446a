package org.genaiconnector.tests.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.genaiconnector.tests.Eventually;
import org.genaiconnector.tests.payara.TestApplicationClient.Outcome;
import org.junit.jupiter.api.Test;

/** How the pool treats idle connections, and connections of a backend that was down. */
interface PoolMaintenanceChecks extends Server {

    @Test
    default void closesIdleConnectionsDownToTheSteadySize() throws Exception {
        try (Backend llm = Backend.start()) {
            Pool pool = Pool.llm(
                    asadmin(), "idle", llm.uri(), "steadypoolsize=1", "maxpoolsize=4", "poolresize=4", "idletimeout=1");
            open(pool, 4);
            assertThat(application().figures(pool.resource())).containsEntry("peak", 4L);

            Eventually.isTrue(
                    Backend.PATIENCE,
                    () -> application().figures(pool.resource()).get("total") == 1 && llm.connectionsOpen() <= 1);

            assertThat(application().chat(pool.resource(), "Hello").failed()).isFalse();
            pool.delete(); // otherwise it keeps creating the steady one
            llm.awaitConnectionsOpen(0);
        }
    }

    @Test
    default void replacesConnectionsOfABackendThatWasRestarted() throws Exception {
        try (Backend llm = Backend.start()) {
            Pool pool = Pool.llm(
                    asadmin(),
                    "validated",
                    llm.uri(),
                    "isconnectvalidatereq=true",
                    "maxpoolsize=2",
                    "property.maxRetries=0",
                    "property.circuitFailures=0");
            open(pool, 2);
            llm.goDown();

            Eventually.isTrue(
                    Backend.PATIENCE,
                    () -> { // a connection that was used a moment ago counts as valid
                        assertThat(application().chat(pool.resource(), "Hello").text())
                                .contains("Connection refused");
                        return application().figures(pool.resource()).get("total") == 0;
                    });

            llm.comeBack();
            Eventually.isTrue(
                    Backend.PATIENCE,
                    () -> !application().chat(pool.resource(), "Hello").failed());
            open(pool, 2);
            assertThat(application().figures(pool.resource())).containsEntry("total", 2L);
            llm.awaitConnectionsOpen(2);
        }
    }

    @Test
    default void borrowersDoNotNoticeThatTheBackendWasRestarted() throws Exception {
        try (Backend llm = Backend.start()) {
            Pool pool = Pool.llm(asadmin(), "restarted", llm.uri(), "isconnectvalidatereq=true", "maxpoolsize=2");
            open(pool, 2);

            llm.goDown();
            llm.comeBack();

            open(pool, 2);
            assertThat(application().figures(pool.resource()))
                    .containsEntry("failed", 0L)
                    .containsEntry("total", 2L);
        }
    }

    /** Has so many connections borrowed at the same time, used and given back. */
    private void open(Pool pool, int connections) throws Exception {
        List<String> loans = new ArrayList<>();
        for (int i = 0; i < connections; i++) {
            Outcome loan = application().borrow(pool.resource());
            assertThat(loan)
                    .satisfies(borrowed ->
                            assertThat(borrowed.failed()).as(borrowed.text()).isFalse());
            loans.add(loan.text());
        }
        for (String loan : loans) {
            assertThat(application().chatOn(loan, "Hello").failed()).isFalse();
        }
        for (String loan : loans) {
            application().giveBack(loan);
        }
    }
}
