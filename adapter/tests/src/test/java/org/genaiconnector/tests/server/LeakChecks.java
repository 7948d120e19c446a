package org.genaiconnector.tests.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.genaiconnector.tests.Eventually;
import org.genaiconnector.tests.payara.ServerLog;
import org.genaiconnector.tests.payara.TestApplicationClient.Outcome;
import org.genaiconnector.tests.payara.testapp.KeptConnectionResource;
import org.junit.jupiter.api.Test;

/** Connections that an application never closes. */
interface LeakChecks extends Server {

    @Test
    default void reportsALeakAndTakesTheConnectionBack() throws Exception {
        try (Backend llm = Backend.start()) {
            Pool pool = Pool.llm(
                    asadmin(),
                    "leaking",
                    llm.uri(),
                    "maxpoolsize=1",
                    "maxwait=300",
                    "leaktimeout=1",
                    "leakreclaim=true");
            String loan = application().borrow(pool.resource()).text();

            Eventually.isTrue(
                    Backend.PATIENCE,
                    () -> application().figures(pool.resource()).get("total") == 0);

            Eventually.isTrue(Backend.PATIENCE, () -> !reports(pool).isEmpty()); // another thread writes it

            Outcome afterwards = application().chatOn(loan, "Hello");
            assertThat(afterwards.failed()).isTrue();
            assertThat(afterwards.text()).contains("[CLOSED]", "the application server took it back");
            assertThat(reports(pool))
                    .singleElement()
                    .satisfies(
                            report -> assertThat(report).contains(KeptConnectionResource.class.getName() + ".borrow"));
            assertThat(application().chat(pool.resource(), "Hello").failed()).isFalse();
            assertThat(application().giveBack(loan).failed()).isFalse();
            assertThat(application().figures(pool.resource()))
                    .containsEntry("total", 1L)
                    .containsEntry("active", 0L);
            assertThat(application().chat(pool.resource(), "Hello").failed()).isFalse();
        }
    }

    @Test
    default void onlyReportsALeakIfReclaimIsOff() throws Exception {
        try (Backend llm = Backend.start()) {
            Pool pool = Pool.llm(asadmin(), "reported", llm.uri(), "maxpoolsize=1", "leaktimeout=1");
            String loan = application().borrow(pool.resource()).text();

            Eventually.isTrue(Backend.PATIENCE, () -> !reports(pool).isEmpty());

            assertThat(application().chatOn(loan, "Hello").failed()).isFalse();
            assertThat(application().giveBack(loan).failed()).isFalse();
            assertThat(application().figures(pool.resource()))
                    .containsEntry("total", 1L)
                    .containsEntry("idle", 1L);
        }
    }

    private List<String> reports(Pool pool) throws Exception {
        return ServerLog.of(log()).entries().stream()
                .map(ServerLog.Entry::text)
                .filter(text -> text.contains("connection leak detected for connection pool " + pool.name() + "."))
                .toList();
    }
}
