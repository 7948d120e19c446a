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
import org.genaiconnector.tests.Eventually;
import org.genaiconnector.tests.RepeatedCalls;
import org.genaiconnector.tests.payara.TestApplicationClient.Outcome;
import org.junit.jupiter.api.Test;

/** Concurrent callers, and administration commands meanwhile. */
interface LoadChecks extends Server {

    @Test
    default void growsUnderLoadPastItsMinimumToItsMaximumAndNoFurther() throws Exception {
        try (Backend llm = Backend.start().hold();
                Callers callers = new Callers(this)) {
            Pool pool = Pool.llm(asadmin(), "growing", llm.uri(), "steadypoolsize=1", "maxpoolsize=3");
            callers.chat(pool, 5);
            llm.awaitChats(3);

            assertThat(application().figures(pool.resource())).containsEntry("active", 3L);
            llm.answer();

            assertThat(callers.outcomes()).hasSize(5).noneMatch(Outcome::failed);
            assertThat(application().figures(pool.resource()))
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
            String loan = application().borrow(pool.resource()).text();

            Outcome refused = application().chat(pool.resource(), "Hello");

            assertThat(refused.failed()).isTrue();
            assertThat(refused.text())
                    .contains("In-use connections equal max-pool-size and expired max-wait-time")
                    .startsWith("jakarta.resource.spi.ResourceAllocationException");
            assertThat(application().figures(pool.resource())).containsEntry("refused", 1L);
            application().giveBack(loan);
            assertThat(application().chat(pool.resource(), "Hello").failed()).isFalse();
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
            llm.answer(); // the callers have gone
            llm.awaitConnectionsOpen(0);
            assertThat(application().chat(pool.resource(), "Hello").failed()).isFalse();
            assertThat(llm.connectionsOpened())
                    .as("3 old sockets, none used again")
                    .isEqualTo(4);
            assertThat(application().figures(pool.resource()))
                    .containsEntry("active", 0L)
                    .containsEntry("destroyed", 3L)
                    .containsEntry("total", 1L);
        }
    }

    @Test
    default void flushUnderLoadEndsNoMoreCallsThanItDestroysConnections() throws Exception {
        try (Backend llm = Backend.start().slow()) {
            Pool pool = Pool.llm(asadmin(), "busy", llm.uri(), "maxpoolsize=3");
            CompletableFuture<RepeatedCalls.Outcome> calls = calls(pool);
            llm.awaitChats(6);

            pool.flush();

            RepeatedCalls.Outcome outcome = calls.get(Backend.PATIENCE.toSeconds(), TimeUnit.SECONDS);
            assertThat(outcome.failures())
                    .hasSizeLessThanOrEqualTo(application()
                            .figures(pool.resource())
                            .get("destroyed")
                            .intValue())
                    .allSatisfy(failure -> assertThat(failure.getMessage()).containsPattern("\\[(CANCELLED|CLOSED)]"));
            assertThat(outcome.done() + outcome.failures().size()).isEqualTo(6 * 10);
            Map<String, Long> figures = application().figures(pool.resource());
            assertThat(figures)
                    .containsEntry("active", 0L)
                    .containsEntry("total", figures.get("created") - figures.get("destroyed"))
                    .containsEntry("successful", (long) outcome.done());
            llm.awaitConnectionsOpen(figures.get("total").intValue()); // no socket of before is left
            assertThat(application().chat(pool.resource(), "Hello").failed()).isFalse();
        }
    }

    private CompletableFuture<RepeatedCalls.Outcome> calls(Pool pool) {
        return CompletableFuture.supplyAsync(() -> {
            try {
                return RepeatedCalls.each(6, 10, () -> {
                    Outcome outcome = application().chat(pool.resource(), "Hello");
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
            Eventually.isTrue(
                    Backend.PATIENCE, () -> lendsOneMore(pool)); // callers that already wait do not notice the change
            callers.chat(pool, 2);

            llm.awaitChats(4);
            assertThat(application().figures(pool.resource()))
                    .containsEntry("active", 4L)
                    .containsEntry("peak", 4L);

            llm.answer();
            assertThat(callers.outcomes()).hasSize(4).noneMatch(Outcome::failed);
            pool.set("max-pool-size", 1);
            Eventually.isTrue(
                    Backend.PATIENCE,
                    () -> application().figures(pool.resource()).get("total") == 1);
            String loan = application().borrow(pool.resource()).text();
            assertThat(application().chat(pool.resource(), "Hello").failed()).isTrue();
            application().giveBack(loan);
        }
    }

    private boolean lendsOneMore(Pool pool) throws IOException, InterruptedException {
        Outcome loan = application().borrow(pool.resource());
        if (!loan.failed()) {
            application().giveBack(loan.text());
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

        /** Begins this number of further chats, each with a connection of its own. */
        void chat(Pool pool, int count) {
            IntStream.range(0, count).forEach(i -> calls.add(CompletableFuture.supplyAsync(() -> chat(pool), threads)));
        }

        private Outcome chat(Pool pool) {
            try {
                return server.application().chat(pool.resource(), "Hello");
            } catch (IOException | InterruptedException e) {
                throw new AssertionError(e);
            }
        }

        /** Waits for the outcomes of all. */
        List<Outcome> outcomes() {
            return calls.stream().map(CompletableFuture::join).toList();
        }

        @Override
        public void close() {
            threads.shutdownNow();
        }
    }
}
