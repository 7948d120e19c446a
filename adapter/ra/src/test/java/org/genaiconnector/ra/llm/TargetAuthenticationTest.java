package org.genaiconnector.ra.llm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.stream.Stream;
import org.genaiconnector.Credentials;
import org.genaiconnector.FailureCategory;
import org.genaiconnector.llm.ChatRequest;
import org.genaiconnector.llm.LlmConnection;
import org.genaiconnector.llm.LlmConnectionFactory;
import org.genaiconnector.llm.Routing;
import org.genaiconnector.testkit.Fault;
import org.genaiconnector.testkit.Match;
import org.genaiconnector.testkit.RecordedRequest;
import org.genaiconnector.testkit.llm.LlmSimulator;
import org.genaiconnector.testkit.llm.Profile;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Each target of a factory is called as somebody else: target "a" as the tests say, "b" with a key of its own. */
class TargetAuthenticationTest {
    private static final String TOKEN_PATH = "/oauth2/token";
    private static final String SECRET = "s3cret of the client";

    private final LlmSimulator issuer = LlmSimulator.start();
    private final LlmSimulator b = LlmSimulator.builder().apiKeys("key-of-b").start();
    private LlmSimulator a;

    @TempDir
    private Path directory;

    @AfterEach
    void stop() {
        issuer.close();
        b.close();
        if (a != null) {
            a.close();
        }
    }

    private void start(Profile profile, String... keys) {
        a = LlmSimulator.builder().profile(profile).apiKeys(keys).start();
    }

    private LlmManagedConnectionFactory factory(String provider, String address, String authentication) {
        LlmManagedConnectionFactory managed =
                TargetServers.factory(("{\"targets\": {\"a\": {\"provider\": \"" + provider
                        + "\", \"address\": \"" + address + "\", \"models\": [\"m\"], " + authentication
                        + "}, \"b\": {\"provider\": \"OPENAI\", \"address\": \"" + b.openAiUri()
                        + "\", \"models\": [\"m\"], \"credentials\": \"B\"}}, \"defaultModel\": \"m\"}"));
        managed.setMaxRetries(0);
        managed.setServerCredentials("B=key-of-b");
        return managed;
    }

    private LlmManagedConnectionFactory openAi(String authentication) {
        return factory("OPENAI", a.openAiUri().toString(), authentication);
    }

    private static Routing chat(LlmConnection connection) throws Exception {
        return connection.chat(ChatRequest.of("Hi")).routing().orElseThrow();
    }

    private static List<String> sent(LlmSimulator server, String header) {
        return server.traffic().requests(Match.method("POST")).stream()
                .map(request -> request.header(header).orElse(""))
                .toList();
    }

    private Path keyFile(String key) throws Exception {
        return Files.writeString(directory.resolve("key"), key + "\n");
    }

    private static String inFile(Path file) {
        return "\"apiKeyFile\": \"" + file.toString().replace("\\", "\\\\") + "\"";
    }

    @Test
    void theKeyInAFileIsSentAndFollowed() throws Exception {
        start(Profile.OPENAI, "key-2");
        Path file = keyFile("key-1");
        try (LlmConnection connection = SimulatedLlm.connection(openAi(inFile(file)))) {
            Routing first = chat(connection);
            assertThat(first.target()).isEqualTo("b");
            assertThat(first.failed())
                    .singleElement()
                    .satisfies(one -> assertThat(one.category()).isEqualTo(FailureCategory.AUTHENTICATION));
            assertThat(sent(a, "Authorization"))
                    .as("no second try with the same key")
                    .hasSize(1);

            keyFile("key-2");
            assertThat(chat(connection).target()).isEqualTo("a");
            assertThat(Streams.drain(connection.stream(ChatRequest.of("Hi")))).isNotEmpty();
        }
        assertThat(sent(a, "Authorization"))
                .startsWith("Bearer key-1")
                .endsWith("Bearer key-2", "Bearer key-2")
                .doesNotContain("Bearer key-of-b");
        assertThat(sent(b, "Authorization")).containsExactly("Bearer key-of-b");
    }

    @Test
    void theKeyInAFileHasTheHeaderOfItsProvider() throws Exception {
        a = LlmSimulator.builder().apiKeys("key-1").start();
        String address = a.anthropicUri().toString();
        try (LlmConnection connection =
                SimulatedLlm.connection(factory("ANTHROPIC", address, inFile(keyFile("key-1"))))) {
            assertThat(chat(connection).target()).isEqualTo("a");
        }
        RecordedRequest request = a.traffic().requests(Match.method("POST")).get(0);
        assertThat(request.header("x-api-key")).hasValue("key-1");
        assertThat(request.header("anthropic-version")).hasValue("2023-06-01");
        assertThat(request.header("Authorization")).isEmpty();
    }

    @Test
    void withoutItsKeyFileOnlyThisTargetFails() throws Exception {
        start(Profile.OPENAI, "key-1");
        try (LlmConnection connection = SimulatedLlm.connection(openAi(inFile(directory.resolve("none"))))) {
            Routing routing = chat(connection);
            assertThat(routing.target()).isEqualTo("b");
            assertThat(routing.failed())
                    .singleElement()
                    .satisfies(one -> assertThat(one.message())
                            .contains("targets.a.apiKeyFile leads to no file: " + directory.resolve("none")));

            keyFile("key-1");
            Files.move(directory.resolve("key"), directory.resolve("none"));
            assertThat(chat(connection).target()).isEqualTo("a");
        }
        assertThat(sent(a, "Authorization")).containsExactly("Bearer key-1");
    }

    private String tokens() {
        return "\"credentials\": \"CLIENT\", \"clientId\": \"studio\", \"scope\": \"llm\", \"tokenUrl\": \""
                + issuer.uri() + TOKEN_PATH + "\"";
    }

    private LlmManagedConnectionFactory withTokens() {
        LlmManagedConnectionFactory managed = openAi(tokens());
        managed.setServerCredentials("B=key-of-b,CLIENT=" + SECRET);
        return managed;
    }

    private void issue(String token) {
        issuer.script().at(TOKEN_PATH).json("{\"expires_in\": 3600, \"access_token\": \"" + token + "\"}");
    }

    @Test
    void aTargetGetsTokensOfItsOwnClient() throws Exception {
        start(Profile.OPENAI, "token-2");
        issue("token-1");
        issue("token-2");
        try (LlmConnection connection = SimulatedLlm.connection(withTokens())) {
            assertThat(chat(connection).target()).isEqualTo("a");
            assertThat(Streams.drain(connection.stream(ChatRequest.of("Hi")))).isNotEmpty();
        }
        assertThat(sent(a, "Authorization")).containsExactly("Bearer token-1", "Bearer token-2", "Bearer token-2");
        assertThat(issuer.traffic().requests()).hasSize(2);
        assertThat(new String(issuer.traffic().requests().get(0).body(), StandardCharsets.UTF_8))
                .contains("client_id=studio", "client_secret=s3cret+of+the+client", "scope=llm");
        assertThat(b.traffic().requests()).isEmpty();
    }

    @Test
    void whileOneTokenEndpointIsDownTheOtherTargetAnswers() throws Exception {
        start(Profile.OPENAI, "token-1");
        issuer.close();
        try (LlmConnection connection = SimulatedLlm.connection(withTokens())) {
            Routing routing = chat(connection);
            assertThat(routing.target()).isEqualTo("b");
            assertThat(routing.failed())
                    .singleElement()
                    .satisfies(one -> assertThat(one.message()).contains("The token endpoint (targets.a.tokenUrl)"));
        }
        assertThat(a.traffic().requests(Match.method("POST"))).isEmpty();
    }

    static Stream<Arguments> troubles() {
        return Stream.of(
                Arguments.of("an answer without a token", Fault.status(200).json("{\"token\": 1}")),
                Arguments.of("a gateway that does not wait", Fault.status(504)),
                Arguments.of("Cloudflare, likewise", Fault.status(524)),
                Arguments.of("a connection that breaks", Fault.resetBeforeResponse()),
                Arguments.of("an answer that breaks off", Fault.closeAfter(5)),
                Arguments.of("too many requests", Fault.status(429)));
    }

    /** Nothing was sent to its service, which may have done nothing. */
    @ParameterizedTest(name = "{0}")
    @MethodSource("troubles")
    void withoutItsTokenTheNextTargetAnswers(String what, Fault fault) throws Exception {
        start(Profile.OPENAI, "token-1");
        issuer.faults().always(fault);
        try (LlmConnection connection = SimulatedLlm.connection(withTokens())) {
            assertThat(chat(connection).target()).isEqualTo("b");
            int asked = issuer.traffic().requests().size();
            assertThat(chat(connection).target()).isEqualTo("b");
            assertThat(issuer.traffic().requests()).as("it is left in peace").hasSize(asked);
        }
        assertThat(a.traffic().requests(Match.method("POST"))).isEmpty();
    }

    @Test
    void aRefusedClientIsNamedWithItsPlaceAndNotWithItsSecret() throws Exception {
        start(Profile.OPENAI, "token-1");
        issuer.script().at(TOKEN_PATH).json(401, "{\"error_description\": \"no secret like " + SECRET + "\"}");
        try (LlmConnection connection = SimulatedLlm.connection(withTokens())) {
            assertThat(chat(connection).failed())
                    .singleElement()
                    .satisfies(one -> assertThat(one.message())
                            .contains("refuses the client studio")
                            .contains("check clientId, credentials and scope at targets.a")
                            .doesNotContain(SECRET));
        }
    }

    @Test
    void credentialsOfARequestWin() throws Exception {
        start(Profile.OPENAI, "key-of-alice");
        LlmConnectionFactory connections = (LlmConnectionFactory) withTokens().createConnectionFactory();
        try (LlmConnection connection = connections.getConnection(Credentials.apiKey("key-of-alice"))) {
            assertThat(chat(connection).target()).isEqualTo("a");
        }
        assertThat(issuer.traffic().requests()).isEmpty();
    }

    @Test
    void aTargetHasAHeaderOfItsOwn() throws Exception {
        start(Profile.OPENAI);
        LlmManagedConnectionFactory managed = openAi("\"credentials\": \"A\", \"apiKeyHeader\": \"X-Gateway-Key\"");
        managed.setServerCredentials("A=key-of-a,B=key-of-b");
        try (LlmConnection connection = SimulatedLlm.connection(managed)) {
            assertThat(chat(connection).target()).isEqualTo("a");
        }
        assertThat(sent(a, "X-Gateway-Key")).containsExactly("key-of-a");
        assertThat(sent(a, "Authorization")).containsExactly("");
    }

    @Test
    void aUserAndAPasswordAreBasic() throws Exception {
        start(Profile.OPENAI);
        LlmManagedConnectionFactory managed = openAi("\"credentials\": \"A\"");
        managed.setServerCredentials("A=anna:pass:word,B=key-of-b");
        try (LlmConnection connection = SimulatedLlm.connection(managed)) {
            chat(connection);
        }
        assertThat(sent(a, "Authorization"))
                .containsExactly("Basic "
                        + Base64.getEncoder().encodeToString("anna:pass:word".getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void azureGetsItsHeaderAndTheVersionOfItsApi() throws Exception {
        start(Profile.AZURE, "key-of-a");
        LlmManagedConnectionFactory managed =
                factory("AZURE", a.uri() + "/openai/v1?api-version=preview", "\"credentials\": \"A\"");
        managed.setServerCredentials("A=key-of-a,B=key-of-b");
        try (LlmConnection connection = SimulatedLlm.connection(managed)) {
            assertThat(chat(connection).target()).isEqualTo("a");
        }
        RecordedRequest request = a.traffic().requests(Match.method("POST")).get(0);
        assertThat(request.header("api-key")).hasValue("key-of-a");
        assertThat(request.target()).endsWith("?api-version=preview");
    }

    @Test
    void aTokenEndpointNeedsTheSecretOfItsClient() {
        start(Profile.OPENAI);
        LlmManagedConnectionFactory managed = openAi(tokens());
        assertThatThrownBy(() -> managed.createManagedConnection(null, null))
                .hasMessage("Configuration property serverCredentials has no entry CLIENT, which target a names as its"
                        + " credentials");
    }
}
