package org.genaiconnector.ra.llm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jakarta.resource.ResourceException;
import jakarta.resource.spi.InvalidPropertyException;
import jakarta.resource.spi.ManagedConnection;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.assertj.core.api.AbstractThrowableAssert;
import org.genaiconnector.FailureCategory;
import org.genaiconnector.GenAiException;
import org.genaiconnector.llm.LlmConnection;
import org.genaiconnector.ra.http.Certificates;
import org.genaiconnector.ra.http.RawServer;
import org.genaiconnector.testkit.llm.LlmSimulator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** TLS with real certificates. Two retries are allowed, so that a wrong retry shows. */
@Timeout(60)
@Execution(ExecutionMode.CONCURRENT)
class LlmTlsTest {
    private static final String NO_MODELS =
            "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 12\r\n\r\n{\"data\": []}";

    @TempDir
    static Path directory;

    private static Certificates here;
    private static Certificates elsewhere;
    private static Certificates client;

    private final LlmManagedConnectionFactory factory = new LlmManagedConnectionFactory();
    private final List<AutoCloseable> open = new ArrayList<>();

    @BeforeAll
    static void makeCertificates() throws Exception {
        here = Certificates.make(directory, "here", "ip:127.0.0.1");
        elsewhere = Certificates.make(directory, "elsewhere", "dns:elsewhere.example");
        client = Certificates.make(directory, "client", "dns:client.example");
    }

    @BeforeEach
    void configure() {
        factory.setProbeOnCreate(false);
        factory.setMaxRetries(2);
        factory.setRetryDelayMillis(1);
        factory.setConnectTimeoutMillis(5_000);
        factory.setTrustStorePassword(Certificates.PASSWORD);
        factory.setKeyStorePassword(Certificates.PASSWORD);
    }

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable resource : open) {
            resource.close();
        }
    }

    @Test
    void trustsTheCertificateInItsTrustStore() throws Exception {
        LlmSimulator server = server(here);
        factory.setTrustStoreFile(here.trustStore());
        assertThat(failure()).isNull();
        assertThat(server.traffic().requests()).hasSize(1);
    }

    @Test
    void trustsNoOtherCertificate() throws Exception {
        LlmSimulator server = server(here);
        factory.setTrustStoreFile(client.trustStore());
        assertRefusedOnce(server, "PKIX path building failed", "trustStoreFile");
    }

    @Test
    void trustsTheCertificatesOfTheJvmIfNoneAreConfigured() throws Exception {
        LlmSimulator server = server(here);
        assertRefusedOnce(server, "PKIX path building failed", "trustStoreFile");
    }

    @Test
    void refusesACertificateOfAnotherHost() throws Exception {
        LlmSimulator server = server(elsewhere);
        factory.setTrustStoreFile(elsewhere.trustStore());
        assertRefusedOnce(server, "127.0.0.1");
    }

    @Test
    void acceptsACertificateOfAnotherHostIfConfigured() throws Exception {
        LlmSimulator server = server(elsewhere);
        factory.setTrustStoreFile(elsewhere.trustStore());
        factory.setVerifyHostName(false);
        assertThat(failure()).isNull();
        assertThat(server.traffic().requests()).hasSize(1);
    }

    @Test
    void trustsNoOtherCertificateEvenIfTheHostDoesNotMatter() throws Exception {
        LlmSimulator server = server(elsewhere);
        factory.setTrustStoreFile(here.trustStore());
        factory.setVerifyHostName(false);
        assertRefusedOnce(server, "PKIX path building failed", "trustStoreFile");
    }

    private void assertRefusedOnce(LlmSimulator server, String... reasons) throws ResourceException {
        GenAiException failure = failure();
        assertThat(failure.category()).isEqualTo(FailureCategory.TLS);
        assertThat(failure.isRetryable()).isFalse();
        assertThat(failure)
                .hasMessageContaining(server.uri().toString())
                .hasMessageContaining("no TLS connection")
                .hasMessageContainingAll(reasons);
        assertThat(server.traffic().requests()).isEmpty();
        assertThat(server.traffic().connectionsOpened()).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void showsItsOwnCertificateOnRequest(String protocol) throws Exception {
        factory.setServerUrl(mutualTls(protocol).uri("https") + "/v1");
        factory.setTrustStoreFile(here.trustStore());
        factory.setKeyStoreFile(client.keyStore());
        assertThat(failure()).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void isRefusedWithTheWrongCertificate(String protocol) throws Exception {
        RawServer server = mutualTls(protocol);
        factory.setServerUrl(server.uri("https") + "/v1");
        factory.setTrustStoreFile(here.trustStore());
        factory.setKeyStoreFile(elsewhere.keyStore());
        assertThat(failure().category()).isEqualTo(FailureCategory.TLS);
        assertThat(server.connections()).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void isRefusedWithoutACertificate(String protocol) throws Exception {
        RawServer server = mutualTls(protocol);
        factory.setServerUrl(server.uri("https") + "/v1");
        factory.setTrustStoreFile(here.trustStore());
        assertThat(failure().category()).isEqualTo(FailureCategory.TLS);
        assertThat(server.connections()).isEqualTo(1);
    }

    @Test
    void triesAgainIfTheServerCutsTheHandshake() throws Exception {
        RawServer server = server(socket -> socket.getInputStream().read());
        factory.setServerUrl(server.uri("https") + "/v1");
        assertThat(failure().category()).isEqualTo(FailureCategory.UNAVAILABLE);
        assertThat(server.connections()).isEqualTo(3);
        assertThat(factory.statistics().requests().retries()).isEqualTo(2);
    }

    @Test
    void waitsForTheHandshakeNoLongerThanForAConnection() throws Exception {
        RawServer server = server(socket -> socket.getInputStream().transferTo(OutputStream.nullOutputStream()));
        factory.setServerUrl(server.uri("https") + "/v1");
        factory.setConnectTimeoutMillis(200);
        factory.setMaxRetries(0);
        GenAiException failure = failure();
        assertThat(failure.category()).isEqualTo(FailureCategory.TIMEOUT_CONNECT);
        assertThat(failure).hasMessageContaining("200 ms");
    }

    @Test
    void distinguishesAnHttpsAddressOfAPlainPortFromAWrongCertificate() throws Exception {
        LlmSimulator server = LlmSimulator.start();
        open.add(server);
        factory.setServerUrl(server.openAiUri().toString().replace("http:", "https:"));
        GenAiException failure = failure();
        assertThat(failure.category()).isEqualTo(FailureCategory.TLS);
        assertThat(failure).hasMessageContaining("plain HTTP");
        assertThat(server.traffic().connectionsOpened()).isEqualTo(1);
    }

    @Test
    void distinguishesAPlainAddressOfATlsPortFromABrokenBackend() throws Exception {
        LlmSimulator server = server(here);
        factory.setServerUrl(server.openAiUri().toString().replace("https:", "http:"));
        GenAiException failure = failure();
        assertThat(failure.category()).isEqualTo(FailureCategory.COMMUNICATION);
        assertThat(failure).hasMessageContaining("https");
    }

    @ParameterizedTest
    @ValueSource(strings = {"trustStore", "keyStore"})
    void namesThePropertyWhosePasswordIsWrong(String store) {
        set(store, here.keyStore(), "Wr0ng-secret");
        assertInvalid(store + "Password", "Wr0ng-secret");
    }

    @ParameterizedTest
    @ValueSource(strings = {"trustStore", "keyStore"})
    void namesThePropertyWhosePasswordIsMissing(String store) {
        set(store, here.keyStore(), null);
        assertInvalid(store + "Password", Certificates.PASSWORD);
    }

    @ParameterizedTest
    @ValueSource(strings = {"trustStore", "keyStore"})
    void namesThePropertyWhoseFileIsMissing(String store) {
        String missing = directory.resolve("missing.p12").toString();
        set(store, missing, "My-secret");
        assertInvalid(store + "File", "My-secret").hasMessageContaining(missing);
    }

    @ParameterizedTest
    @ValueSource(strings = {"trustStore", "keyStore"})
    void namesThePropertyWhoseFileIsNoStore(String store) throws Exception {
        Path text = Files.writeString(directory.resolve("text.p12"), "Hello");
        set(store, text.toString(), "My-secret");
        assertInvalid(store + "File", "My-secret").hasMessageContaining("text.p12");
    }

    @Test
    void wantsAKeyInTheKeyStore() {
        set("keyStore", here.trustStore(), Certificates.PASSWORD);
        assertInvalid("keyStoreFile", Certificates.PASSWORD);
    }

    private void set(String store, String file, String password) {
        factory.setServerUrl("https://127.0.0.1:1");
        if (store.equals("trustStore")) {
            factory.setTrustStoreFile(file);
            factory.setTrustStorePassword(password);
        } else {
            factory.setKeyStoreFile(file);
            factory.setKeyStorePassword(password);
        }
    }

    private AbstractThrowableAssert<?, ? extends Throwable> assertInvalid(String property, String secret) {
        return assertThatThrownBy(() -> factory.createManagedConnection(null, null))
                .isInstanceOf(InvalidPropertyException.class)
                .hasMessageStartingWith("Configuration property " + property + " ")
                .hasMessageNotContaining(secret);
    }

    private LlmSimulator server(Certificates certificate) throws Exception {
        LlmSimulator server = LlmSimulator.builder().tls(certificate.server()).start();
        open.add(server);
        factory.setServerUrl(server.openAiUri().toString());
        return server;
    }

    private RawServer mutualTls(String protocol) throws Exception {
        RawServer server = RawServer.mutualTls(here.serverTrusting(client), protocol, RawServer.answers(NO_MODELS));
        open.add(server);
        return server;
    }

    private RawServer server(RawServer.Script script) {
        RawServer server = RawServer.start(script);
        open.add(server);
        return server;
    }

    /** What a call on a new connection fails with; null if it succeeds. */
    private GenAiException failure() throws ResourceException {
        ManagedConnection managed = factory.createManagedConnection(null, null);
        open.add(managed::destroy);
        LlmConnection connection = (LlmConnection) managed.getConnection(null, null);
        try {
            connection.listModels();
            return null;
        } catch (GenAiException e) {
            return e;
        }
    }
}
