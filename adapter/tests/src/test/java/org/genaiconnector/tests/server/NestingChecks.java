package org.genaiconnector.tests.server;

import static org.assertj.core.api.Assertions.assertThat;

import org.genaiconnector.testkit.comfyui.ComfyUiSimulator;
import org.genaiconnector.tests.payara.TestApplicationClient.Outcome;
import org.junit.jupiter.api.Test;

/** Applications that open a second connection before they have closed the first, in one transaction. */
interface NestingChecks extends Server {

    @Test
    default void severalConnectionsMayBeOpenInOneTransaction() throws Exception {
        int slots = 2;
        int rounds = 5 * slots;
        try (ComfyUiSimulator comfyUi = ComfyUiSimulator.start()) {
            Pool pool = Pool.comfyUi(
                    asadmin(),
                    "nested",
                    comfyUi.uri(),
                    "maxpoolsize=" + slots,
                    "maxwait=2000",
                    "property.poolName=nested");

            for (int round = 0; round < rounds; round++) {
                assertThat(application().nested(pool.resource()))
                        .as("round %d", round)
                        .isEqualTo(new Outcome(false, "completed=8 active=0"));
            }

            assertThat(application().two(pool.resource()))
                    .as("no slot of the pool is lost")
                    .isEqualTo(new Outcome(false, "active=" + slots));
            assertThat(comfyUi.requests())
                    .filteredOn(request -> request.path().endsWith("/prompt"))
                    .as("every prompt was sent at its commit")
                    .hasSize(8 * rounds);
        }
    }
}
