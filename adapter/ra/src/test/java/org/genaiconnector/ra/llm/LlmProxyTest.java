package org.genaiconnector.ra.llm;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.resource.ResourceException;
import jakarta.resource.spi.ManagedConnection;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.genaiconnector.FailureCategory;
import org.genaiconnector.GenAiException;
import org.genaiconnector.llm.ChatRequest;
import org.genaiconnector.llm.LlmConnection;
import org.genaiconnector.ra.http.Certificates;
import org.genaiconnector.ra.http.RawServer;
import org.genaiconnector.ra.http.TestProxy;
import org.genaiconnector.testkit.llm.LlmSimulator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Calls through a proxy: plain ones are forwarded, TLS is tunnelled. Two retries are allowed. */
@Timeout(60)
class LlmProxyTest {
    private static final String PASSWORD = "\u00f6ffne: dich";

    @TempDir
    static Path directory;

    private static Certificates certificate;

    private final LlmManagedConnectionFactory factory = new LlmManagedConnectionFactory();
    private final TestProxy proxy = TestProxy.start();
    private final List<AutoCloseable> open = new ArrayList<>(List.of(proxy));
    private LlmConnection connection;

    @BeforeAll
    static void makeCertificate() throws Exception {
        certificate = Certificates.make(directory, "here", "ip:127.0.0.1");
    }

    @BeforeEach
    void configure() {
        factory.setProbeOnCreate(false);
        factory.setModel("tiny");
        factory.setMaxRetries(2);
        factory.setRetryDelayMillis(1);
        factory.setProxyHost("127.0.0.1");
        factory.setProxyPort(proxy.port());
        factory.setTrustStoreFile(certificate.trustStore());
        factory.setTrustStorePassword(Certificates.PASSWORD);
    }

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable resource : open) {
            resource.close();
        }
    }

    @Test
    void plainRequestsAreForwardedOneByOneOnOneSocket() throws Exception {
        LlmSimulator server = plain();
        connect();
        assertThat(failure()).isNull();
        assertThat(chat()).isNull();
        assertThat(proxy.lines())
                .containsExactly(
                        "GET " + server.openAiUri() + "/models HTTP/1.1",
                        "POST " + server.openAiUri() + "/chat/completions HTTP/1.1");
        assertThat(proxy.connections()).isEqualTo(1);
        assertThat(server.traffic().requests())
                .allSatisfy(request -> assertThat(request.header("Via")).isPresent());
    }

    @Test
    void tlsGoesThroughOneTunnel() throws Exception {
        LlmSimulator server = secure();
        connect();
        assertThat(failure()).isNull();
        assertThat(chat()).isNull();
        assertThat(proxy.lines())
                .containsExactly("CONNECT 127.0.0.1:" + server.uri().getPort() + " HTTP/1.1");
        assertThat(server.traffic().requests()).hasSize(2);
    }

    @Test
    void aPlainRequestBringsThePasswordAtOnce() throws Exception {
        LlmSimulator server = plain();
        proxy.authorize("me", PASSWORD);
        authenticate(PASSWORD);
        connect();
        assertThat(chat()).isNull();
        assertThat(proxy.lines()).hasSize(1);
        assertTheServerSeesNoPassword(server);
    }

    @Test
    void aTunnelBringsThePasswordAtOnce() throws Exception {
        LlmSimulator server = secure();
        proxy.authorize("me", PASSWORD);
        authenticate(PASSWORD);
        connect();
        assertThat(chat()).isNull();
        assertThat(chat()).isNull();
        assertThat(proxy.lines()).hasSize(1);
        assertThat(proxy.connections()).isEqualTo(1);
        assertTheServerSeesNoPassword(server);
    }

    @Test
    void aNewTunnelBringsThePasswordAgain() throws Exception {
        LlmSimulator server = secure();
        proxy.authorize("me", PASSWORD);
        authenticate(PASSWORD);
        connect();
        assertThat(chat()).isNull();
        server.faults().killConnections();
        assertThat(failure()).isNull();
        assertThat(proxy.lines()).hasSize(2);
        assertTheServerSeesNoPassword(server);
    }

    private static void assertTheServerSeesNoPassword(LlmSimulator server) {
        assertThat(server.traffic().requests())
                .isNotEmpty()
                .allSatisfy(request ->
                        assertThat(request.header("Proxy-Authorization")).isEmpty());
    }

    @ParameterizedTest
    @CsvSource({"true, true", "true, false", "false, true", "false, false"})
    void aWrongPasswordIsTriedOnce(boolean secure, boolean proxyKeepsTheSocket) throws Exception {
        LlmSimulator server = secure ? secure() : plain();
        proxy.authorize("me", PASSWORD);
        if (proxyKeepsTheSocket) {
            proxy.keepRefusedConnections();
        }
        authenticate("Wr0ng-secret");
        connect();
        GenAiException failure = failure();
        assertThat(failure.category()).isEqualTo(FailureCategory.PROXY);
        assertThat(failure.isRetryable()).isFalse();
        assertThat(failure.status()).hasValue(407);
        assertThat(failure)
                .hasMessageContaining("127.0.0.1:" + proxy.port())
                .hasMessageContaining("407")
                .hasMessageNotContaining("Wr0ng-secret");
        assertThat(proxy.heads().stream().filter(head -> head.contains("Proxy-Authorization")))
                .hasSize(1);
        assertThat(server.traffic().requests()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aMissingPasswordIsTheProxysFault(boolean secure) throws Exception {
        LlmSimulator server = secure ? secure() : plain();
        proxy.authorize("me", PASSWORD);
        connect();
        assertThat(failure().category()).isEqualTo(FailureCategory.PROXY);
        assertThat(proxy.lines()).hasSize(1);
        assertThat(server.traffic().requests()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aConnectionIsAsGoodAsNewAfterARefusal(boolean secure) throws Exception {
        LlmSimulator server = secure ? secure() : plain();
        proxy.authorize("me", "not yet");
        authenticate(PASSWORD);
        connect();
        assertThat(failure().category()).isEqualTo(FailureCategory.PROXY);
        proxy.authorize("me", PASSWORD);
        assertThat(failure()).isNull();
        assertThat(server.traffic().requests()).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"http", "https"})
    void aProxyThatIsDownIsNamedAndTriedAgain(String scheme) throws Exception {
        factory.setServerUrl(scheme + "://127.0.0.1:1/v1");
        proxy.close();
        connect();
        GenAiException failure = failure();
        assertThat(failure.category()).isEqualTo(FailureCategory.UNAVAILABLE);
        assertThat(failure).hasMessageContaining("through the proxy 127.0.0.1:" + proxy.port());
        assertThat(factory.statistics().requests().retries()).isEqualTo(2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"http", "https"})
    void aServerThatTheProxyCannotReachIsUnavailable(String scheme) throws Exception {
        factory.setServerUrl(scheme + "://127.0.0.1:1/v1");
        connect();
        assertThat(failure().category()).isEqualTo(FailureCategory.UNAVAILABLE);
        assertThat(proxy.lines()).hasSize(3);
    }

    @Test
    void aTunnelThatIsNotAllowedIsNotAskedForAgain() throws Exception {
        RawServer strict = RawServer.answering("HTTP/1.1 403 Forbidden\r\nContent-Length: 8\r\n\r\nno games");
        open.add(strict);
        factory.setServerUrl("https://127.0.0.1:1/v1");
        factory.setProxyPort(strict.port());
        connect();
        GenAiException failure = failure();
        assertThat(failure.category()).isEqualTo(FailureCategory.PROXY);
        assertThat(failure).hasMessageContaining("no games").hasMessageContaining("proxy 127.0.0.1:" + strict.port());
        assertThat(strict.connections()).isEqualTo(1);
    }

    @Test
    void aHandshakeThatIsCutInTheTunnelIsTriedAgain() throws Exception {
        RawServer cutting = RawServer.start(socket -> socket.getInputStream().read());
        open.add(cutting);
        factory.setServerUrl(cutting.uri("https") + "/v1");
        connect();
        assertThat(failure().category()).isEqualTo(FailureCategory.UNAVAILABLE);
        assertThat(cutting.connections()).isEqualTo(3);
    }

    @Test
    void aCertificateIsCheckedThroughTheTunnel() throws Exception {
        secure();
        factory.setTrustStoreFile(null);
        connect();
        assertThat(failure().category()).isEqualTo(FailureCategory.TLS);
        assertThat(proxy.lines()).hasSize(1);
    }

    @Test
    void theProxySeesTheUserAgentButNoHeaderThatIsForTheServer() throws Exception {
        secure();
        factory.setUserAgent("studio/1");
        factory.setApiKey("sk-secret");
        factory.setExtraHeaders("X-Team=blue");
        connect();
        assertThat(failure()).isNull();
        assertThat(proxy.heads().get(0))
                .contains("User-Agent: studio/1")
                .doesNotContain("sk-secret")
                .doesNotContain("X-Team");
    }

    @Test
    void excludedHostsAreReachedWithoutTheProxy() throws Exception {
        LlmSimulator server = plain();
        factory.setProxyExclusions("localhost|127.*");
        connect();
        assertThat(failure()).isNull();
        assertThat(proxy.connections()).isZero();
        assertThat(server.traffic().requests()).hasSize(1);
    }

    private LlmSimulator plain() {
        return at(LlmSimulator.start());
    }

    private LlmSimulator secure() throws Exception {
        return at(LlmSimulator.builder().tls(certificate.server()).start());
    }

    private LlmSimulator at(LlmSimulator server) {
        open.add(server);
        factory.setServerUrl(server.openAiUri().toString());
        return server;
    }

    private void authenticate(String password) {
        factory.setProxyUser("me");
        factory.setProxyPassword(password);
    }

    private void connect() throws ResourceException {
        ManagedConnection managed = factory.createManagedConnection(null, null);
        open.add(0, managed::destroy);
        connection = (LlmConnection) managed.getConnection(null, null);
    }

    private GenAiException failure() {
        return failure(() -> connection.listModels());
    }

    private GenAiException chat() {
        return failure(() -> connection.chat(ChatRequest.of("Hi")));
    }

    @FunctionalInterface
    private interface Call {
        void make() throws GenAiException;
    }

    private static GenAiException failure(Call call) {
        try {
            call.make();
            return null;
        } catch (GenAiException e) {
            return e;
        }
    }
}
