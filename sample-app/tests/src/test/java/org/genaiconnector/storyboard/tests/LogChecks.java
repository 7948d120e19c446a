package org.genaiconnector.storyboard.tests;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/** The log of everything before; the last checks of all. */
interface LogChecks extends Application {

    @Test
    @Order(Integer.MAX_VALUE - 1)
    default void logsNothingThatAnOperatorCouldNotUse() throws Exception {
        assertThat(ServerLog.troubles(storyboard().log())).isEmpty();
    }

    @Test
    @Order(Integer.MAX_VALUE - 1)
    default void logsNoSecret() throws Exception {
        assertThat(storyboard().log()).doesNotContain(Backends.KEY);
    }

    @Test
    @Order(Integer.MAX_VALUE)
    default void stopsWithoutAWordOfTrouble() throws Exception {
        storyboard().stop();

        assertThat(ServerLog.troubles(storyboard().log())).isEmpty();
    }
}
