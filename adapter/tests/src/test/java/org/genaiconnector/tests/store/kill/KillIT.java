package org.genaiconnector.tests.store.kill;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.genaiconnector.tests.store.kill.app.Moment;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The JVM of an application server is killed by SIGKILL, and started again with the same database. Counted are the prompts at the
 * ComfyUIs, what they have run, and the rows of the application: none is missing, and none is there twice.
 */
class KillIT {
    private static final int JOBS = 500;
    private static final int BATCH = 22;
    private static final int HELD = 3;

    @TempDir
    private Path directory;

    private final Set<Integer> rolledBack = new HashSet<>();

    /** When the server is killed. */
    private enum Cut {
        BEFORE_COMMIT {
            @Override
            void reach(KilledServer server, Backends backends) throws Exception {
                server.order(BATCH, "0", "commit");
                server.hold(Moment.BEFORE_COMMIT, HELD);
                for (int i = 0; i < HELD; i++) {
                    server.orderUntilKilled();
                }
                server.awaitHeld(Moment.BEFORE_COMMIT, HELD);
            }
        },
        AFTER_COMMIT {
            @Override
            void reach(KilledServer server, Backends backends) throws Exception {
                server.order(BATCH, "0.3", "commit");
                server.hold(Moment.AFTER_COMMIT, 1);
                server.orderUntilKilled();
                server.awaitHeld(Moment.AFTER_COMMIT, 1);
            }
        },
        WHILE_SENDING {
            @Override
            void reach(KilledServer server, Backends backends) throws Exception {
                server.order(BATCH - HELD, "0", "commit");
                List<Integer> before = backends.hold();
                server.order(HELD, "0", "commit");
                backends.awaitSent(before, 1);
            }
        },
        AFTER_SENDING {
            @Override
            void reach(KilledServer server, Backends backends) throws Exception {
                List<Integer> before = backends.sent();
                server.order(BATCH, "0.2", "commit");
                backends.awaitSent(before, HELD);
            }
        },
        WHILE_TRACKING {
            @Override
            void reach(KilledServer server, Backends backends) throws Exception {
                server.order(HELD, "2", "commit");
                server.order(BATCH - HELD, "0", "commit");
                server.awaitState("RUNNING", 1);
            }
        },
        WHILE_DELIVERING {
            @Override
            void reach(KilledServer server, Backends backends) throws Exception {
                server.hold(Moment.IN_BEAN, HELD);
                server.order(BATCH, "0", "commit");
                server.awaitHeld(Moment.IN_BEAN, HELD);
            }
        },
        AFTER_BEAN_COMMIT {
            @Override
            void reach(KilledServer server, Backends backends) throws Exception {
                server.hold(Moment.AFTER_BEAN_COMMIT, HELD);
                server.order(BATCH, "0", "commit");
                server.awaitHeld(Moment.AFTER_BEAN_COMMIT, HELD);
            }
        };

        /** Orders jobs, and waits until the moment has come. */
        abstract void reach(KilledServer server, Backends backends) throws Exception;
    }

    @ParameterizedTest
    @EnumSource(KillDatabase.class)
    @EnabledIfSystemProperty(named = "slow", matches = "true", disabledReason = "takes long: -Dslow=true")
    void oneMomentAfterTheOther(KillDatabase database) throws Exception {
        try (Backends backends = new Backends();
                KilledServer server = server(database, backends)) {
            for (Cut cut : Cut.values()) {
                server.start();
                rolledBack.addAll(server.order(2, "0", "rollback"));
                cut.reach(server, backends);
                kill(cut.name(), database, server, backends);
            }
            server.start();
            int missing = JOBS - server.rows("/orders").size();
            server.order((missing + 2) / 3, "0", "commit");
            judge(database, server, backends);
        }
    }

    @Test
    void allMomentsAtOnce() throws Exception {
        KillDatabase database = KillDatabase.H2;
        try (Backends backends = new Backends();
                KilledServer server = server(database, backends)) {
            server.start();
            server.order(BATCH, "0", "commit");
            server.awaitAllDone();
            server.hold(Moment.AFTER_BEAN_COMMIT, HELD);
            server.order(1, "0", "commit");
            server.awaitHeld(Moment.AFTER_BEAN_COMMIT, HELD);
            server.hold(Moment.IN_BEAN, HELD);
            server.order(1, "0", "commit");
            server.awaitHeld(Moment.IN_BEAN, HELD);
            server.order(2, "5", "commit");
            server.awaitState("RUNNING", HELD);
            List<Integer> before = backends.hold();
            server.order(2, "0", "commit");
            backends.awaitSent(before, 1);
            server.hold(Moment.AFTER_COMMIT, 1);
            server.orderUntilKilled();
            server.awaitHeld(Moment.AFTER_COMMIT, 1);
            server.hold(Moment.BEFORE_COMMIT, HELD);
            for (int i = 0; i < HELD; i++) {
                server.orderUntilKilled();
            }
            server.awaitHeld(Moment.BEFORE_COMMIT, HELD);
            rolledBack.addAll(server.order(2, "0", "rollback"));
            kill("all moments", database, server, backends);

            server.start();
            server.order(BATCH, "0", "commit");
            judge(database, server, backends);
        }
    }

    private KilledServer server(KillDatabase database, Backends backends) throws Exception {
        String name = "kill" + ProcessHandle.current().pid() + "_" + System.nanoTime();
        database.create(name);
        return new KilledServer(database, name, directory, backends.addresses(), 0);
    }

    private static void kill(String moment, KillDatabase database, KilledServer server, Backends backends)
            throws Exception {
        String states = server.states().toString();
        server.kill();
        backends.release();
        System.out.printf("%s, killed %s: %s%n", database, moment, states);
    }

    private void judge(KillDatabase database, KilledServer server, Backends backends) throws Exception {
        Tally tally = Tally.of(server, backends);
        List<Integer> arrived = backends.arrived();
        server.close();
        System.out.printf(
                "%s: %d jobs committed, %d rolled back; prompts %d, %s%n",
                database, tally.ordered().size(), rolledBack.size(), arrived.size(), tally);
        server.troubles().forEach(System.out::println);
        tally.requireExactlyOnce();
        assertThat(tally.ordered()).doesNotContainAnyElementsOf(rolledBack);
        assertThat(arrived).containsExactlyInAnyOrderElementsOf(tally.ordered());
    }
}
