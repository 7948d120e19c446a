package org.genaiconnector.storyboard.tests;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What strangers on the network meet: nothing; and what the application tells of its server to those it serves. */
interface ListeningChecks extends Application {

    @Test
    default void listensOnTheLoopbackAddressOnly() throws Exception {
        rest().get("/api/jobs").expect(200);

        assertThat(ListeningSockets.assertOnLoopbackOnly(storyboard().processes()))
                .isPositive();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/api/jobs", "/api/nowhere", "/nowhere", "/metrics", "/health", "/%00"})
    default void keepsTheServersVersionToItself(String path) throws Exception {
        Rest.Answer answer = rest().get(path);

        assertThat(answer.headers().map()).doesNotContainKeys("Server", "server", "X-Powered-By", "x-powered-by");
        assertThat(answer.text()).doesNotContain("Payara Server", "Payara Micro");
    }
}
