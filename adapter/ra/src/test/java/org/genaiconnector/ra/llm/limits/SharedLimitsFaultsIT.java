package org.genaiconnector.ra.llm.limits;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.awaitility.Awaitility;
import org.genaiconnector.ra.comfyui.store.TestDatabase;
import org.genaiconnector.ra.comfyui.store.TestSource;
import org.genaiconnector.ra.database.Database;
import org.genaiconnector.ra.llm.store.LimitTable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** A database of limits that is gone, hangs, or breaks off: what was used may count twice, but never not at all. */
@ParameterizedClass
@EnumSource(TestDatabase.class)
class SharedLimitsFaultsIT {
    private static final Duration LEASE = Duration.ofSeconds(15);
    private static final Amount ESTIMATE = new Amount(100, 0);
    private static final Amount USED = new Amount(40, 0);
    private static final CallKeys ALICE = keys("alice");
    private static final LimitRule CALLS = each(Scope.TARGET, Measure.CONCURRENT_CALLS, 2);
    private static final LimitRule TOKENS = each(Scope.CALLER, Measure.TOKENS_PER_DAY, 10_000);

    private final TestDatabase database;
    private final String url;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final List<Server> servers = new ArrayList<>();

    SharedLimitsFaultsIT(TestDatabase database) throws SQLException {
        this.database = database;
        this.url = database.empty();
    }

    @AfterEach
    void removeDatabase() throws Exception {
        threads.shutdown();
        assertThat(threads.awaitTermination(30, TimeUnit.SECONDS)).isTrue();
        for (Server server : servers) {
            server.source.close();
        }
        database.remove(url);
    }

    /** An application server, whose reads the test can hold. */
    private final class Server implements SharedLimits.Health, LimitRows {
        private final TestSource source = new TestSource(database, url);
        private final AtomicLong nanos = new AtomicLong();
        private final LimitRows table = new LimitTable(new Database("jdbc/limits", source, true), "/etc/targets.json");
        private final List<String> failures = new CopyOnWriteArrayList<>();
        private final Semaphore reads = new Semaphore(1_000_000);
        private final SharedLimits limits;
        private volatile Runnable afterRead = () -> {};

        private Server(String name, Duration patience, LimitRule... rules) {
            limits = new SharedLimits(this, this, name, LEASE, patience, nanos::get);
            limits.configure(List.of(rules));
            servers.add(this);
        }

        @Override
        public void failed(UnreachableException failure) {
            failures.add(failure.getMessage());
        }

        @Override
        public void works() {
            failures.clear();
        }

        @Override
        public Seen read(Collection<Key> keys) throws UnreachableException {
            reads.acquireUninterruptibly();
            Seen seen = table.read(keys);
            afterRead.run();
            return seen;
        }

        @Override
        public Seen readAll(int most) throws UnreachableException {
            return table.readAll(most);
        }

        @Override
        public boolean write(List<Row> rows) throws UnreachableException {
            return table.write(rows);
        }

        @Override
        public void purge() throws UnreachableException {
            table.purge();
        }

        private Decision ask(CallKeys keys) {
            return limits.reserve(keys, ESTIMATE);
        }

        private void comesBack() {
            nanos.addAndGet(Duration.ofSeconds(3).toNanos());
            limits.renew();
            assertThat(failures).isEmpty();
        }

        /** As all application servers see it. */
        private long used(Measure measure) {
            nanos.addAndGet(Duration.ofSeconds(2).toNanos());
            return limits.figures().stream()
                    .filter(figure -> figure.measure() == measure)
                    .mapToLong(LimitFigure::used)
                    .sum();
        }
    }

    private Server server(String name, LimitRule... rules) {
        return new Server(name, Duration.ofSeconds(60), rules);
    }

    private static CallKeys keys(String caller) {
        return new CallKeys("openai", "fast", "KEY", "board", caller);
    }

    private static LimitRule each(Scope scope, Measure measure, long most) {
        return new LimitRule(scope, Optional.empty(), Map.of(measure, most), false);
    }

    private static Reservation granted(Decision decision) {
        assertThat(decision).isInstanceOf(Reservation.class);
        return (Reservation) decision;
    }

    /** Two calls at once, one of which is never made, with a connection that breaks once. */
    @Test
    void brokenAtEachStatement() {
        server("first", TOKENS).ask(keys("bob")); // makes the tables
        boolean broken = true;
        for (int step = 1; broken; step++) {
            for (TestSource.When when : TestSource.When.values()) {
                CallKeys caller = keys("caller " + step + when);
                Server a = server("a" + step + when, CALLS, each(Scope.CALLER, Measure.TOKENS_PER_DAY, 10_000));
                Server b = server("b" + step + when, CALLS, TOKENS);
                granted(a.ask(keys("x"))).settle(USED); // has looked at the tables
                a.source.breakAt(step, when);
                Reservation call = granted(a.ask(caller));
                Reservation other = granted(a.ask(caller));
                call.settle(USED);
                other.cancel();
                broken = !a.source.isPlanned();
                a.comesBack();

                long used = b.limits.figures().stream()
                        .filter(figure -> figure.name().equals(caller.caller()))
                        .mapToLong(LimitFigure::used)
                        .sum();
                assertThat(used)
                        .as("step %d %s", step, when)
                        .isBetween(USED.tokens(), USED.tokens() + 2 * ESTIMATE.tokens());
                assertThat(used == USED.tokens() || broken).isTrue();
                granted(b.ask(caller)).settle(USED);
                Reservation one = granted(b.ask(caller));
                granted(b.ask(caller)).settle(USED); // nothing is held by what has ended
                one.settle(USED);
            }
        }
    }

    @Test
    void othersGoOnWhileOneGetsNoAnswer() throws Exception {
        Server a = new Server("a", Duration.ofMillis(50), CALLS, TOKENS);
        Reservation first = granted(a.ask(ALICE));
        Reservation second = granted(a.ask(ALICE));
        a.reads.drainPermits();
        Future<?> hanging = threads.submit(() -> first.settle(USED));
        Awaitility.await().until(a.reads::hasQueuedThreads);

        granted(a.ask(ALICE)).settle(USED);
        assertThat(a.failures).containsExactly("The database has not answered within 50 ms");
        a.nanos.addAndGet(Duration.ofSeconds(10).toNanos());
        second.settle(USED);
        Reservation third = granted(a.ask(ALICE)); // at once, although it is time for another try
        Reservation fourth = granted(a.ask(ALICE));
        assertThat(a.ask(ALICE)).isInstanceOf(Refusal.class); // two are under way
        assertThat(a.failures).hasSize(1);
        third.settle(USED);

        a.reads.release(1_000_000);
        hanging.get(30, TimeUnit.SECONDS);
        a.comesBack();
        fourth.settle(USED);
        Server b = server("b", CALLS, TOKENS);
        assertThat(b.used(Measure.TOKENS_PER_DAY)).isEqualTo(5 * USED.tokens());
        granted(b.ask(ALICE));
        granted(b.ask(ALICE));
    }

    @Test
    void nobodyWorksForOthersWhenHisOwnCallMayGo() throws Exception {
        Server a = server("a", TOKENS);
        a.reads.drainPermits();
        Future<Decision> first = threads.submit(() -> a.ask(ALICE));
        Awaitility.await().until(a.reads::hasQueuedThreads);
        Future<Decision> second = threads.submit(() -> a.ask(keys("bob")));
        Awaitility.await().until(a.limits::isAwaited);
        a.reads.release();
        granted(first.get(30, TimeUnit.SECONDS));
        a.reads.release(1_000);
        granted(second.get(30, TimeUnit.SECONDS));
    }

    @Test
    void whatManyCallersHaveUsedMeanwhileIsAdded() {
        Server a = server("a", TOKENS);
        granted(a.ask(ALICE)).settle(USED);
        a.source.down(true);
        int callers = 700;
        for (int i = 0; i < callers; i++) {
            granted(a.ask(keys("caller " + i))).settle(USED);
        }
        a.source.down(false);
        a.comesBack();
        assertThat(server("b", TOKENS).used(Measure.TOKENS_PER_DAY)).isEqualTo((callers + 1) * USED.tokens());
    }

    @Test
    void rulesThatChangeBetweenReadAndWriteCountRightAway() {
        Server a = server("a", TOKENS);
        LimitRule key = each(Scope.KEY, Measure.TOKENS_PER_HOUR, 1_000);
        a.afterRead = () -> a.limits.configure(List.of(TOKENS, key));
        granted(a.ask(ALICE)).settle(USED);
        Server b = server("b", key);
        assertThat(b.used(Measure.TOKENS_PER_HOUR)).isEqualTo(USED.tokens());
    }

    @Test
    void manyAtOnceOfManyCallers() throws Exception {
        Server a = server("a", TOKENS, CALLS);
        a.reads.drainPermits();
        int callers = 250;
        CountDownLatch asked = new CountDownLatch(callers);
        List<Future<Decision>> all = new ArrayList<>();
        for (int i = 0; i < callers; i++) {
            CallKeys keys = new CallKeys("target " + i, "fast", "KEY", "board", "caller " + i);
            all.add(threads.submit(() -> {
                asked.countDown();
                return a.ask(keys);
            }));
        }
        asked.await();
        a.reads.release(1_000);
        for (Future<Decision> each : all) {
            granted(each.get(60, TimeUnit.SECONDS)).settle(USED);
        }
        assertThat(a.used(Measure.TOKENS_PER_DAY)).isEqualTo(callers * USED.tokens());
        assertThat(a.used(Measure.CONCURRENT_CALLS)).isZero();
        assertThat(a.failures).isEmpty();
    }
}
