package org.genaiconnector.tests.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.genaiconnector.tests.Crowd;
import org.genaiconnector.tests.Eventually;
import org.genaiconnector.tests.payara.BenchClient.Outcome;
import org.junit.jupiter.api.Test;

/** Many callers at once, and an administrator who intervenes meanwhile. */
interface LoadChecks extends Server {

    @Test
    default void growsUnderLoadPastItsMinimumToItsMaximumAndNoFurther() throws Exception {
        try (Backend llm = Backend.start().hold();
                Callers callers = new Callers(this)) {
            Pool pool = Pool.llm(asadmin(), "growing", llm.uri(), "steadypoolsize=1", "maxpoolsize=3");
            callers.chat(pool, 5);
            llm.awaitChats(3);

            assertThat(bench().figures(pool.resource())).containsEntry("active", 3L);
            llm.answer();

            assertThat(callers.outcomes()).hasSize(5).noneMatch(Outcome::failed);
            assertThat(bench().figures(pool.resource()))
                    .containsEntry("peak", 3L)
                    .containsEntry("total", 3L)
                    .containsEntry("idle", 3L);
            assertThat(llm.connectionsOpened()).isEqualTo(3);
        }
    }

    @Test
    default void refusesAfterTheWaitWhenAllAreInUseAndSaysWhy() throws Exception {
        try (Backend llm = Backend.start()) {
            Pool pool = Pool.llm(asadmin(), "exhausted", llm.uri(), "maxpoolsize=1", "maxwait=300");
            String loan = bench().borrow(pool.resource()).text();

            Outcome refused = bench().chat(pool.resource(), "Hello");

            assertThat(refused.failed()).isTrue();
            assertThat(refused.text())
                    .contains("In-use connections equal max-pool-size and expired max-wait-time")
                    .startsWith("jakarta.resource.spi.ResourceAllocationException");
            assertThat(bench().figures(pool.resource())).containsEntry("refused", 1L);
            bench().giveBack(loan);
            assertThat(bench().chat(pool.resource(), "Hello").failed()).isFalse();
        }
    }

    @Test
    default void flushEndsTheCallsUnderWayAndNoOther() throws Exception {
        try (Backend llm = Backend.start().hold();
                Callers callers = new Callers(this)) {
            Pool pool = Pool.llm(asadmin(), "flushed", llm.uri(), "maxpoolsize=3", "poolresize=1");
            callers.chat(pool, 3);
            llm.awaitChats(3);

            pool.flush();

            assertThat(callers.outcomes())
                    .hasSize(3)
                    .allSatisfy(outcome ->
                            assertThat(outcome.text()).contains("[CANCELLED]", "was closed while it was in use"));
            llm.answer(); // nobody hears it any more
            llm.awaitConnectionsOpen(0);
            assertThat(bench().chat(pool.resource(), "Hello").failed()).isFalse();
            assertThat(llm.connectionsOpened())
                    .as("3 old sockets, none used again")
                    .isEqualTo(4);
            assertThat(bench().figures(pool.resource()))
                    .containsEntry("active", 0L)
                    .containsEntry("destroyed", 3L)
                    .containsEntry("total", 1L);
        }
    }

    @Test
    default void flushUnderLoadEndsNoMoreCallsThanItDestroysConnections() throws Exception {
        try (Backend llm = Backend.start().slow()) {
            Pool pool = Pool.llm(asadmin(), "busy", llm.uri(), "maxpoolsize=3");
            CompletableFuture<Crowd.Outcome> crowd = crowd(pool);
            llm.awaitChats(6);

            pool.flush();

            Crowd.Outcome outcome = crowd.get(Backend.PATIENCE.toSeconds(), TimeUnit.SECONDS);
            assertThat(outcome.failures())
                    .hasSizeLessThanOrEqualTo(
                            bench().figures(pool.resource()).get("destroyed").intValue())
                    .allSatisfy(failure -> assertThat(failure.getMessage()).containsPattern("\\[(CANCELLED|CLOSED)]"));
            assertThat(outcome.done() + outcome.failures().size()).isEqualTo(6 * 10);
            Map<String, Long> figures = bench().figures(pool.resource());
            assertThat(figures)
                    .containsEntry("active", 0L)
                    .containsEntry("total", figures.get("created") - figures.get("destroyed"))
                    .containsEntry("successful", (long) outcome.done());
            llm.awaitConnectionsOpen(figures.get("total").intValue()); // no socket of before is left
            assertThat(bench().chat(pool.resource(), "Hello").failed()).isFalse();
        }
    }

    private CompletableFuture<Crowd.Outcome> crowd(Pool pool) {
        return CompletableFuture.supplyAsync(() -> {
            try {
                return Crowd.each(6, 10, () -> {
                    Outcome outcome = bench().chat(pool.resource(), "Hello");
                    if (outcome.failed()) {
                        throw new IOException(outcome.text());
                    }
                    return outcome;
                });
            } catch (Exception e) {
                throw new AssertionError(e);
            }
        });
    }

    @Test
    default void maximumCanBeChangedUnderLoad() throws Exception {
        try (Backend llm = Backend.start().hold();
                Callers callers = new Callers(this)) {
            Pool pool = Pool.llm(asadmin(), "resized", llm.uri(), "maxpoolsize=2", "maxwait=300");
            callers.chat(pool, 2);
            llm.awaitChats(2);

            pool.set("max-pool-size", 4);
            Eventually.isTrue(Backend.PATIENCE, () -> lendsOneMore(pool)); // who has begun to wait is not told
            callers.chat(pool, 2);

            llm.awaitChats(4);
            assertThat(bench().figures(pool.resource()))
                    .containsEntry("active", 4L)
                    .containsEntry("peak", 4L);

            llm.answer();
            assertThat(callers.outcomes()).hasSize(4).noneMatch(Outcome::failed);
            pool.set("max-pool-size", 1);
            Eventually.isTrue(
                    Backend.PATIENCE, () -> bench().figures(pool.resource()).get("total") == 1);
            String loan = bench().borrow(pool.resource()).text();
            assertThat(bench().chat(pool.resource(), "Hello").failed()).isTrue();
            bench().giveBack(loan);
        }
    }

    private boolean lendsOneMore(Pool pool) throws IOException, InterruptedException {
        Outcome loan = bench().borrow(pool.resource());
        if (!loan.failed()) {
            bench().giveBack(loan.text());
        }
        return !loan.failed();
    }

    /** Requests to the application that are under way at the same time. */
    final class Callers implements AutoCloseable {
        private final ExecutorService threads = Executors.newCachedThreadPool();
        private final List<CompletableFuture<Outcome>> calls = new ArrayList<>();
        private final Server server;

        Callers(Server server) {
            this.server = server;
        }

        /** Has so many more chats begun, each with a connection of its own. */
        void chat(Pool pool, int count) {
            IntStream.range(0, count).forEach(i -> calls.add(CompletableFuture.supplyAsync(() -> chat(pool), threads)));
        }

        private Outcome chat(Pool pool) {
            try {
                return server.bench().chat(pool.resource(), "Hello");
            } catch (IOException | InterruptedException e) {
                throw new AssertionError(e);
            }
        }

        /** What came of all of them. */
        List<Outcome> outcomes() {
            return calls.stream().map(CompletableFuture::join).toList();
        }

        @Override
        public void close() {
            threads.shutdownNow();
        }
    }
}
