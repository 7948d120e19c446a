package org.genaiconnector.tests.server;

import static org.assertj.core.api.Assertions.assertThat;

import org.genaiconnector.tests.Secrets;
import org.genaiconnector.tests.payara.TestApplicationClient.Outcome;
import org.junit.jupiter.api.Test;

/** Applications that pass keys of their own to one pool. */
interface CredentialsChecks extends Server {

    @Test
    default void connectionsOfOneKeyAreNeverLentForAnother() throws Exception {
        try (Backend llm = Backend.start(Secrets.KEY, Secrets.ALICES_KEY, Secrets.EDITORS_KEY)) {
            Pool pool = Pool.llm(asadmin(), "shared", llm.uri(), "property.apiKey=" + Secrets.KEY, "maxpoolsize=4");

            for (int i = 0; i < 2; i++) {
                assertThat(application()
                                .chat(pool.resource(), Secrets.ALICES_KEY, "Hello")
                                .failed())
                        .isFalse();
                assertThat(application()
                                .chat(pool.resource(), Secrets.EDITORS_KEY, "Hello")
                                .failed())
                        .isFalse();
                assertThat(application().chat(pool.resource(), "Hello").failed())
                        .isFalse();
            }

            llm.assertServedInTurn(2, Secrets.ALICES_KEY, Secrets.EDITORS_KEY, Secrets.KEY);
        }
    }

    @Test
    default void aWrongKeyFailsOnlyItsCallerAndIsNotShown() throws Exception {
        try (Backend llm = Backend.start(Secrets.KEY)) {
            Pool pool = Pool.llm(asadmin(), "guarded", llm.uri(), "property.apiKey=" + Secrets.KEY, "maxpoolsize=4");

            Outcome refused = application().chat(pool.resource(), Secrets.WRONG_KEY, "Hello");

            assertThat(refused.failed()).isTrue();
            assertThat(refused.text())
                    .contains(llm.uri().toString(), "the API key is missing, wrong or revoked")
                    .doesNotContain(Secrets.WRONG_KEY);
            assertThat(application().chat(pool.resource(), "Hello").failed()).isFalse();
        }
    }
}
