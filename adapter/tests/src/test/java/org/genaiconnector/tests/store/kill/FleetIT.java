package org.genaiconnector.tests.store.kill;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.genaiconnector.testkit.database.PostgresServer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Three application servers with one PostgreSQL and three ComfyUIs. Servers and ComfyUIs are killed and started again at random
 * while jobs are ordered: each committed job runs to its end once, and the application takes its end once. Before, without
 * kills, the servers do the same amount of work. The usual form takes two minutes, {@code -Dslow=true} more than ten; {@code
 * -Dseed=...} repeats the choices of a run, as far as the threads have the same pace.
 */
class FleetIT {
    private static final int SERVERS = 3;
    private static final int AT_ONCE = 40;
    private static final boolean SLOW = Boolean.getBoolean("slow");
    private static final int JOBS = SLOW ? 2_000 : 300;
    private static final Duration KILLING = SLOW ? Duration.ofMinutes(10) : Duration.ofSeconds(35);
    private static final int PER_CALL = 6;

    @TempDir
    private Path directory;

    private final long seed = Long.getLong("seed", System.nanoTime());
    private final String database = "fleet" + ProcessHandle.current().pid() + "_" + System.nanoTime();
    private final List<KilledServer> servers = new ArrayList<>();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final AtomicInteger serverKills = new AtomicInteger();
    private final AtomicInteger comfyUiKills = new AtomicInteger();
    private final AtomicInteger cutOff = new AtomicInteger();
    private volatile long end;

    @Test
    void everyJobOnceWhoeverIsKilled() throws Exception {
        KillDatabase.POSTGRESQL.create(database);
        try (Backends backends = new Backends()) {
            try {
                start(backends);
                String spread = spread();
                end = System.nanoTime() + KILLING.toNanos();
                together(List.of(this::order, this::killServers, () -> killComfyUis(backends)));
                judge(spread, backends);
            } finally {
                for (KilledServer server : servers) {
                    server.close();
                }
                threads.shutdownNow();
            }
        }
    }

    private void start(Backends backends) throws Exception {
        for (int i = 0; i < SERVERS; i++) {
            KilledServer server = new KilledServer(
                    KillDatabase.POSTGRESQL,
                    database,
                    directory.resolve("server" + i),
                    backends.addresses(),
                    i * 1_000_000);
            servers.add(server);
            server.start();
        }
    }

    private void together(List<Callable<Void>> tasks) throws Exception {
        for (Future<Void> each : threads.invokeAll(tasks)) {
            each.get();
        }
    }

    /** One server gets all orders. */
    private String spread() throws Exception {
        servers.get(0).order(AT_ONCE, "0.3", "commit"); // so long that the speed of a server hardly counts
        servers.get(0).awaitAllDone();
        List<Integer> tracked = new ArrayList<>();
        for (KilledServer server : servers) {
            tracked.add(server.tracked());
        }
        assertThat(tracked)
                .as("jobs of each server")
                .allSatisfy(jobs -> assertThat(jobs).isBetween(AT_ONCE * 8 / 10, AT_ONCE * 12 / 10));
        return tracked.toString();
    }

    private Void order() throws Exception {
        Random random = new Random(seed);
        int calls = (JOBS - 3 * AT_ONCE + PER_CALL - 1) / PER_CALL;
        for (int i = 0; i < calls; i++) {
            KilledServer server = servers.get(random.nextInt(SERVERS));
            try {
                server.order(PER_CALL / 3, "0." + (1 + random.nextInt(4)), "commit");
            } catch (IOException e) {
                cutOff.incrementAndGet(); // it is down, or is killed just now: the table says what it has committed
                i--;
            }
            pause(random, KILLING.dividedBy(calls));
        }
        return null;
    }

    private Void killServers() throws Exception {
        Random random = new Random(seed + 1);
        while (System.nanoTime() - end < 0) {
            pause(random, Duration.ofSeconds(3));
            KilledServer server = servers.get(random.nextInt(SERVERS));
            server.kill();
            serverKills.incrementAndGet();
            pause(random, Duration.ofSeconds(2));
            server.start();
        }
        return null;
    }

    private Void killComfyUis(Backends backends) throws Exception {
        Random random = new Random(seed + 2);
        while (System.nanoTime() - end < 0) {
            pause(random, Duration.ofSeconds(3));
            int index = random.nextInt(backends.addresses().size());
            backends.kill(index, this::haveEnded);
            comfyUiKills.incrementAndGet();
            pause(random, Duration.ofSeconds(2));
            backends.restart(index);
        }
        return null;
    }

    /** Up to twice as long. */
    private static void pause(Random random, Duration average) throws InterruptedException {
        TimeUnit.MILLISECONDS.sleep((long) (2 * average.toMillis() * random.nextDouble()));
    }

    private boolean haveEnded(Set<Integer> numbers) {
        try (Connection connection = DriverManager.getConnection(
                        PostgresServer.shared().orElseThrow().url(database));
                PreparedStatement query = connection.prepareStatement("SELECT COUNT(*) FROM kill_order o"
                        + " JOIN genai_job j ON j.id = o.job WHERE j.ended IS NOT NULL AND o.number = ANY (?)")) {
            query.setArray(1, connection.createArrayOf("int", numbers.toArray()));
            try (ResultSet rows = query.executeQuery()) {
                rows.next();
                return rows.getInt(1) == numbers.size();
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private void judge(String spread, Backends backends) throws Exception {
        Tally tally = Tally.of(servers.get(0), backends);
        for (KilledServer server : servers) {
            server.close();
        }
        System.out.printf(
                "%d application servers on PostgreSQL, seed %d: without kills they did %s jobs; then %d kills of servers, %d of"
                        + " ComfyUIs, %d calls cut off; %d jobs committed, %s%n",
                SERVERS,
                seed,
                spread,
                serverKills.get(),
                comfyUiKills.get(),
                cutOff.get(),
                tally.ordered().size(),
                tally);
        servers.forEach(server -> server.troubles().forEach(System.out::println));
        assertThat(serverKills).hasPositiveValue();
        assertThat(comfyUiKills).hasPositiveValue();
        assertThat(tally.ordered()).hasSizeGreaterThanOrEqualTo(JOBS);
        tally.requireExactlyOnce();
    }
}
