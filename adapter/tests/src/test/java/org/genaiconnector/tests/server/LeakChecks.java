package org.genaiconnector.tests.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.genaiconnector.tests.Eventually;
import org.genaiconnector.tests.payara.BenchClient.Outcome;
import org.genaiconnector.tests.payara.ServerLog;
import org.genaiconnector.tests.payara.bench.LoanResource;
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
            String loan = bench().borrow(pool.resource()).text();

            Eventually.isTrue(
                    Backend.PATIENCE, () -> bench().figures(pool.resource()).get("total") == 0);

            Eventually.isTrue(Backend.PATIENCE, () -> !reports(pool).isEmpty()); // written by a thread of its own

            Outcome afterwards = bench().chatOn(loan, "Hello");
            assertThat(afterwards.failed()).isTrue();
            assertThat(afterwards.text()).contains("[CLOSED]", "the container took it away");
            assertThat(reports(pool))
                    .singleElement()
                    .satisfies(report -> assertThat(report).contains(LoanResource.class.getName() + ".borrow"));
            assertThat(bench().chat(pool.resource(), "Hello").failed()).isFalse();
            assertThat(bench().giveBack(loan).failed()).isFalse();
            assertThat(bench().figures(pool.resource()))
                    .containsEntry("total", 1L)
                    .containsEntry("active", 0L);
            assertThat(bench().chat(pool.resource(), "Hello").failed()).isFalse();
        }
    }

    @Test
    default void onlyReportsALeakWhereNothingIsToBeReclaimed() throws Exception {
        try (Backend llm = Backend.start()) {
            Pool pool = Pool.llm(asadmin(), "reported", llm.uri(), "maxpoolsize=1", "leaktimeout=1");
            String loan = bench().borrow(pool.resource()).text();

            Eventually.isTrue(Backend.PATIENCE, () -> !reports(pool).isEmpty());

            assertThat(bench().chatOn(loan, "Hello").failed()).isFalse();
            assertThat(bench().giveBack(loan).failed()).isFalse();
            assertThat(bench().figures(pool.resource()))
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
