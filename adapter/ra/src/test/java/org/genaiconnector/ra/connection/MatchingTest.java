package org.genaiconnector.ra.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.genaiconnector.ra.connection.TestConnections.subject;

import jakarta.resource.spi.ConnectionRequestInfo;
import jakarta.resource.spi.ManagedConnection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import javax.security.auth.Subject;
import org.genaiconnector.Credentials;
import org.genaiconnector.llm.LlmConnection;
import org.genaiconnector.ra.comfyui.ComfyUiManagedConnectionFactory;
import org.genaiconnector.ra.llm.LlmManagedConnectionFactory;
import org.genaiconnector.testkit.Fault;
import org.genaiconnector.testkit.llm.LlmSimulator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Matching: factory, credentials, request (specification 6.5.3.2)")
class MatchingTest {
    private static final ConnectionRequestInfo ANNA = new ConnectionRequest(Credentials.apiKey("sk-anna"));
    private static final ConnectionRequestInfo BERT = new ConnectionRequest(Credentials.apiKey("sk-bert"));

    private LlmSimulator server;
    private LlmManagedConnectionFactory factory;
    private ManagedConnection anonymous;
    private ManagedConnection annas;

    @BeforeEach
    void connect() throws Exception {
        server = LlmSimulator.start();
        factory = TestConnections.llm(server);
        anonymous = factory.createManagedConnection(null, null);
        annas = factory.createManagedConnection(null, ANNA);
    }

    @AfterEach
    void disconnect() throws Exception {
        anonymous.destroy();
        annas.destroy();
        server.close();
    }

    private ManagedConnection match(Subject subject, ConnectionRequestInfo request, Object... candidates) {
        return factory.matchManagedConnections(new LinkedHashSet<>(List.of(candidates)), subject, request);
    }

    @Test
    @DisplayName("6.5.3.2: only a connection of the same credentials matches, in any order")
    void matchesByCredentials() {
        assertThat(match(null, ANNA, anonymous, annas)).isSameAs(annas);
        assertThat(match(null, ANNA, annas, anonymous)).isSameAs(annas);
        assertThat(match(null, null, annas, anonymous)).isSameAs(anonymous);
        assertThat(match(subject(factory, "", "sk-anna"), null, anonymous, annas))
                .isSameAs(annas);
    }

    @Test
    @DisplayName("6.5.3.2: the result is null if none matches; no connection is made and no exception thrown")
    void answersNullOnAMiss() {
        assertThat(match(null, null)).isNull();
        assertThat(match(null, BERT, anonymous, annas)).isNull();
        assertThat(match(subject(factory, "", "sk-bert"), null, anonymous, annas))
                .isNull();
        assertThat(factory.statistics().connections().created()).isEqualTo(2);
    }

    @Test
    @DisplayName("6.5.3.2: foreign objects and connections of another backend are passed over")
    void passesOverForeignCandidates() throws Exception {
        ComfyUiManagedConnectionFactory comfyUi = new ComfyUiManagedConnectionFactory();
        comfyUi.setProbeOnCreate(false);
        ManagedConnection foreign = comfyUi.createManagedConnection(null, null);
        assertThat(match(null, null, "no connection", foreign)).isNull();
        assertThat(match(null, null, "no connection", foreign, anonymous)).isSameAs(anonymous);
        foreign.destroy();
    }

    @Test
    @DisplayName("6.5.3.2: a connection of the factory before a reconfiguration does not match, as Payara needs")
    void passesOverConnectionsOfAnotherConfiguration() throws Exception {
        LlmManagedConnectionFactory reconfigured = TestConnections.llm(server);
        reconfigured.setModel("another");
        assertThat(reconfigured.matchManagedConnections(Set.of(anonymous), null, null))
                .isNull();
        assertThat(TestConnections.llm(server).matchManagedConnections(Set.of(anonymous), null, null))
                .as("an equal factory is as good as the same")
                .isSameAs(anonymous);
    }

    @Test
    @DisplayName("6.5.3.2: neither destroyed nor broken connections match")
    void skipsUnusableConnections() throws Exception {
        annas.destroy();
        assertThat(match(null, ANNA, annas)).isNull();
        server.faults().next(Fault.resetBeforeResponse());
        LlmConnection handle = TestConnections.handle(anonymous);
        assertThat(TestConnections.chat(handle)).isNotNull();
        anonymous.cleanup();
        assertThat(match(null, null, anonymous)).isNull();
    }
}
