package org.genaiconnector.ra.toy;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import jakarta.resource.ResourceException;
import jakarta.resource.spi.ManagedConnection;
import java.util.Set;
import org.genaiconnector.Credentials;
import org.genaiconnector.FailureCategory;
import org.genaiconnector.GenAiException;
import org.genaiconnector.ra.GenAiResourceAdapter;
import org.genaiconnector.ra.TestContainer;
import org.genaiconnector.ra.connection.TestPool;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A third backend is one package")
class ToyBackendTest {
    private final GenAiResourceAdapter adapter = new GenAiResourceAdapter();
    private final TestPool pool = new TestPool(2);
    private final ToyManagedConnectionFactory managed = new ToyManagedConnectionFactory();
    private ToyServer server;
    private ToyConnectionFactory factory;

    @BeforeEach
    void deploy() {
        server = new ToyServer();
        adapter.start(new TestContainer());
        managed.setServerUrl(server.uri().toString());
        managed.setMaxRetries(0);
        managed.setResourceAdapter(adapter); // what registers a backend
        factory = managed.createConnectionFactory(pool);
    }

    @AfterEach
    void undeploy() {
        adapter.stop();
        server.close();
    }

    private String capitals(String text) throws ResourceException {
        try (ToyConnection connection = factory.getConnection()) {
            return connection.capitals(text);
        }
    }

    @Test
    void sharesPooledConnections() throws Exception {
        assertThat(capitals("one")).isEqualTo("ONE");
        assertThat(capitals("two")).isEqualTo("TWO");
        assertThat(pool.made()).isOne();
    }

    @Test
    void keepsConnectionsWithDifferentCredentialsApart() throws Exception {
        capitals("anonymous");
        try (ToyConnection connection = factory.getConnection(Credentials.apiKey("secret"))) {
            connection.capitals("with a key");
        }
        assertThat(pool.made()).isEqualTo(2);
        assertThat(server.authorizations()).contains("null", "Bearer secret");
    }

    @Test
    void refusesAPingOfAWrongServer() {
        server.answerWith(404);
        assertThatThrownBy(() -> managed.createManagedConnection(null, null))
                .hasMessageContaining("Toy at " + server.uri())
                .hasMessageContaining("serverUrl leads to no service of this kind");
    }

    @Test
    void namesAWrongPropertyOfItsOwn() {
        managed.setPath(" ");
        assertThatThrownBy(() -> managed.createManagedConnection(null, null))
                .hasMessage("Configuration property path is missing");
    }

    @Test
    void keepsConnectionsToALivingServer() throws Exception {
        ManagedConnection connection = managed.createManagedConnection(null, null);
        assertThat(managed.getInvalidConnections(Set.of(connection))).isEmpty();
        assertThat(managed.matchManagedConnections(Set.of(connection), null, null))
                .isSameAs(connection);
    }

    @Test
    void replacesConnectionsToAStoppedBackend() throws Exception {
        managed.setProbeOnCreate(false);
        ManagedConnection connection = managed.createManagedConnection(null, null);
        server.close();
        assertThat(managed.getInvalidConnections(Set.of(connection))).containsExactly(connection);
    }

    @Test
    void tellsThePoolOfABrokenTransportButNotOfARefusal() throws Exception {
        try (ToyConnection connection = factory.getConnection()) {
            server.answerWith(429);
            assertThatThrownBy(() -> connection.capitals("x"))
                    .isInstanceOfSatisfying(
                            GenAiException.class, e -> assertThat(e.category()).isEqualTo(FailureCategory.RATE_LIMIT));
            assertThat(pool.lent()).hasSize(1);
        }
        server.breakConnections();
        try (ToyConnection connection = factory.getConnection()) {
            assertThatThrownBy(() -> connection.capitals("x")).isInstanceOf(GenAiException.class);
            assertThat(pool.lent()).as("the pool has destroyed it").isEmpty();
        }
        server.answerWith(200);
        assertThat(capitals("y")).isEqualTo("Y");
        assertThat(pool.made()).isEqualTo(2);
    }

    @Test
    void isMeasured() throws Exception {
        capitals("one");
        server.answerWith(400);
        assertThatThrownBy(() -> capitals("two")).isInstanceOf(GenAiException.class);
        assertThat(factory.statistics().name()).isEqualTo("Toy at " + server.uri());
        assertThat(factory.statistics().requests().successful()).isOne();
        assertThat(factory.statistics().requests().failed()).isOne();
        assertThat(factory.statistics().borrowing().borrowed()).isEqualTo(2);
    }

    @Test
    void endsWithTheAdapter() throws Exception {
        try (ToyConnection connection = factory.getConnection()) {
            adapter.stop();
            assertThatThrownBy(() -> connection.capitals("late"))
                    .isInstanceOfSatisfying(
                            GenAiException.class, e -> assertThat(e.category()).isEqualTo(FailureCategory.CLOSED));
        }
        assertThat(managed.statistics().connections().total()).isZero();
    }

    @Test
    void noOtherPackageKnowsIt() {
        JavaClasses all = new ClassFileImporter().importPackages("org.genaiconnector.ra");
        noClasses()
                .that()
                .resideOutsideOfPackage("org.genaiconnector.ra.toy")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.genaiconnector.ra.toy")
                .check(all);
        classes()
                .that()
                .resideInAPackage("org.genaiconnector.ra.toy")
                .and()
                .haveSimpleNameNotEndingWith("Test")
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(
                        "java..",
                        "com.sun.net.httpserver..",
                        "jakarta.resource..",
                        "org.genaiconnector",
                        "org.genaiconnector.ra.connection",
                        "org.genaiconnector.ra.http",
                        "org.genaiconnector.ra.statistics",
                        "org.genaiconnector.ra.toy")
                .check(all);
    }
}
