package org.genaiconnector.ra.toy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jakarta.resource.ResourceException;
import jakarta.resource.spi.ManagedConnection;
import jakarta.resource.spi.SecurityException;
import java.net.URI;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.genaiconnector.FailureCategory;
import org.genaiconnector.GenAiException;
import org.genaiconnector.ra.GenAiResourceAdapter;
import org.genaiconnector.ra.TestContainer;
import org.genaiconnector.ra.connection.TestPool;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("One factory, several backends")
class SeveralEndpointsTest {
    private final GenAiResourceAdapter adapter = new GenAiResourceAdapter();
    private final TestPool pool = new TestPool(12);
    private final ToyManagedConnectionFactory managed = new ToyManagedConnectionFactory();
    private final ToyServer one = new ToyServer();
    private final ToyServer two = new ToyServer();
    private final ToyServer three = new ToyServer();
    private final ToyConnectionFactory factory = managed.createConnectionFactory(pool);

    @BeforeEach
    void deploy() {
        adapter.start(new TestContainer());
        managed.setResourceAdapter(adapter);
        managed.setMaxRetries(0);
        use(one.uri() + "|name=one", two.uri() + "|name=two", three.uri() + "|name=three");
    }

    private void use(String... addresses) {
        managed.setServerUrl(String.join(", ", addresses));
    }

    @AfterEach
    void undeploy() {
        adapter.stop();
        Stream.of(one, two, three).forEach(ToyServer::close);
    }

    private static int requests(ToyServer server) {
        return server.authorizations().size();
    }

    private List<ToyConnection> borrow(int count) throws ResourceException {
        List<ToyConnection> borrowed = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            borrowed.add(factory.getConnection());
        }
        return borrowed;
    }

    private Set<ManagedConnection> connections(int count) throws ResourceException {
        Set<ManagedConnection> made = new HashSet<>();
        for (int i = 0; i < count; i++) {
            made.add(managed.createManagedConnection(null, null));
        }
        return made;
    }

    @Test
    void spreadsConnectionsByWeight() throws Exception {
        managed.setProbeOnCreate(false);
        use(one.uri() + "|weight=3", two.uri() + "", three.uri() + "|weight=2");
        for (ToyConnection connection : borrow(12)) {
            connection.capitals("x");
        }
        assertThat(List.of(requests(one), requests(two), requests(three))).containsExactly(6, 2, 4);
    }

    @Test
    @DisplayName("a dead backend does not empty the pool for the others: validation judges a connection's own backend")
    void invalidatesOnlyConnectionsToTheDeadBackend() throws Exception {
        managed.setProbeOnCreate(false);
        Set<ManagedConnection> all = connections(6);
        Set<ManagedConnection> atTwo =
                all.stream().filter(connection -> isAt(two, connection)).collect(Collectors.toSet());
        assertThat(atTwo).hasSize(2);
        two.close();
        Set<Object> invalid = new HashSet<>();
        long start = System.nanoTime();
        while (!invalid.equals(atTwo) && System.nanoTime() - start < TimeUnit.SECONDS.toNanos(30)) {
            invalid = managed.getInvalidConnections(all); // one that was just used is not asked for
            assertThat(invalid).isSubsetOf(atTwo);
        }
        assertThat(invalid).isEqualTo(atTwo);
    }

    private static boolean isAt(ToyServer server, ManagedConnection connection) {
        try {
            int before = requests(server);
            ((ToyConnection) connection.getConnection(null, null)).capitals("where?");
            connection.cleanup();
            return requests(server) > before;
        } catch (ResourceException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void makesConnectionsWhileABackendIsDown() throws Exception {
        one.close();
        for (ToyConnection connection : borrow(6)) {
            assertThat(connection.capitals("x")).isEqualTo("X");
        }
        assertThat(List.of(requests(two) > 2, requests(three) > 2)).containsExactly(true, true);
        assertThat(managed.statistics().borrowing().refused()).isZero();
    }

    @Test
    void namesEachBackendWhenAllAreDown() {
        one.close();
        two.answerWith(404);
        three.close();
        assertThatThrownBy(() -> factory.getConnection())
                .isInstanceOfSatisfying(
                        GenAiException.class, e -> assertThat(e.category()).isEqualTo(FailureCategory.UNAVAILABLE))
                .hasMessageContaining("None of the 3 backends can be used")
                .hasMessageContaining("one: Toy at " + one.uri())
                .hasMessageContaining("two: Toy at " + two.uri())
                .hasMessageContaining("serverUrl leads to no service of this kind")
                .hasMessageContaining("three: Toy at " + three.uri());
        assertThat(managed.statistics().connections().total()).isZero();
    }

    @Test
    void saysThatAllRefuseTheCredentials() {
        Stream.of(one, two, three).forEach(server -> server.answerWith(401));
        assertThatThrownBy(() -> factory.getConnection()).isInstanceOf(SecurityException.class);
    }

    @Test
    void sendsEachBackendItsOwnCredentials() throws Exception {
        managed.setApiKey("of-all");
        managed.setServerCredentials("K1=of-two,K3=anna:secret");
        use(one.uri() + "", two.uri() + "|credentials=K1", three.uri() + "|credentials=K3");
        for (ToyConnection connection : borrow(3)) {
            connection.capitals("x");
        }
        assertThat(one.authorizations()).containsOnly("Bearer of-all");
        assertThat(two.authorizations()).containsOnly("Bearer of-two");
        assertThat(three.authorizations()).allMatch(header -> header.startsWith("Basic "));
    }

    @Test
    @DisplayName("a connection is at one backend at a time, and goes to another one for a call that needs it")
    void movesForACall() throws Exception {
        managed.setProbeOnCreate(false);
        try (ToyConnection connection = factory.getConnection()) {
            for (ToyServer server : List.of(three, one, two, one)) {
                assertThat(connection.capitalsAt(server.uri(), "x")).isEqualTo("X");
            }
            assertThat(List.of(requests(one), requests(two), requests(three))).containsExactly(2, 1, 1);
            assertThat(connection.capitals("stays")).isEqualTo("STAYS");
            assertThat(requests(one)).isEqualTo(3);
        }
        assertThat(pool.made()).isOne();
        assertThat(managed.statistics().connections().total()).isOne();
    }

    @Test
    void countsWhereConnectionsHaveGone() throws Exception {
        managed.setProbeOnCreate(false);
        List<ToyConnection> gone = borrow(3);
        for (ToyConnection connection : gone) {
            connection.capitalsAt(one.uri(), "x");
        }
        for (ToyConnection connection : borrow(4)) {
            connection.capitals("x");
        }
        assertThat(List.of(requests(one), requests(two), requests(three))).containsExactly(3, 2, 2);
    }

    @Test
    void namesAnAddressThatIsNotItsOwn() throws Exception {
        URI foreign = URI.create("http://127.0.0.1:9");
        try (ToyConnection connection = factory.getConnection()) {
            assertThatThrownBy(() -> connection.capitalsAt(foreign, "x"))
                    .isInstanceOfSatisfying(
                            GenAiException.class, e -> assertThat(e.category()).isEqualTo(FailureCategory.NOT_FOUND))
                    .hasMessageContaining(foreign.toString())
                    .hasMessageContaining(two.uri().toString());
            assertThat(connection.capitals("y")).isEqualTo("Y");
        }
    }

    @Test
    void doesNotGoAwayUnderACall() throws Exception {
        managed.setProbeOnCreate(false);
        try (ToyConnection connection = factory.getConnection()) {
            one.hold();
            CompletableFuture<String> held = CompletableFuture.supplyAsync(() -> held(connection));
            one.awaitHeld();
            assertThatThrownBy(() -> connection.capitalsAt(two.uri(), "x"))
                    .isInstanceOfSatisfying(
                            GenAiException.class, e -> assertThat(e.category()).isEqualTo(FailureCategory.CONFLICT))
                    .hasMessageContaining("is in use");
            one.release();
            assertThat(held.get(10, TimeUnit.SECONDS)).isEqualTo("HELD");
            assertThat(connection.capitalsAt(two.uri(), "x")).isEqualTo("X");
        }
    }

    private String held(ToyConnection connection) {
        try {
            return connection.capitalsAt(one.uri(), "held");
        } catch (GenAiException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    @DisplayName("calls that any backend can serve leave one whose circuit is open")
    void leavesABackendWhoseCircuitIsOpen() throws Exception {
        managed.setProbeOnCreate(false);
        managed.setCircuitFailures(2);
        managed.setCircuitOpenMillis(60_000);
        try (ToyConnection connection = factory.getConnection()) {
            connection.capitalsAt(one.uri(), "x");
            one.answerWith(503);
            for (int i = 0; i < 2; i++) {
                assertThatThrownBy(() -> connection.capitals("x")).isInstanceOf(GenAiException.class);
            }
            assertThat(connection.capitals("y")).isEqualTo("Y");
            assertThat(requests(one)).isEqualTo(3);
        }
    }

    @Test
    @DisplayName("a handle outlives the death of the backend that its connection is at")
    void goesOnElsewhereAfterABreak() throws Exception {
        managed.setProbeOnCreate(false);
        try (ToyConnection connection = factory.getConnection()) {
            connection.capitalsAt(one.uri(), "x");
            one.close();
            assertThatThrownBy(() -> connection.capitalsAt(one.uri(), "x")).isInstanceOf(GenAiException.class);
            assertThat(connection.capitalsAt(two.uri(), "y")).isEqualTo("Y");
        }
        assertThat(pool.made()).isOne();
        assertThat(pool.free()).isEqualTo(12);
    }

    @Test
    @DisplayName("the pool prefers connections to backends that answer")
    void lendsConnectionsToLiveBackends() throws Exception {
        managed.setProbeOnCreate(false);
        List<ToyConnection> three = borrow(3);
        three.forEach(ToyConnection::close);
        two.close();
        for (int i = 0; i < 3; i++) {
            managed.getInvalidConnections(connections(3)); // a probe finds out
            try (ToyConnection connection = factory.getConnection()) {
                assertThat(connection.capitals("x")).isEqualTo("X");
            }
        }
    }

    @Test
    void isWrongWithAWrongAddressAmongRightOnes() {
        use(one.uri() + "", "http://nobody:secret@host");
        assertThatThrownBy(() -> factory.getConnection())
                .hasMessageContaining("Configuration property serverUrl is wrong in address 2")
                .hasMessageNotContaining("secret");
    }
}
