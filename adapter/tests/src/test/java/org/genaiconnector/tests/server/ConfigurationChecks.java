package org.genaiconnector.tests.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.genaiconnector.servers.Asadmin;
import org.genaiconnector.tests.Eventually;
import org.genaiconnector.tests.Secrets;
import org.junit.jupiter.api.Test;

/** Ping, and changes of a pool's configuration at run time. */
interface ConfigurationChecks extends Server {

    @Test
    default void pingsAServiceThatAnswers() throws Exception {
        try (Backend llm = Backend.start(Secrets.KEY)) {
            Pool pool = Pool.llm(asadmin(), "well", llm.uri(), "property.apiKey=" + Secrets.KEY);

            assertThat(pool.ping().failed()).isFalse();
        }
    }

    @Test
    default void pingOfAServiceThatIsDownNamesItAndTheCause() throws Exception {
        try (Backend llm = Backend.start()) {
            Pool pool = Pool.llm(asadmin(), "down", llm.uri());
            llm.goDown();

            assertThat(pool.ping().failed()).isTrue();
            assertThat(pool.ping().message()).contains(llm.uri().toString(), "Connection refused");
        }
    }

    @Test
    default void pingWithAWrongKeySaysSoWithoutTheKey() throws Exception {
        try (Backend llm = Backend.start(Secrets.KEY)) {
            Pool pool = Pool.llm(asadmin(), "locked", llm.uri(), "property.apiKey=" + Secrets.WRONG_KEY);

            Asadmin.Report report = pool.ping();

            assertThat(report.failed()).isTrue();
            assertThat(report.message())
                    .contains(llm.uri().toString(), "the API key is missing, wrong or revoked")
                    .doesNotContain(Secrets.WRONG_KEY);
        }
    }

    /** What docs/troubleshooting.md says about "a changed property has no effect". */
    @Test
    default void changedPropertyTakesEffectForFactoriesThatAreLookedUpAgain() throws Exception {
        try (Backend before = Backend.start();
                Backend after = Backend.start()) {
            Pool pool = Pool.llm(asadmin(), "changing", before.uri(), "maxpoolsize=2", "poolresize=1");
            assertThat(application().chatOnKept(pool.resource(), "old").failed())
                    .isFalse();
            before.awaitConnectionsOpen(1);

            pool.set("property.serverUrl", after.uri());

            before.awaitConnectionsOpen(0); // Payara recreates the pool
            for (int i = 0; i < 3; i++) { // in turns: connections of one must not be lent to the other
                assertThat(application().chatOnKept(pool.resource(), "old").failed())
                        .isFalse();
                assertThat(application().chat(pool.resource(), "new").failed()).isFalse();
            }
            assertThat(texts(before)).hasSize(4).allMatch(body -> body.contains("\"old\""));
            assertThat(texts(after)).hasSize(3).allMatch(body -> body.contains("\"new\""));
            assertThat(pool.ping().failed()).isFalse();
        }
    }

    @Test
    default void changedAttributeTakesEffectAtOnceForAllFactories() throws Exception {
        try (Backend llm = Backend.start()) {
            Pool pool = Pool.llm(asadmin(), "tuned", llm.uri(), "maxpoolsize=1", "maxwait=300");
            assertThat(application().chatOnKept(pool.resource(), "Hello").failed())
                    .isFalse();
            String loan = application().borrow(pool.resource()).text();
            assertThat(application().chatOnKept(pool.resource(), "Hello").failed())
                    .isTrue();

            pool.set("max-pool-size", 2);

            Eventually.isTrue(
                    Backend.PATIENCE,
                    () -> !application().chatOnKept(pool.resource(), "Hello").failed());
            application().giveBack(loan);
        }
    }

    private static List<String> texts(Backend llm) {
        return llm.chats().stream().map(request -> request.bodyText()).toList();
    }
}
