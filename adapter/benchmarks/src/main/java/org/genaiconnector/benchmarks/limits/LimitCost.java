package org.genaiconnector.benchmarks.limits;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.ToDoubleFunction;
import javax.sql.ConnectionPoolDataSource;
import org.genaiconnector.benchmarks.CallCost;
import org.genaiconnector.benchmarks.CannedServer;
import org.genaiconnector.benchmarks.ChildJvm;
import org.genaiconnector.ra.database.Database;
import org.genaiconnector.ra.llm.limits.Amount;
import org.genaiconnector.ra.llm.limits.CallKeys;
import org.genaiconnector.ra.llm.limits.LimitRows;
import org.genaiconnector.ra.llm.limits.LimitRule;
import org.genaiconnector.ra.llm.limits.Limits;
import org.genaiconnector.ra.llm.limits.LocalLimits;
import org.genaiconnector.ra.llm.limits.Measure;
import org.genaiconnector.ra.llm.limits.Reservation;
import org.genaiconnector.ra.llm.limits.Scope;
import org.genaiconnector.ra.llm.limits.SharedLimits;
import org.genaiconnector.ra.llm.store.LimitTable;
import org.genaiconnector.testkit.database.PostgresServer;
import org.h2.jdbcx.JdbcConnectionPool;
import org.h2.jdbcx.JdbcDataSource;
import org.postgresql.ds.PGConnectionPoolDataSource;

/**
 * What limits cost: whole chats with a server alone, with a target, and with three limits of it; and the same three limits without a chat, in
 * memory and in databases.
 */
public final class LimitCost {
    private static final int WARM_UP = 20_000;
    private static final int TURNS = 3;
    private static final int ROUNDS = 31;
    private static final int CALLS_PER_ROUND = 500;
    private static final int WARM_UP_DATABASE = 3_000;
    private static final int CALLS_PER_DATABASE_ROUND = 100;
    private static final long MUCH = 1_000_000_000_000L;
    private static final List<LimitRule> ONE =
            List.of(new LimitRule(Scope.MODEL, Optional.empty(), Map.of(Measure.TOKENS_PER_DAY, MUCH), false));
    private static final List<LimitRule> THREE = List.of(
            ONE.get(0),
            new LimitRule(
                    Scope.CALLER,
                    Optional.empty(),
                    Map.of(Measure.REQUESTS_PER_MINUTE, MUCH, Measure.TOKENS_PER_MINUTE, MUCH),
                    false));

    private LimitCost() {}

    /** Something that is measured. */
    private record Case(String name, int callsPerRound, Callable<?> call, List<CallCost> rounds) {
        private void warmUp(int calls) throws Exception {
            CallCost.of(calls, call);
        }

        private void measure() throws Exception {
            rounds.add(CallCost.of(callsPerRound, call));
        }

        private double median(ToDoubleFunction<CallCost> figure) {
            double[] sorted = rounds.stream().mapToDouble(figure).sorted().toArray();
            return sorted[sorted.length / 2];
        }
    }

    /** Measures, prints the tables, and leaves them in the file of the first argument. */
    public static void main(String[] arguments) throws Exception {
        StringBuilder text =
                new StringBuilder("| a chat with | elapsed | processor time | allocated |\n|---|---:|---:|---:|\n");
        chats(text);
        text.append("\n| limits, without the chat | elapsed | processor time | allocated | ways to the database |\n")
                .append("|---|---:|---:|---:|---:|\n");
        reservations(text);
        System.out.print(text);
        Files.writeString(Path.of(arguments[0]), text);
    }

    private static String figures(Case one) {
        return String.format(
                Locale.ROOT,
                "| %s | %.1f us | %.1f us | %.0f B |",
                one.name(),
                one.median(CallCost::micros),
                one.median(CallCost::cpuMicros),
                one.median(CallCost::bytes));
    }

    /** JVMs of each kind take turns. */
    private static void chats(StringBuilder text) throws IOException, InterruptedException {
        Map<LimitedChats.Kind, Case> cases = new EnumMap<>(LimitedChats.Kind.class);
        for (LimitedChats.Kind kind : LimitedChats.Kind.values()) {
            cases.put(kind, new Case(kind.words(), 0, () -> null, new ArrayList<>()));
        }
        try (CannedServer server = CannedServer.start()) {
            for (int turn = 0; turn < TURNS; turn++) {
                for (Map.Entry<LimitedChats.Kind, Case> each : cases.entrySet()) {
                    each.getValue().rounds().addAll(measured(each.getKey(), server.uri()));
                }
            }
        }
        cases.values().forEach(one -> text.append(figures(one)).append('\n'));
    }

    private static List<CallCost> measured(LimitedChats.Kind kind, URI server)
            throws IOException, InterruptedException {
        return ChildJvm.lines(System.getProperty("java.class.path"), LimitedChats.class, server.toString(), kind.name())
                .stream()
                .map(CallCost::parse)
                .toList();
    }

    private static void run(Case one, int warmUp) throws Exception {
        one.warmUp(warmUp);
        for (int round = 0; round < ROUNDS; round++) {
            one.measure();
        }
    }

    private static void reservations(StringBuilder text) throws Exception {
        Case memory = reservation("three, in memory", CALLS_PER_ROUND * 20, new LocalLimits(THREE, System::nanoTime));
        run(memory, WARM_UP * 10);
        text.append(figures(memory)).append(" 0 |\n");
        JdbcDataSource h2 = new JdbcDataSource();
        h2.setURL("jdbc:h2:mem:limits;DB_CLOSE_DELAY=-1");
        inDatabase("H2 in memory", h2, text);
        Optional<PostgresServer> server = PostgresServer.shared();
        if (server.isPresent()) {
            PGConnectionPoolDataSource postgres = new PGConnectionPoolDataSource();
            postgres.setUrl(server.get().url("postgres"));
            inDatabase("PostgreSQL on the same machine, fsync off", postgres, text);
        }
    }

    private static void inDatabase(String name, ConnectionPoolDataSource source, StringBuilder text) throws Exception {
        JdbcConnectionPool pool = JdbcConnectionPool.create(source);
        try {
            inDatabase("one, " + name, new CountingPool(pool), ONE, text);
            inDatabase("three, " + name, new CountingPool(pool), THREE, text);
        } finally {
            pool.dispose();
        }
    }

    private static void inDatabase(String name, CountingPool pool, List<LimitRule> rules, StringBuilder text)
            throws Exception {
        SharedLimits limits = new SharedLimits(
                new LimitTable(new Database(name, pool, true), name),
                new Sound(),
                "one",
                Duration.ofSeconds(15),
                System::nanoTime);
        limits.configure(rules);
        Case one = reservation(name, CALLS_PER_DATABASE_ROUND, limits);
        one.warmUp(WARM_UP_DATABASE);
        long before = pool.ways();
        run(one, 0);
        double ways = (pool.ways() - before) / (double) (ROUNDS * CALLS_PER_DATABASE_ROUND);
        text.append(figures(one)).append(String.format(Locale.ROOT, " %.1f |%n", ways));
    }

    /** What cannot be counted in the database would be measured wrongly. */
    private static final class Sound implements SharedLimits.Health {
        @Override
        public void failed(LimitRows.UnreachableException failure) {
            throw new IllegalStateException(failure);
        }

        @Override
        public void works() {
            // as it should
        }
    }

    private static Case reservation(String name, int calls, Limits limits) {
        CallKeys keys = new CallKeys("one", "gpt-test", "ONE", "", "alice");
        Amount estimate = new Amount(1_000, 0);
        Amount used = new Amount(321, 0);
        return new Case(
                name,
                calls,
                () -> {
                    ((Reservation) limits.reserve(keys, estimate)).settle(used);
                    return null;
                },
                new ArrayList<>());
    }
}
