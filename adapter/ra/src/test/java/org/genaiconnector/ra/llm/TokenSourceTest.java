package org.genaiconnector.ra.llm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import org.genaiconnector.Credentials;
import org.genaiconnector.FailureCategory;
import org.genaiconnector.GenAiException;
import org.genaiconnector.llm.ChatRequest;
import org.genaiconnector.llm.LlmConnection;
import org.genaiconnector.llm.LlmConnectionFactory;
import org.genaiconnector.ra.http.HttpCall;
import org.genaiconnector.ra.http.Transport;
import org.genaiconnector.testkit.Fault;
import org.genaiconnector.testkit.RecordedRequest;
import org.genaiconnector.testkit.llm.LlmSimulator;
import org.genaiconnector.testkit.llm.Profile;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Tokens of an OIDC provider in place of a key. */
class TokenSourceTest {
    private static final String ENDPOINT = "/oauth2/token";
    private static final String SECRET = "s3cret&of the client";

    private final LlmSimulator issuer = LlmSimulator.start();
    private final AtomicLong clock = new AtomicLong();
    private LlmSimulator service;

    @BeforeEach
    void start() {
        service = LlmSimulator.builder()
                .profile(Profile.AZURE)
                .apiKeys("token-1", "token-2", "other-key")
                .start();
    }

    @AfterEach
    void stop() {
        issuer.close();
        service.close();
    }

    private void issues(String token, int seconds) {
        issuer.script()
                .at(ENDPOINT)
                .json("{\"token_type\":\"Bearer\",\"expires_in\":" + seconds + ",\"access_token\":\"" + token + "\"}");
    }

    private LlmManagedConnectionFactory factory() {
        LlmManagedConnectionFactory managed = new LlmManagedConnectionFactory();
        managed.setProvider("azure");
        managed.setServerUrl(service.uri() + "/openai/v1");
        managed.setModel("gpt");
        managed.setMaxRetries(0);
        managed.setTokenUrl(issuer.uri() + ENDPOINT);
        managed.setClientId("studio");
        managed.setClientSecret(SECRET);
        managed.setScope("https://cognitiveservices.azure.com/.default");
        return managed;
    }

    private List<String> authorizations() {
        return service.traffic().requests().stream()
                .map(request -> request.header("Authorization").orElse(""))
                .toList();
    }

    @Test
    void oneTokenServesAllConnections() throws Exception {
        issues("token-1", 3600);
        LlmConnectionFactory connections = (LlmConnectionFactory) factory().createConnectionFactory();
        for (int i = 0; i < 2; i++) {
            try (LlmConnection connection = connections.getConnection()) {
                assertThat(connection.chat(ChatRequest.of("Hi")).text()).isNotEmpty();
                assertThat(Streams.drain(connection.stream(ChatRequest.of("Hi"))))
                        .isNotEmpty();
            }
        }
        assertThat(authorizations()).isNotEmpty().containsOnly("Bearer token-1");
        assertThat(service.traffic().requests())
                .allSatisfy(request -> assertThat(request.header("api-key")).isEmpty());
        assertThat(issuer.traffic().requests()).hasSize(1);
        RecordedRequest asked = issuer.traffic().requests().get(0);
        assertThat(asked.header("Content-Type")).hasValue("application/x-www-form-urlencoded");
        assertThat(new String(asked.body(), StandardCharsets.UTF_8))
                .isEqualTo("grant_type=client_credentials&client_id=studio&client_secret=s3cret%26of+the+client"
                        + "&scope=https%3A%2F%2Fcognitiveservices.azure.com%2F.default");
    }

    @Test
    void aRefusedTokenIsReplacedOnceAlsoForStreams() throws Exception {
        issues("revoked", 3600);
        issues("token-2", 3600);
        LlmManagedConnectionFactory managed = factory();
        managed.setProbeOnCreate(false);
        try (LlmConnection connection = SimulatedLlm.connection(managed)) {
            assertThat(Streams.drain(connection.stream(ChatRequest.of("Hi")))).isNotEmpty();
        }
        assertThat(authorizations()).containsExactly("Bearer revoked", "Bearer token-2");
    }

    @Test
    void aSecondRefusalIsReportedWithoutTheToken() throws Exception {
        issues("revoked-0123456789", 3600);
        issues("revoked-9876543210", 3600);
        LlmManagedConnectionFactory managed = factory();
        managed.setProbeOnCreate(false);
        service.faults()
                .always(Fault.status(401).json("{\"error\":{\"message\":\"not a member: revoked-9876543210\"}}"));
        try (LlmConnection connection = SimulatedLlm.connection(managed)) {
            assertThatThrownBy(() -> connection.chat(ChatRequest.of("Hi")))
                    .isInstanceOfSatisfying(
                            GenAiException.class,
                            e -> assertThat(e.category()).isEqualTo(FailureCategory.AUTHENTICATION))
                    .hasMessageContaining("not a member")
                    .hasMessageNotContaining("revoked-9876543210");
        }
        assertThat(issuer.traffic().requests()).hasSize(2);
    }

    @Test
    void aRefusedClientIsNamedWithItsPropertiesAndNotWithItsSecret() {
        issuer.script()
                .at(ENDPOINT)
                .json(401, "{\"error\":\"invalid_client\",\"error_description\":\"no secret like " + SECRET + "\"}");
        assertThatThrownBy(() -> factory().createManagedConnection(null, null))
                .hasMessageContaining("tokenUrl")
                .hasMessageContaining("refuses the client studio")
                .hasMessageContaining("check clientId, clientSecret and scope")
                .hasMessageNotContaining(SECRET);
        assertThat(service.traffic().requests()).isEmpty();
    }

    @Test
    void answersWithoutATokenAreNoTokens() {
        issuer.script().at(ENDPOINT).json("{\"access_token\":\"line\\nfeed\"}");
        assertThatThrownBy(() -> factory().createManagedConnection(null, null))
                .hasMessageContaining("without an access_token");
    }

    @Test
    void credentialsOfARequestWin() throws Exception {
        LlmManagedConnectionFactory managed = factory();
        LlmConnectionFactory connections = (LlmConnectionFactory) managed.createConnectionFactory();
        try (LlmConnection connection = connections.getConnection(Credentials.apiKey("other-key"))) {
            connection.chat(ChatRequest.of("Hi"));
        }
        assertThat(issuer.traffic().requests()).isEmpty();
    }

    // ---- in time

    private TokenSource source() {
        return new TokenSource(
                new TokenSource.Client(
                        "property tokenUrl",
                        URI.create(issuer.uri() + ENDPOINT),
                        "studio",
                        SECRET,
                        Optional.empty(),
                        "clientId"),
                Duration.ofSeconds(1),
                Transport.DEFAULT,
                clock::get);
    }

    private static String sent(TokenSource source) throws GenAiException {
        return source.send(
                HttpCall.get(TestDialects.backend().resource("/models")),
                call -> call.headers().get("Authorization"));
    }

    private void pass(Duration time) {
        clock.addAndGet(time.toNanos());
    }

    @Test
    void aTokenIsRenewedShortlyBeforeItsEnd() throws Exception {
        issues("token-1", 600);
        TokenSource source = source();
        assertThat(sent(source)).isEqualTo("Bearer token-1");
        pass(Duration.ofSeconds(539));
        assertThat(sent(source)).isEqualTo("Bearer token-1");
        pass(Duration.ofSeconds(2));
        issues("token-2", 600);
        assertThat(sent(source)).isEqualTo("Bearer token-2");
    }

    @Test
    void aTokenLastsUntilItsEndIfNoneFollows() throws Exception {
        issues("token-1", 600);
        TokenSource source = source();
        assertThat(sent(source)).isEqualTo("Bearer token-1");
        pass(Duration.ofSeconds(550));
        issuer.faults().always(Fault.status(500));
        assertThat(sent(source)).isEqualTo("Bearer token-1");
        pass(Duration.ofSeconds(51));
        assertThatThrownBy(() -> sent(source)).hasMessageContaining("tokenUrl");
    }

    @Test
    void oneThreadGetsTheTokenForAll() throws Exception {
        issues("token-1", 600);
        TokenSource source = source();
        ExecutorService threads = Executors.newFixedThreadPool(8);
        try {
            List<Future<String>> all = new ArrayList<>();
            for (int i = 0; i < 32; i++) {
                all.add(threads.submit(() -> sent(source)));
            }
            for (Future<String> one : all) {
                assertThat(one.get()).isEqualTo("Bearer token-1");
            }
        } finally {
            threads.shutdownNow();
        }
        assertThat(issuer.traffic().requests()).hasSize(1);
    }
}
