package org.genaiconnector.ra.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jakarta.resource.NotSupportedException;
import jakarta.resource.Referenceable;
import jakarta.resource.spi.ManagedConnection;
import jakarta.resource.spi.ManagedConnectionFactory;
import jakarta.resource.spi.ManagedConnectionMetaData;
import jakarta.resource.spi.ResourceAdapterInternalException;
import jakarta.resource.spi.SecurityException;
import jakarta.resource.spi.TransactionSupport;
import jakarta.resource.spi.TransactionSupport.TransactionSupportLevel;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.PrintWriter;
import java.io.Writer;
import java.lang.reflect.Modifier;
import java.net.URI;
import java.time.Duration;
import javax.naming.Reference;
import org.genaiconnector.Credentials;
import org.genaiconnector.FailureCategory;
import org.genaiconnector.comfyui.ComfyUiConnection;
import org.genaiconnector.comfyui.ComfyUiConnectionFactory;
import org.genaiconnector.llm.LlmConnection;
import org.genaiconnector.llm.LlmConnectionFactory;
import org.genaiconnector.ra.GenAiResourceAdapter;
import org.genaiconnector.ra.TestContainer;
import org.genaiconnector.ra.comfyui.ComfyUiManagedConnectionFactory;
import org.genaiconnector.ra.llm.LlmManagedConnectionFactory;
import org.genaiconnector.testkit.Fault;
import org.genaiconnector.testkit.comfyui.ComfyUiSimulator;
import org.genaiconnector.testkit.llm.LlmSimulator;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("Factories: default manager, metadata, log writer, serialization (specification 6.5, 6.10)")
class FactoryTest {
    private static final Duration PATIENCE = Duration.ofSeconds(TestConnections.PATIENCE_SECONDS);

    private static ManagedConnectionFactory make(Class<? extends BackendConnectionFactory<?>> type) throws Exception {
        BackendConnectionFactory<?> factory = type.getConstructor().newInstance();
        factory.setProbeOnCreate(false);
        return factory;
    }

    @Test
    @DisplayName("SPEC:29: outside an application server each handle has a connection of its own, which ends with it")
    void defaultManagerMakesAndDestroys() throws Exception {
        try (LlmSimulator server = LlmSimulator.start()) {
            LlmManagedConnectionFactory managed = TestConnections.llm(server);
            LlmConnectionFactory factory = (LlmConnectionFactory) managed.createConnectionFactory();
            try (LlmConnection one = factory.getConnection();
                    LlmConnection other = factory.getConnection(Credentials.apiKey("sk-other"))) {
                assertThat(TestConnections.chat(one)).isNull();
                assertThat(TestConnections.chat(other)).isNull();
                assertThat(factory.statistics().connections().active()).isEqualTo(2);
            }
            assertThat(factory.statistics().connections().total()).isZero();
            server.traffic().awaitConnectionsOpen(0, PATIENCE);
        }
    }

    @Test
    @DisplayName("SPEC:29: outside an application server a broken connection is destroyed at once")
    void defaultManagerDestroysTheBroken() throws Exception {
        try (LlmSimulator server = LlmSimulator.start()) {
            LlmConnectionFactory factory =
                    (LlmConnectionFactory) TestConnections.llm(server).createConnectionFactory();
            server.faults().next(Fault.resetBeforeResponse());
            try (LlmConnection connection = factory.getConnection()) {
                assertThat(TestConnections.chat(connection)).isEqualTo(FailureCategory.COMMUNICATION);
                assertThat(factory.statistics().connections().total()).isZero();
                assertThat(TestConnections.chat(connection)).isEqualTo(FailureCategory.CLOSED);
            }
        }
    }

    @Test
    @DisplayName("SPEC:27: metadata shows the product and the version that the backend has said")
    void metadataComesFromTheServer() throws Exception {
        try (ComfyUiSimulator server =
                ComfyUiSimulator.builder().version("0.31.2").start()) {
            ComfyUiManagedConnectionFactory managed = new ComfyUiManagedConnectionFactory();
            managed.setServerUrl(server.uri().toString());
            managed.setUser("anna");
            managed.setPassword("geheim");
            ManagedConnection connection = managed.createManagedConnection(null, null);
            ManagedConnectionMetaData metaData = connection.getMetaData();
            assertThat(metaData.getEISProductName()).isEqualTo("ComfyUI");
            assertThat(metaData.getEISProductVersion()).isEqualTo("0.31.2");
            assertThat(metaData.getUserName()).isEqualTo("anna");
            assertThat(metaData.getMaxConnections()).as("no limit known").isZero();
            connection.destroy();
        }
    }

    @ParameterizedTest
    @ValueSource(classes = {ComfyUiManagedConnectionFactory.class, LlmManagedConnectionFactory.class})
    @DisplayName("SPEC:27: metadata is available without a user and before the backend was asked")
    void metadataNeverFails(Class<? extends BackendConnectionFactory<?>> type) throws Exception {
        ManagedConnection connection = make(type).createManagedConnection(null, null);
        assertThat(connection.getMetaData().getUserName()).isEmpty();
        assertThat(connection.getMetaData().getEISProductName()).isNotBlank();
        assertThat(connection.getMetaData().getEISProductVersion()).isEqualTo("unknown");
        connection.destroy();
        assertThat(connection.getMetaData().getEISProductVersion()).isEqualTo("unknown");
    }

    @ParameterizedTest
    @ValueSource(classes = {ComfyUiManagedConnectionFactory.class, LlmManagedConnectionFactory.class})
    @DisplayName("SPEC:33: log writers are kept, none is the default, and null takes one away")
    void keepsLogWriters(Class<? extends BackendConnectionFactory<?>> type) throws Exception {
        ManagedConnectionFactory factory = make(type);
        ManagedConnection connection = factory.createManagedConnection(null, null);
        assertThat(factory.getLogWriter()).isNull();
        assertThat(connection.getLogWriter()).isNull();
        try (PrintWriter writer = new PrintWriter(Writer.nullWriter())) {
            factory.setLogWriter(writer);
            connection.setLogWriter(writer);
            assertThat(factory.getLogWriter()).isSameAs(writer);
            assertThat(connection.getLogWriter()).isSameAs(writer);
        }
        factory.setLogWriter(null);
        connection.setLogWriter(null);
        assertThat(factory.getLogWriter()).isNull();
        assertThat(connection.getLogWriter()).isNull();
        connection.destroy();
    }

    @ParameterizedTest
    @ValueSource(classes = {ComfyUiManagedConnectionFactory.class, LlmManagedConnectionFactory.class})
    @DisplayName("SPEC:36, SPEC:207: connections hold to the transaction support of their factory")
    void holdsToItsTransactionSupport(Class<? extends BackendConnectionFactory<?>> type) throws Exception {
        ManagedConnectionFactory factory = make(type);
        ManagedConnection connection = factory.createManagedConnection(null, null);
        assertThatThrownBy(connection::getXAResource).isInstanceOf(NotSupportedException.class);
        if (factory instanceof TransactionSupport lower) { // than the adapter's LocalTransaction
            assertThat(lower.getTransactionSupport()).isEqualTo(TransactionSupportLevel.NoTransaction);
            assertThatThrownBy(connection::getLocalTransaction).isInstanceOf(NotSupportedException.class);
        } else {
            assertThat(connection.getLocalTransaction()).isNotNull().isSameAs(connection.getLocalTransaction());
        }
        connection.destroy();
    }

    @Test
    @DisplayName("7.13: the level of a factory whose pool may lower it is not overruled by metadata")
    void leavesTheLevelOfTransactionsToThePoolWhereItCanBeLowered() {
        assertThat(new ComfyUiManagedConnectionFactory()).isNotInstanceOf(TransactionSupport.class);
        assertThat(new LlmManagedConnectionFactory()).isInstanceOf(TransactionSupport.class);
    }

    @ParameterizedTest
    @ValueSource(classes = {ComfyUiManagedConnectionFactory.class, LlmManagedConnectionFactory.class})
    @DisplayName(
            "6.5.1: connection factories are referenceable and serializable, tools may make them without arguments")
    void connectionFactoriesCanBeBound(Class<? extends BackendConnectionFactory<?>> type) throws Exception {
        Object factory = make(type).createConnectionFactory(new TestPool(1));
        Reference reference = new Reference(factory.getClass().getName());
        ((Referenceable) factory).setReference(reference);
        assertThat(((Referenceable) factory).getReference()).isSameAs(reference);
        assertThat(((Referenceable) copy(factory)).getReference()).isEqualTo(reference);
        assertThat(factory.getClass().getConstructor().newInstance()).isInstanceOf(Referenceable.class);
    }

    @ParameterizedTest
    @ValueSource(classes = {ComfyUiManagedConnectionFactory.class, LlmManagedConnectionFactory.class})
    @DisplayName(
            "TomEE: connection handles can be subclassed, every method that an application calls can be overridden")
    void handlesCanBeSubclassed(Class<? extends BackendConnectionFactory<?>> type) throws Exception {
        ManagedConnection connection = make(type).createManagedConnection(null, null);
        Class<?> handle = connection.getConnection(null, null).getClass();
        connection.destroy();
        assertThat(handle).isPublic().isNotFinal();
        assertThat(handle.getMethods())
                .filteredOn(method -> method.getDeclaringClass() != Object.class)
                .isNotEmpty()
                .noneMatch(method -> Modifier.isFinal(method.getModifiers()));
    }

    @Test
    @DisplayName("6.5.3: a copy of a factory in use is equal to it and makes connections by itself")
    void aCopyWorks() throws Exception {
        GenAiResourceAdapter adapter = new GenAiResourceAdapter();
        adapter.start(new TestContainer());
        try (ComfyUiSimulator comfyUi = ComfyUiSimulator.start();
                LlmSimulator llm = LlmSimulator.start()) {
            LlmManagedConnectionFactory llmFactory = TestConnections.llm(llm);
            ComfyUiManagedConnectionFactory comfyUiFactory = new ComfyUiManagedConnectionFactory();
            comfyUiFactory.setServerUrl(comfyUi.uri().toString());
            for (BackendConnectionFactory<?> factory : new BackendConnectionFactory<?>[] {llmFactory, comfyUiFactory}) {
                factory.setResourceAdapter(adapter);
                factory.setLogWriter(new PrintWriter(Writer.nullWriter()));
                factory.createManagedConnection(null, null).destroy();
                assertThat(copy(factory)).isEqualTo(factory).hasSameHashCodeAs(factory);
            }
            LlmConnectionFactory oneCopy = (LlmConnectionFactory) copy(llmFactory.createConnectionFactory());
            try (LlmConnection connection = oneCopy.getConnection()) {
                assertThat(TestConnections.chat(connection)).isNull();
            }
            ComfyUiConnectionFactory otherCopy =
                    (ComfyUiConnectionFactory) copy(comfyUiFactory.createConnectionFactory());
            try (ComfyUiConnection connection = otherCopy.getConnection()) {
                assertThat(connection.getQueue().running()).isEmpty();
            }
        } finally {
            adapter.stop();
        }
    }

    @Test
    @DisplayName("5.3.1: a copy of a resource adapter can be started")
    void aCopyOfTheAdapterWorks() throws Exception {
        GenAiResourceAdapter copy = (GenAiResourceAdapter) copy(new GenAiResourceAdapter());
        copy.start(new TestContainer());
        LlmManagedConnectionFactory factory = new LlmManagedConnectionFactory();
        factory.setResourceAdapter(copy);
        factory.setProbeOnCreate(false);
        assertThat(factory.createManagedConnection(null, null)).isNotNull();
        copy.stop();
    }

    private static Object copy(Object original) throws IOException, ClassNotFoundException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(original);
        }
        try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
            return in.readObject();
        }
    }

    @Test
    @DisplayName("SPEC:290: the default manager passes a refusal on and leaves no connection open")
    void defaultManagerLeavesNothingBehind() throws Exception {
        try (LlmSimulator server = LlmSimulator.builder().apiKeys("sk-right").start()) {
            LlmManagedConnectionFactory managed = TestConnections.llm(server);
            managed.setProbeOnCreate(true);
            LlmConnectionFactory factory = (LlmConnectionFactory) managed.createConnectionFactory();
            assertThatThrownBy(() -> factory.getConnection(Credentials.apiKey("sk-wrong")))
                    .isInstanceOf(SecurityException.class);
            assertThat(factory.statistics().connections().total()).isZero();
            assertThat(factory.statistics().borrowing().refused()).isOne();
        }
    }

    /** Open Liberty would count the connection as existing for ever. */
    @Test
    @DisplayName("an error while a connection is made, such as a missing class, is reported as an exception")
    void errorsAreExceptions() {
        FaultyFactory factory = new FaultyFactory(URI.create("http://127.0.0.1:1"));
        factory.setProbeOnCreate(true);
        factory.error = new StackOverflowError("as tested");
        assertThatThrownBy(() -> factory.createManagedConnection(null, null))
                .isInstanceOf(ResourceAdapterInternalException.class)
                .hasMessageContaining("http://127.0.0.1:1")
                .hasMessageContaining("StackOverflowError: as tested")
                .hasCause(factory.error);
        assertThat(factory.statistics().connections().total()).isZero();
    }
}
