package org.genaiconnector.storyboard.tests;

import static org.assertj.core.api.Assertions.assertThat;

import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/** The EAR on Payara Server. */
class ServerIT extends RunningApplication
        implements OutageChecks,
                JobChecks,
                StoryChecks,
                SafetyChecks,
                FileChecks,
                LlmChecks,
                BadInputChecks,
                ListeningChecks,
                PasswordChecks,
                RedeployChecks,
                LogChecks {

    ServerIT() {
        super("storyboard.server");
    }

    @Test
    @Order(0)
    void printsOnlyWhatAUserNeeds() {
        assertThat(storyboard().output().lines().filter(line -> !line.startsWith("Picked up ")))
                .hasSize(7)
                .first(InstanceOfAssertFactories.STRING)
                .startsWith("Starting Payara Server");
        assertThat(storyboard().output().lines())
                .last(InstanceOfAssertFactories.STRING)
                .startsWith("Storyboard is ready: http://localhost:");
    }
}
