package org.genaiconnector.ra.llm.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.genaiconnector.ra.comfyui.store.TestDatabase;
import org.genaiconnector.ra.comfyui.store.TestSource;
import org.genaiconnector.ra.database.Database;
import org.genaiconnector.ra.llm.limits.Amount;
import org.genaiconnector.ra.llm.limits.CallKeys;
import org.genaiconnector.ra.llm.limits.Decision;
import org.genaiconnector.ra.llm.limits.LimitFigure;
import org.genaiconnector.ra.llm.limits.LimitRows;
import org.genaiconnector.ra.llm.limits.LimitRule;
import org.genaiconnector.ra.llm.limits.Measure;
import org.genaiconnector.ra.llm.limits.Refusal;
import org.genaiconnector.ra.llm.limits.Reservation;
import org.genaiconnector.ra.llm.limits.Scope;
import org.genaiconnector.ra.llm.limits.SharedLimits;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Limits of several application servers in one database, whose clock the test turns. */
@ParameterizedClass
@EnumSource(TestDatabase.class)
class SharedLimitsTest {
    private static final Duration LEASE = Duration.ofSeconds(15);
    private static final CallKeys ALICE = keys("fast", "alice");
    private static final CallKeys BOB = keys("fast", "bob");
    private static final CallKeys ANOTHER = keys("best", "carol");
    private static final Amount CALL = new Amount(100, 0);

    private final TestDatabase database;
    private final String url;

    /** Of the database, in milliseconds. */
    private final AtomicLong clock = new AtomicLong(1_764_600_000_000L);

    private final List<Server> servers = new ArrayList<>();

    SharedLimitsTest(TestDatabase database) throws SQLException {
        this.database = database;
        this.url = database.empty();
    }

    @AfterEach
    void removeDatabase() throws SQLException {
        for (Server server : servers) {
            server.source.close();
        }
        database.remove(url);
    }

    /** An application server. */
    private final class Server implements SharedLimits.Health {
        private final TestSource source = new TestSource(database, url);
        private final AtomicLong nanos;
        private final SharedLimits limits;
        private final List<String> failures = new CopyOnWriteArrayList<>();

        /** @param skew of its own clock */
        private Server(String name, Duration skew, LimitRule... rules) {
            nanos = new AtomicLong(skew.toNanos());
            LimitTable table = new LimitTable(new Database("jdbc/limits", source, true), "/etc/targets.json");
            limits = new SharedLimits(new Turned(table), this, name, LEASE, nanos::get);
            limits.configure(List.of(rules));
            servers.add(this);
        }

        @Override
        public void failed(LimitRows.UnreachableException failure) {
            failures.add(failure.getMessage());
        }

        @Override
        public void works() {
            failures.clear();
        }

        private Decision ask(CallKeys keys) {
            return limits.reserve(keys, CALL);
        }

        private void call(CallKeys keys) {
            granted(ask(keys)).settle(CALL);
        }
    }

    /** The table with the clock of the test. */
    private final class Turned implements LimitRows {
        private final LimitRows rows;

        private Turned(LimitRows rows) {
            this.rows = rows;
        }

        @Override
        public Seen read(Collection<Key> keys) throws UnreachableException {
            return new Seen(clock.get(), rows.read(keys).rows());
        }

        @Override
        public Seen readAll(int most) throws UnreachableException {
            return new Seen(clock.get(), rows.readAll(most).rows());
        }

        @Override
        public boolean write(List<Row> changed) throws UnreachableException {
            return rows.write(changed);
        }

        @Override
        public void purge() throws UnreachableException {
            rows.purge();
        }
    }

    private Server server(String name, LimitRule... rules) {
        return new Server(name, Duration.ZERO, rules);
    }

    private static CallKeys keys(String model, String caller) {
        return new CallKeys("openai", model, "KEY", "board", caller);
    }

    private static LimitRule each(Scope scope, Measure measure, long most) {
        return new LimitRule(scope, Optional.empty(), Map.of(measure, most), false);
    }

    private static Reservation granted(Decision decision) {
        assertThat(decision).isInstanceOf(Reservation.class);
        return (Reservation) decision;
    }

    private static Refusal refused(Decision decision) {
        assertThat(decision).isInstanceOf(Refusal.class);
        return (Refusal) decision;
    }

    private void turn(Duration time) {
        clock.addAndGet(time.toMillis());
        servers.forEach(server -> server.nanos.addAndGet(time.toNanos()));
    }

    private long rows() throws SQLException {
        Connection connection = database.connect(url);
        try (PreparedStatement statement = connection.prepareStatement("SELECT COUNT(*) FROM genai_limit");
                ResultSet row = statement.executeQuery()) {
            row.next();
            return row.getLong(1);
        } finally {
            database.release(connection);
        }
    }

    @Test
    void allCountTogether() {
        LimitRule rule = each(Scope.CALLER, Measure.REQUESTS_PER_MINUTE, 2);
        Server a = server("a", rule);
        Server b = server("b", rule);
        a.call(ALICE);
        turn(Duration.ofSeconds(20));
        b.call(ALICE);
        turn(Duration.ofSeconds(10));
        Refusal refusal = refused(a.ask(ALICE));
        assertThat(refusal.failure().getMessage())
                .startsWith("The limit of 2 requestsPerMinute for caller alice is used up; it opens again in ");
        refused(b.ask(ALICE));
        a.call(BOB);
        assertThat(b.limits.figures())
                .extracting(LimitFigure::name, LimitFigure::used)
                .containsExactlyInAnyOrder(
                        org.assertj.core.groups.Tuple.tuple("alice", 2L),
                        org.assertj.core.groups.Tuple.tuple("bob", 1L));
        turn(refusal.opens().orElseThrow());
        b.call(ALICE);
    }

    @Test
    void whatOneGivesBackIsRoomForOthers() {
        LimitRule rule = each(Scope.MODEL, Measure.TOKENS_PER_MINUTE, 1_000);
        Server a = server("a", rule);
        Server b = server("b", rule);
        Reservation large = granted(a.limits.reserve(ALICE, new Amount(950, 0)));
        assertThat(refused(b.ask(BOB)).opens()).isEmpty(); // may open at any time
        large.settle(new Amount(300, 0));
        large.settle(new Amount(950, 0)); // a second settlement does nothing
        granted(b.limits.reserve(BOB, new Amount(700, 0))).cancel();
        granted(a.limits.reserve(BOB, new Amount(700, 0)));
        refused(b.ask(BOB));
    }

    @Test
    void callsUnderWayOfADeadOneAreReleased() {
        LimitRule rule = each(Scope.TARGET, Measure.CONCURRENT_CALLS, 2);
        Server dead = server("dead", rule);
        Server b = server("b", rule);
        granted(dead.ask(ALICE));
        Reservation late = granted(dead.ask(ALICE));
        refused(b.ask(BOB));
        turn(LEASE.minusSeconds(1));
        dead.limits.renew();
        turn(LEASE.minusSeconds(1));
        refused(b.ask(BOB));
        turn(Duration.ofSeconds(2));
        Reservation one = granted(b.ask(BOB));
        granted(b.ask(BOB));
        refused(b.ask(BOB));
        late.settle(CALL); // it was suspended only: takes nothing from others
        refused(b.ask(BOB));
        one.settle(CALL);
        granted(dead.ask(BOB));
    }

    @Test
    void namesAreToldApart() throws SQLException {
        Server a = server("a", each(Scope.CALLER, Measure.REQUESTS_PER_MINUTE, 1));
        List<String> names = List.of(
                "",
                " ",
                "alice",
                "Alice",
                "alice ",
                "ä",
                "a".repeat(300),
                "a".repeat(301),
                "\0x",
                "?",
                "\ud800",
                "\ud801",
                "\ud83d\ude00".repeat(150),
                "\ufffd");
        names.forEach(name -> a.call(keys("fast", name)));
        names.forEach(name -> refused(a.ask(keys("fast", name))));
        assertThat(rows()).isEqualTo(names.size());
        assertThat(a.limits.figures()).hasSize(names.size());
    }

    @Test
    void hoursAndDaysPass() {
        long budget = 1_000;
        LimitRule[] rules = {
            each(Scope.APPLICATION, Measure.TOKENS_PER_HOUR, budget),
            each(Scope.KEY, Measure.TOKENS_PER_DAY, 5 * budget)
        };
        List<Server> all = List.of(server("a", rules), server("b", rules), server("c", rules));
        long day = 0;
        for (int hour = 0; hour < 24; hour++) {
            long spent = 0;
            while (all.get((int) (spent / 100 % 3)).ask(ALICE) instanceof Reservation reservation) {
                reservation.settle(CALL);
                spent += CALL.tokens();
            }
            assertThat(spent).isEqualTo(hour < 5 ? budget : 0);
            day += spent;
            turn(Duration.ofMinutes(61));
        }
        assertThat(day).isEqualTo(5 * budget);
        turn(Duration.ofMinutes(30));
        all.get(1).call(ALICE);
    }

    @Test
    void neitherAClockThatGoesBackNorOneOfItsOwnCounts() {
        LimitRule rule = each(Scope.CALLER, Measure.REQUESTS_PER_MINUTE, 2);
        Server a = server("a", rule);
        Server b = new Server("b", Duration.ofDays(400), rule);
        a.call(ALICE);
        clock.addAndGet(-Duration.ofHours(1).toMillis());
        b.call(ALICE);
        refused(a.ask(ALICE));
        b.nanos.addAndGet(Duration.ofHours(3).toNanos());
        refused(b.ask(ALICE));
        turn(Duration.ofMinutes(62));
        a.call(ALICE);
    }

    @Test
    void nothingIsDoneInTheCallersTransaction() throws SQLException {
        Server a = server("a", each(Scope.CALLER, Measure.REQUESTS_PER_MINUTE, 1));
        a.source.begin();
        a.call(ALICE);
        a.source.rollback();
        refused(a.ask(ALICE));
        assertThat(rows()).isEqualTo(1);
    }

    @Test
    void withoutTheDatabaseEachCountsByItself() {
        LimitRule requests = each(Scope.CALLER, Measure.REQUESTS_PER_MINUTE, 10);
        LimitRule calls = each(Scope.TARGET, Measure.CONCURRENT_CALLS, 2);
        Server a = server("a", requests, calls);
        Server b = server("b", requests, calls);
        for (int i = 0; i < 4; i++) {
            b.call(ALICE);
        }
        a.call(ALICE);
        Reservation across = granted(a.ask(ALICE)); // a knows of 6
        a.source.down(true);
        for (int i = 0; i < 3; i++) {
            a.call(ALICE);
        }
        Reservation last = granted(a.ask(ALICE));
        refused(a.ask(ALICE));
        assertThat(a.failures).singleElement().asString().startsWith("Job store jdbc/limits, reading limits: ");
        across.settle(CALL);
        a.source.down(false);
        refused(a.ask(ALICE)); // it does not try with every call

        turn(Duration.ofSeconds(3));
        refused(a.ask(ALICE)); // here again, with 4 calls to be added
        assertThat(a.failures).isEmpty();
        b.call(BOB);
        last.settle(CALL);
        refused(b.ask(ALICE));
        assertThat(b.limits.figures())
                .filteredOn(figure -> figure.name().equals("alice"))
                .extracting(LimitFigure::used)
                .containsExactly(10L);
        granted(b.ask(BOB));
        granted(a.ask(BOB));
        refused(b.ask(BOB));
    }

    @Test
    void rowsThatCountNoMoreAreDeleted() throws SQLException {
        Server a = server("a", each(Scope.CALLER, Measure.REQUESTS_PER_MINUTE, 1));
        clock.set(1_000_000_000_000L); // long before the database's own
        a.call(ALICE);
        assertThat(rows()).isEqualTo(1);
        a.limits.purge();
        assertThat(rows()).isZero();
        a.call(ALICE);
    }

    @Test
    void aRowThatWasDeletedIsNotWrittenOver() throws Exception {
        LimitTable table = new LimitTable(new Database("jdbc/limits", server("a").source, true), "/etc/targets.json");
        LimitRows.Key key = new LimitRows.Key(Scope.CALLER, "alice");
        assertThat(table.write(List.of(new LimitRows.Row(key, 0, "1", 1_000)))).isTrue();
        LimitRows.Row old = table.read(List.of(key)).rows().get(0);
        table.purge();
        assertThat(table.write(List.of(new LimitRows.Row(key, 0, "1", 70_000)))).isTrue();
        assertThat(table.write(List.of(new LimitRows.Row(key, 0, "1", 80_000)))).isFalse(); // it is there
        assertThat(table.write(List.of(new LimitRows.Row(key, old.version(), "1", 90_000))))
                .isFalse();
        assertThat(table.write(table.read(List.of(key)).rows())).isTrue();
    }

    @Test
    void aClockThatWasAYearAheadStopsNothingForAYear() {
        Server a = server("a", each(Scope.CALLER, Measure.REQUESTS_PER_MINUTE, 1));
        long right = clock.get();
        clock.addAndGet(Duration.ofDays(365).toMillis());
        a.call(ALICE);
        clock.set(right);
        refused(a.ask(ALICE)); // it happened a moment ago
        turn(Duration.ofSeconds(61));
        a.call(ALICE);
    }

    @Test
    void aBudgetIsOverdrawnByOneCallAtMost() {
        long budget = Amount.picos(BigDecimal.ONE);
        LimitRule rule = each(Scope.KEY, Measure.COST_PER_DAY, budget);
        List<Server> all = List.of(server("a", rule), server("b", rule), server("c", rule));
        long spent = 0;
        long call = budget / 7;
        for (int i = 0; all.get(i % 3).limits.reserve(ALICE, new Amount(1, 1)) instanceof Reservation one; i++) {
            one.settle(new Amount(1, call));
            spent += call;
        }
        assertThat(spent).isBetween(budget, budget + call);
    }

    @Test
    void manyThreadsOfAllTogetherExceedNoLimit() throws Exception {
        long most = 60;
        LimitRule[] rules = {
            each(Scope.CALLER, Measure.REQUESTS_PER_MINUTE, most),
            new LimitRule(Scope.MODEL, Optional.of("fast"), Map.of(Measure.CONCURRENT_CALLS, 5L), false)
        };
        List<Server> all = List.of(server("a", rules), server("b", rules), server("c", rules));
        AtomicInteger granted = new AtomicInteger();
        AtomicInteger underWay = new AtomicInteger();
        AtomicInteger highest = new AtomicInteger();
        CountDownLatch two = new CountDownLatch(2);
        inParallel(12, thread -> {
            Server server = all.get(thread % 3);
            for (boolean open = true; open; ) {
                Decision decision = server.ask(ALICE);
                if (decision instanceof Reservation reservation) {
                    granted.incrementAndGet();
                    highest.accumulateAndGet(underWay.incrementAndGet(), Math::max);
                    two.countDown();
                    two.await();
                    server.ask(ANOTHER); // takes as long as others need
                    underWay.decrementAndGet();
                    reservation.settle(CALL);
                }
                open = !(decision instanceof Refusal refusal) || refusal.measure() == Measure.CONCURRENT_CALLS;
            }
        });
        assertThat(granted.get()).isEqualTo((int) most);
        assertThat(highest.get()).isBetween(2, 5);
        assertThat(all).allSatisfy(server -> assertThat(server.failures).isEmpty());
    }

    private interface Part {
        void run(int thread) throws Exception;
    }

    private static void inParallel(int threads, Part part) throws Exception {
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        try {
            List<Future<?>> all = new ArrayList<>();
            for (int i = 0; i < threads; i++) {
                int thread = i;
                all.add(pool.submit(() -> {
                    part.run(thread);
                    return null;
                }));
            }
            for (Future<?> each : all) {
                each.get(60, TimeUnit.SECONDS);
            }
        } finally {
            pool.shutdown();
        }
    }

    /** A call that was let through. */
    private record Call(long at, String model, String caller, long tokens, long picos) {}

    private record Running(long end, Reservation reservation, Call call) {}

    /**
     * 200 callers of three principals and two models, at three application servers, one of which has a clock that is wrong and too
     * fast. The clock of the database is turned while they wait.
     */
    @Test
    void inNoMinuteAreThereMoreThanTheLimitsAllow() throws Exception {
        long requests = 100;
        long tokens = 5_000;
        long perToken = 1_000_000; // 1 for a million tokens
        long budget = Amount.picos(new BigDecimal("0.011"));
        LimitRule[] rules = {
            each(Scope.MODEL, Measure.TOKENS_PER_MINUTE, tokens),
            each(Scope.CALLER, Measure.REQUESTS_PER_MINUTE, requests),
            each(Scope.KEY, Measure.COST_PER_HOUR, budget)
        };
        List<Server> all =
                List.of(server("a", rules), server("b", rules), new Server("c", Duration.ofDays(-90), rules));
        List<String> principals = List.of("alice", "bob", "carol");
        int callers = 200;
        int threads = 6;
        long most = 100;
        Queue<Call> calls = new ConcurrentLinkedQueue<>();
        Queue<Running> running = new ConcurrentLinkedQueue<>();
        for (int step = 0; step < 45; step++) {
            int round = step;
            inParallel(threads, thread -> {
                Random random = new Random(round * 31L + thread);
                for (Running one = running.poll(); one != null; one = running.poll()) {
                    if (one.end() > clock.get()) {
                        running.add(one);
                        break;
                    }
                    one.reservation()
                            .settle(new Amount(one.call().tokens(), one.call().picos()));
                }
                for (int caller = thread; caller < callers; caller += threads) {
                    if (random.nextInt(10) == 0) {
                        CallKeys keys = keys(caller % 2 == 0 ? "fast" : "best", principals.get(caller % 3));
                        Decision decision =
                                all.get(caller / 2 % 3).limits.reserve(keys, new Amount(most, most * perToken));
                        if (decision instanceof Reservation reservation) {
                            long used = 1 + random.nextInt((int) most);
                            Call call = new Call(clock.get(), keys.model(), keys.caller(), used, used * perToken);
                            calls.add(call);
                            running.add(new Running(clock.get() + random.nextInt(5_000), reservation, call));
                        }
                    }
                }
            });
            turn(Duration.ofMillis(2_137));
            all.get(2).nanos.addAndGet(Duration.ofSeconds(5).toNanos());
        }
        running.forEach(one -> one.reservation()
                .settle(new Amount(one.call().tokens(), one.call().picos())));
        assertThat(all).allSatisfy(server -> assertThat(server.failures).isEmpty());
        long fullest = 0;
        for (Call last : calls) {
            List<Call> within = calls.stream()
                    .filter(call -> call.at() <= last.at() && call.at() > last.at() - 60_000)
                    .toList();
            assertThat(within.stream().filter(call -> call.caller().equals(last.caller())))
                    .hasSizeLessThanOrEqualTo((int) requests);
            long used = within.stream()
                    .filter(call -> call.model().equals(last.model()))
                    .mapToLong(Call::tokens)
                    .sum();
            assertThat(used).isLessThanOrEqualTo(tokens);
            fullest = Math.max(fullest, used);
        }
        long spent = calls.stream().mapToLong(Call::picos).sum();
        assertThat(fullest).isGreaterThanOrEqualTo(tokens * 98 / 100);
        long counted = all.get(0).limits.figures().stream()
                .filter(figure -> figure.measure() == Measure.COST_PER_HOUR)
                .mapToLong(LimitFigure::used)
                .sum();
        assertThat(counted).isEqualTo(spent);
        assertThat(spent).isBetween(budget * 98 / 100, budget);
    }
}
