package org.genaiconnector.ra.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jakarta.resource.spi.ConnectionRequestInfo;
import jakarta.resource.spi.InvalidPropertyException;
import jakarta.resource.spi.ManagedConnection;
import jakarta.resource.spi.SecurityException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.genaiconnector.Credentials;
import org.genaiconnector.FailureCategory;
import org.genaiconnector.llm.LlmConnection;
import org.genaiconnector.llm.LlmConnectionFactory;
import org.genaiconnector.ra.comfyui.Eventually;
import org.genaiconnector.ra.llm.LlmManagedConnectionFactory;
import org.genaiconnector.ra.messages.OperatorMessage;
import org.genaiconnector.ra.messages.Produces;
import org.genaiconnector.testkit.llm.LlmSimulator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("An API key in a file")
class ApiKeyFileTest {
    private static final Duration SECOND = Duration.ofSeconds(1);

    @TempDir
    private Path directory;

    private final AtomicLong nanos = new AtomicLong();
    private final VisibleText seen = new VisibleText();
    private Path file;
    private ApiKeyFile keys;
    private LlmSimulator server;

    @BeforeEach
    void start() {
        file = directory.resolve("api key");
        keys = new ApiKeyFile("apiKeyFile", file.toString(), nanos::get);
        server = LlmSimulator.builder()
                .apiKeys("sk-file", "sk-subject", "sk-request")
                .start();
    }

    @AfterEach
    void stop() {
        server.close();
        seen.close();
    }

    private void write(String text) throws Exception {
        Files.writeString(file, text);
    }

    private String key() throws InvalidPropertyException {
        return keys.key().secret();
    }

    private String keyAfterASecond() throws InvalidPropertyException {
        nanos.addAndGet(SECOND.toNanos());
        return key();
    }

    private LlmManagedConnectionFactory factory() {
        LlmManagedConnectionFactory factory = TestConnections.llm(server);
        factory.setApiKeyFile(file.toString());
        return factory;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "sk-file",
                "sk-file\n",
                "sk-file\r\n",
                " sk-file \r\n\r\n",
                "\uFEFFsk-file\n",
                "sk-file\nsecond line ä €\n",
                "sk-file\u2028"
            })
    void isTheFirstLineWithoutTheBlanksAround(String text) throws Exception {
        write(text);
        assertThat(key()).isEqualTo("sk-file");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "\n", " \t\r\n", "\nsk-second", "sk-\u20AC-secret", "sk-\u0007-secret", "sk-\uFFFD-secret"})
    void withoutAKeyThatCanBeSentIsRefusedByNameWithoutItsText(String text) throws Exception {
        write(text);
        LlmConnectionFactory factory = (LlmConnectionFactory) factory().createConnectionFactory();
        assertThatThrownBy(factory::getConnection)
                .isInstanceOf(InvalidPropertyException.class)
                .hasMessageStartingWith("Configuration property apiKeyFile ")
                .hasMessageContaining(file.toString())
                .hasMessageNotContaining("sk-");
        assertThat(server.traffic().requests()).isEmpty();
        assertThat(factory.statistics().connections().total()).isZero();
    }

    @Test
    void ofHugeSizeIsRefused() throws Exception {
        write("k".repeat(100_000));
        assertThatThrownBy(this::key).hasMessageContaining("without a key").hasMessageNotContaining("kkk");
    }

    @Test
    void thatIsMissingOrNoFileIsRefusedByNameUntilItIsThere() throws Exception {
        LlmManagedConnectionFactory managed = factory();
        LlmConnectionFactory factory = (LlmConnectionFactory) managed.createConnectionFactory();
        for (String path : new String[] {file.toString(), directory.toString(), "a\0b"}) {
            managed.setApiKeyFile(path);
            assertThatThrownBy(factory::getConnection)
                    .isInstanceOf(InvalidPropertyException.class)
                    .hasMessageContaining("apiKeyFile")
                    .hasMessageContaining(path);
        }
        managed.setApiKeyFile(file.toString());
        assertThatThrownBy(factory::getConnection).isInstanceOf(InvalidPropertyException.class);
        try (LlmConnection connection = factory.getConnection(Credentials.apiKey("sk-request"))) {
            assertThat(TestConnections.chat(connection))
                    .as("a key of the request needs no file")
                    .isNull();
        }
        write("sk-file");
        try (LlmConnection connection = factory.getConnection()) {
            assertThat(TestConnections.chat(connection)).isNull();
        }
    }

    @Test
    void isLookedAtOnceASecondAtMost() throws Exception {
        write("sk-a");
        assertThat(key()).isEqualTo("sk-a");
        write("sk-b");
        nanos.addAndGet(SECOND.toNanos() - 1);
        assertThat(key()).isEqualTo("sk-a");
        nanos.addAndGet(1);
        assertThat(key()).isEqualTo("sk-b");
    }

    @Test
    void mayBeReplacedBySwappingALinkAsKubernetesDoes() throws Exception {
        Path first = Files.createDirectory(directory.resolve("..1"));
        Path second = Files.createDirectory(directory.resolve("..2"));
        Files.writeString(first.resolve("api key"), "sk-a");
        Files.writeString(second.resolve("api key"), "sk-b");
        Files.setLastModifiedTime(second.resolve("api key"), Files.getLastModifiedTime(first.resolve("api key")));
        Path data = Files.createSymbolicLink(directory.resolve("..data"), first);
        Files.createSymbolicLink(file, data.resolve("api key"));
        assertThat(key()).isEqualTo("sk-a");
        Path swap = Files.createSymbolicLink(directory.resolve("..data_tmp"), second);
        Files.move(swap, data, StandardCopyOption.ATOMIC_MOVE);
        assertThat(keyAfterASecond()).isEqualTo("sk-b");
    }

    @Test
    @Produces(OperatorMessage.KEY_FILE_UNUSABLE)
    void keepsTheLastKeyWhileTheFileIsAwayOrWrongAndWarnsOnce() throws Exception {
        write("sk-a");
        assertThat(key()).isEqualTo("sk-a");
        Files.delete(file);
        assertThat(keyAfterASecond()).isEqualTo("sk-a");
        assertThat(keyAfterASecond()).isEqualTo("sk-a");
        write("");
        assertThat(keyAfterASecond()).isEqualTo("sk-a");
        write("sk-\u20AC");
        assertThat(keyAfterASecond()).isEqualTo("sk-a");
        assertThat(seen.count("GENAI-1204")).isEqualTo(1);
        write("sk-b");
        assertThat(keyAfterASecond()).isEqualTo("sk-b");
        Files.delete(file);
        assertThat(keyAfterASecond()).isEqualTo("sk-b");
        assertThat(seen.count("GENAI-1204")).isEqualTo(2);
        assertThat(seen.contains(file.toString())).isTrue();
        assertThat(seen.contains("sk-")).isFalse();
    }

    @Test
    void countsMoreThanTheOtherPropertiesAndLessThanRequestAndContainer() throws Exception {
        write("sk-file");
        LlmManagedConnectionFactory factory = factory();
        factory.setApiKey("sk-own");
        factory.setUser("anna");
        factory.setPassword("geheim");
        factory.setApiKeyFile(" " + file + " ");
        assertThat(sent(factory, null)).isEqualTo("Bearer sk-file");
        assertThat(sent(factory, new ConnectionRequest(Credentials.apiKey("sk-request"))))
                .isEqualTo("Bearer sk-request");
        factory.setUser(null);
        ManagedConnection connection =
                factory.createManagedConnection(TestConnections.subject(factory, "label", "sk-subject"), null);
        assertThat(TestConnections.chat((LlmConnection)
                        connection.getConnection(TestConnections.subject(factory, "label", "sk-subject"), null)))
                .isNull();
        assertThat(lastKey()).isEqualTo("Bearer sk-subject");
        connection.destroy();
        factory.setApiKeyFile(" ");
        factory.setApiKey("sk-request");
        assertThat(sent(factory, null)).isEqualTo("Bearer sk-request");
    }

    private String sent(LlmManagedConnectionFactory factory, ConnectionRequestInfo request) throws Exception {
        ManagedConnection connection = factory.createManagedConnection(null, request);
        assertThat(TestConnections.chat((LlmConnection) connection.getConnection(null, request)))
                .isNull();
        connection.destroy();
        return lastKey();
    }

    private String lastKey() {
        var requests = server.traffic().requests();
        return requests.get(requests.size() - 1).header("Authorization").orElse("none");
    }

    @Test
    @DisplayName("that is replaced parts new connections from old ones, which stay usable where they are")
    void partitionsThePool() throws Exception {
        write("sk-revoked");
        LlmManagedConnectionFactory factory = factory();
        ManagedConnection old = factory.createManagedConnection(null, null);
        assertThat(factory.matchManagedConnections(Set.of(old), null, null)).isSameAs(old);
        assertThat(TestConnections.chat(TestConnections.handle(old))).isEqualTo(FailureCategory.AUTHENTICATION);
        write("sk-file");
        Eventually.holds(
                "the old one does not match", () -> factory.matchManagedConnections(Set.of(old), null, null) == null);
        ManagedConnection fresh = factory.createManagedConnection(null, null);
        assertThat(factory.matchManagedConnections(Set.of(old, fresh), null, null))
                .isSameAs(fresh);
        assertThat(TestConnections.chat(TestConnections.handle(fresh))).isNull();
        assertThat(TestConnections.handle(old))
                .as("of a transaction that began before")
                .isNotNull();
        assertThatThrownBy(() -> old.getConnection(null, new ConnectionRequest(Credentials.apiKey("sk-file"))))
                .isInstanceOf(SecurityException.class);
        old.destroy();
        fresh.destroy();
    }

    @Test
    void leavesTheFactoryEqualToOthersOfItsConfiguration() throws Exception {
        write("sk-file");
        LlmManagedConnectionFactory factory = factory();
        int hash = factory.hashCode();
        assertThat(sent(factory, null)).isEqualTo("Bearer sk-file");
        write("sk-request");
        assertThat(factory).isEqualTo(factory()).hasSameHashCodeAs(factory());
        assertThat(factory.hashCode()).isEqualTo(hash);
        assertThat(factory.toString()).doesNotContain("sk-");
        LlmManagedConnectionFactory other = factory();
        other.setApiKeyFile(directory.resolve("other").toString());
        assertThat(factory).isNotEqualTo(other);

        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(factory);
        }
        assertThat(bytes.toString(StandardCharsets.ISO_8859_1)).doesNotContain("sk-");
        try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
            assertThat(sent((LlmManagedConnectionFactory) in.readObject(), null))
                    .isEqualTo("Bearer sk-request");
        }
    }
}
