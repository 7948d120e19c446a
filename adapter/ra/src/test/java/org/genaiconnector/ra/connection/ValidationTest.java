package org.genaiconnector.ra.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.genaiconnector.ra.connection.TestConnections.chat;

import jakarta.resource.ResourceException;
import jakarta.resource.spi.ManagedConnection;
import jakarta.resource.spi.ResourceAdapterInternalException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.genaiconnector.Credentials;
import org.genaiconnector.FailureCategory;
import org.genaiconnector.GenAiException;
import org.genaiconnector.llm.LlmConnection;
import org.genaiconnector.ra.comfyui.ComfyUiManagedConnectionFactory;
import org.genaiconnector.ra.llm.LlmManagedConnectionFactory;
import org.genaiconnector.ra.messages.OperatorMessage;
import org.genaiconnector.ra.messages.Produces;
import org.genaiconnector.testkit.Fault;
import org.genaiconnector.testkit.llm.LlmSimulator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Validation (specification 6.5.3.4, ValidatingManagedConnectionFactory)")
class ValidationTest {
    /** Two seconds are promised; a busy test machine is granted more, but less than the five of a creation's probe. */
    private static final Duration TWO_SECONDS = Duration.ofMillis(4_500);

    /** While the answer to a probe is remembered. */
    private static final Duration MEMO = Duration.ofMillis(900);

    /** While a connection that was used needs no probe. */
    private static final Duration JUST_USED = Duration.ofMillis(450);

    private LlmSimulator server;
    private LlmManagedConnectionFactory factory;

    @BeforeEach
    void start() {
        server = LlmSimulator.start();
        factory = TestConnections.llm(server);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private Set<ManagedConnection> connections(int count) throws ResourceException {
        Set<ManagedConnection> connections = new LinkedHashSet<>();
        for (int i = 0; i < count; i++) {
            connections.add(factory.createManagedConnection(null, null));
        }
        return connections;
    }

    @Test
    @DisplayName("one probe finds a pool of twenty in good order")
    void oneProbeServesAllConnections() throws Exception {
        TestConnections.within(
                MEMO,
                () -> {
                    renew();
                    assertThat(factory.getInvalidConnections(connections(20))).isEmpty();
                },
                () -> assertThat(server.traffic().requests()).hasSize(1));
    }

    @Test
    @DisplayName("one probe serves connections of different credentials, and filling the pool as well")
    void oneProbeServesAllCredentials() throws Exception {
        TestConnections.within(
                MEMO,
                () -> {
                    renew();
                    factory.setProbeOnCreate(true);
                    Set<ManagedConnection> all = connections(5);
                    factory.setProbeOnCreate(false);
                    for (String key : List.of("sk-anna", "sk-bert")) {
                        all.add(factory.createManagedConnection(null, new ConnectionRequest(Credentials.apiKey(key))));
                    }
                    assertThat(factory.getInvalidConnections(all)).isEmpty();
                },
                () -> assertThat(server.traffic().requests()).hasSize(1));
    }

    @Test
    @DisplayName("creation asks again for other credentials, because a backend may refuse them")
    void creationAsksForEachCredential() throws Exception {
        factory.setProbeOnCreate(true);
        factory.createManagedConnection(null, new ConnectionRequest(Credentials.apiKey("sk-anna")));
        factory.createManagedConnection(null, new ConnectionRequest(Credentials.apiKey("sk-bert")));
        assertThat(server.traffic().requests())
                .extracting(request -> request.header("Authorization").orElseThrow())
                .containsExactly("Bearer sk-anna", "Bearer sk-bert");
    }

    @Test
    @DisplayName("a connection used within the last half second is valid without a probe")
    void trustsAConnectionThatWasJustUsed() throws Exception {
        TestConnections.within(
                JUST_USED,
                () -> {
                    renew();
                    ManagedConnection connection = factory.createManagedConnection(null, null);
                    assertThat(chat(TestConnections.handle(connection))).isNull();
                    connection.cleanup();
                    assertThat(factory.getInvalidConnections(Set.of(connection)))
                            .isEmpty();
                },
                () -> assertThat(server.traffic().requests()).hasSize(1));
    }

    /** Replaces the factory and clears the simulator's record of requests. */
    private void renew() {
        factory = TestConnections.llm(server);
        server.traffic().forget();
    }

    @Test
    @DisplayName("a connection that was never used is not trusted, however new it is")
    void asksForAConnectionThatWasNeverUsed() throws Exception {
        ManagedConnection connection = factory.createManagedConnection(null, null);
        server.faults().stopListening();
        assertThat(factory.getInvalidConnections(Set.of(connection))).containsExactly(connection);
    }

    @Test
    @DisplayName(
            "a probe that fails by an unexpected exception makes its connection invalid, and validation does not throw")
    @Produces(OperatorMessage.VALIDATION_FAILED)
    void survivesABrokenProbe() throws Exception {
        FaultyFactory odd = new FaultyFactory(server.uri());
        ManagedConnection connection = odd.createManagedConnection(null, null);
        for (Supplier<Error> error :
                List.<Supplier<Error>>of(() -> null, () -> new NoClassDefFoundError("as tested"))) {
            odd.error = error.get();
            assertThat(odd.getInvalidConnections(Set.of(connection))).containsExactly(connection);
        }
        odd.setProbeOnCreate(true);
        assertThatThrownBy(() -> odd.createManagedConnection(null, null))
                .isInstanceOf(ResourceAdapterInternalException.class)
                .hasMessageEndingWith("as tested");
        assertThat(odd.statistics().connections().total())
                .as("none is left behind")
                .isOne();
        connection.destroy();
    }

    @Test
    @DisplayName("all connections to a dead backend are invalid, and the given set is not changed")
    void findsUnusableConnections() throws Exception {
        Set<ManagedConnection> all = Collections.unmodifiableSet(connections(3));
        server.faults().stopListening().killConnections();
        assertThat(factory.getInvalidConnections(all)).containsExactlyInAnyOrderElementsOf(all);
        assertThat(all).hasSize(3);
    }

    @Test
    @DisplayName("any answer of a backend keeps its connections valid")
    void keepsConnectionsToAServerThatRefuses() throws Exception {
        for (int status : new int[] {401, 404, 429, 500, 503}) {
            ManagedConnection connection = TestConnections.llm(server).createManagedConnection(null, null);
            LlmManagedConnectionFactory fresh = TestConnections.llm(server);
            server.faults().next(Fault.status(status));
            assertThat(fresh.getInvalidConnections(Set.of(connection)))
                    .as("status " + status)
                    .isEmpty();
            connection.destroy();
        }
    }

    @Test
    @DisplayName("eight threads and a silent backend: one probe, two seconds, and all connections are invalid")
    void boundsTheWaitForASilentServer() throws Exception {
        server.faults().always(Fault.silence());
        List<ManagedConnection> all = List.copyOf(connections(8));
        long start = System.nanoTime();
        List<Set<Object>> invalid = TestConnections.inThreads(8, () -> factory.getInvalidConnections(Set.copyOf(all)));
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(TWO_SECONDS);
        assertThat(invalid).allSatisfy(each -> assertThat(each).hasSize(8));
        assertThat(server.traffic().requests()).hasSize(1);
    }

    @Test
    @DisplayName("validation does not wait for the longer probe of a connection that is being made")
    void doesNotWaitForCreation() throws Exception {
        ManagedConnection connection = factory.createManagedConnection(null, null);
        factory.setProbeOnCreate(true);
        server.faults().always(Fault.silence());
        Future<ManagedConnection> creation = TestConnections.begin(() -> factory.createManagedConnection(null, null));
        server.traffic().awaitRequests(1, Duration.ofSeconds(TestConnections.PATIENCE_SECONDS));
        long start = System.nanoTime();
        assertThat(factory.getInvalidConnections(Set.of(connection))).containsExactly(connection);
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(TWO_SECONDS);
        assertThat(server.traffic().requests()).hasSize(1);
        server.faults().clear();
        assertThatThrownBy(() -> creation.get(TestConnections.PATIENCE_SECONDS, TimeUnit.SECONDS))
                .hasCauseInstanceOf(GenAiException.class);
    }

    @Test
    @DisplayName("foreign objects are ignored, destroyed connections are invalid, and no exception is thrown")
    void acceptsAnySet() throws Exception {
        ManagedConnection destroyed = factory.createManagedConnection(null, null);
        destroyed.destroy();
        ComfyUiManagedConnectionFactory comfyUi = new ComfyUiManagedConnectionFactory();
        comfyUi.setProbeOnCreate(false);
        ManagedConnection foreign = comfyUi.createManagedConnection(null, null);
        Set<Object> given = new LinkedHashSet<>(Arrays.asList("no connection", null, foreign, destroyed));
        assertThat(factory.getInvalidConnections(given)).containsExactly(destroyed);
        assertThat(factory.getInvalidConnections(Set.of())).isEmpty();
        assertThat(server.traffic().requests()).isEmpty();
    }

    @Test
    @DisplayName(
            "a factory judges connections of its predecessor by their server, and learns nothing from it for its own")
    void judgesAConnectionByItsOwnServer() throws Exception {
        LlmSimulator gone = LlmSimulator.start();
        ManagedConnection old = TestConnections.llm(gone).createManagedConnection(null, null);
        gone.close();
        ManagedConnection ours = factory.createManagedConnection(null, null);
        assertThat(factory.getInvalidConnections(new LinkedHashSet<>(List.of(old, ours))))
                .containsExactly(old);
    }

    @Test
    @DisplayName("a connection in use is valid, and checking it says nothing about the backend")
    void leavesAConnectionInUseAlone() throws Exception {
        ManagedConnection busy = factory.createManagedConnection(null, null);
        ManagedConnection idle = factory.createManagedConnection(null, null);
        LlmConnection handle = TestConnections.handle(busy);
        server.faults().next(Fault.silence());
        Future<FailureCategory> call = TestConnections.begin(() -> chat(handle));
        server.traffic().awaitRequests(1, Duration.ofSeconds(TestConnections.PATIENCE_SECONDS));
        assertThat(factory.getInvalidConnections(new LinkedHashSet<>(List.of(busy, idle))))
                .isEmpty();
        busy.destroy();
        assertThat(TestConnections.end(call)).isEqualTo(FailureCategory.CANCELLED);
    }

    @Test
    @DisplayName(
            "6.5.3: making a connection to a dead backend fails with a message for the administrator who pressed Ping")
    void creationNamesServerAndCause() throws Exception {
        factory.setProbeOnCreate(true);
        server.faults().stopListening();
        assertThatThrownBy(() -> factory.createManagedConnection(null, null))
                .isInstanceOfSatisfying(
                        GenAiException.class, e -> assertThat(e.category()).isEqualTo(FailureCategory.UNAVAILABLE))
                .hasMessageContaining(server.uri().toString())
                .hasMessageContaining("refused");
        assertThat(factory.statistics().connections().total()).isZero();
        factory.setProbeOnCreate(false);
        factory.createManagedConnection(null, null).destroy();
    }
}
