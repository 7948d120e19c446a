package org.genaiconnector.storyboard.tests;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/** The log of all other checks; runs last. */
interface LogChecks extends Application {

    @Test
    @Order(Integer.MAX_VALUE - 1)
    default void logsNoUnexpectedMessage() throws Exception {
        assertThat(ServerLog.troubles(storyboard().log())).isEmpty();
    }

    @Test
    @Order(Integer.MAX_VALUE - 1)
    default void logsNoSecret() throws Exception {
        assertThat(storyboard().log()).doesNotContain(Backends.KEY);
    }

    @Test
    @Order(Integer.MAX_VALUE)
    default void stopsWithoutAnUnexpectedMessage() throws Exception {
        storyboard().stop();

        assertThat(ServerLog.troubles(storyboard().log())).isEmpty();
    }
}
