package org.genaiconnector.ra.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.genaiconnector.ra.connection.TestConnections.subject;

import jakarta.resource.ResourceException;
import jakarta.resource.spi.ConnectionRequestInfo;
import jakarta.resource.spi.ManagedConnection;
import jakarta.resource.spi.SecurityException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import javax.security.auth.Subject;
import org.genaiconnector.Credentials;
import org.genaiconnector.FailureCategory;
import org.genaiconnector.comfyui.ComfyUiConnection;
import org.genaiconnector.comfyui.ComfyUiConnectionFactory;
import org.genaiconnector.comfyui.Download;
import org.genaiconnector.comfyui.Job;
import org.genaiconnector.comfyui.JobStatus;
import org.genaiconnector.comfyui.OutputFile;
import org.genaiconnector.comfyui.Workflow;
import org.genaiconnector.llm.LlmConnection;
import org.genaiconnector.ra.GenAiResourceAdapter;
import org.genaiconnector.ra.TestContainer;
import org.genaiconnector.ra.comfyui.ComfyUiManagedConnectionFactory;
import org.genaiconnector.ra.llm.LlmManagedConnectionFactory;
import org.genaiconnector.testkit.comfyui.ComfyUiSimulator;
import org.genaiconnector.testkit.comfyui.SeenRequest;
import org.genaiconnector.testkit.llm.LlmSimulator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Credentials (specification chapter 9)")
class CredentialsTest {
    private LlmSimulator server;
    private LlmManagedConnectionFactory factory;

    @BeforeEach
    void start() {
        server = LlmSimulator.builder()
                .apiKeys("sk-own", "sk-subject", "sk-request")
                .start();
        factory = TestConnections.llm(server);
        factory.setApiKey("sk-own");
    }

    @AfterEach
    void stop() {
        server.close();
    }

    /** The Authorization header of a call by a connection that was asked for so. */
    private String sent(Subject subject, ConnectionRequestInfo request) throws ResourceException {
        ManagedConnection connection = factory.createManagedConnection(subject, request);
        try {
            ((LlmConnection) connection.getConnection(subject, request)).listModels();
        } finally {
            connection.destroy();
        }
        return server.traffic()
                .requests()
                .get(server.traffic().requests().size() - 1)
                .header("Authorization")
                .orElse("none");
    }

    @Test
    @DisplayName(
            "SPEC:60, 9.2.6: the request's credentials count first, then the application server's, then the factory's own")
    void theRequestCountsMostThenTheContainer() throws Exception {
        ConnectionRequest request = new ConnectionRequest(Credentials.apiKey("sk-request"));
        Subject subject = subject(factory, "", "sk-subject");
        assertThat(sent(null, null)).isEqualTo("Bearer sk-own");
        assertThat(sent(subject, null)).isEqualTo("Bearer sk-subject");
        assertThat(sent(null, request)).isEqualTo("Bearer sk-request");
        assertThat(sent(subject, request)).isEqualTo("Bearer sk-request");
    }

    @Test
    @DisplayName("9.2.6: a blank credential counts as absent: Payara passes one if nothing is configured")
    void aBlankCredentialIsNone() throws Exception {
        assertThat(sent(subject(factory, "", ""), null)).isEqualTo("Bearer sk-own");
        assertThat(sent(subject(factory, "anna", " "), null)).isEqualTo("Bearer sk-own");
        assertThat(sent(new Subject(), null)).isEqualTo("Bearer sk-own");
        assertThat(sent(subject(factory, null, "sk-subject"), null)).isEqualTo("Bearer sk-subject");
        assertThat(sent(subject(factory, " ", "sk-subject"), null)).isEqualTo("Bearer sk-subject");
    }

    @Test
    @DisplayName("9.2.6: a credential for another factory counts as none, one for an equal factory as ours")
    void aForeignCredentialIsNone() throws Exception {
        LlmManagedConnectionFactory equal = TestConnections.llm(server);
        equal.setApiKey("sk-own");
        assertThat(sent(subject(equal, "", "sk-subject"), null)).isEqualTo("Bearer sk-subject");
        assertThat(sent(subject(TestConnections.llm(server), "", "sk-subject"), null))
                .isEqualTo("Bearer sk-own");
        assertThat(sent(subject(null, "", "sk-subject"), null)).isEqualTo("Bearer sk-own");
        assertThat(sent(null, new ConnectionRequestInfo() {})).isEqualTo("Bearer sk-own");
    }

    @Test
    @DisplayName("9.2.6: application servers demand a user name; if the factory has no user, the password is a key")
    void theContainersUserNameIsALabelUnlessUsersAreConfigured() throws Exception {
        assertThat(sent(subject(factory, "anna", "sk-subject"), null)).isEqualTo("Bearer sk-subject");
        assertThat(sent(subject(factory, "bert", "sk-subject"), null)).isEqualTo("Bearer sk-subject");
        factory.setUser("anybody");
        Subject anna = subject(factory, "anna", "geheim");
        ManagedConnection connection = factory.createManagedConnection(anna, null);
        assertThat(TestConnections.chat((LlmConnection) connection.getConnection(anna, null)))
                .isEqualTo(FailureCategory.AUTHENTICATION); // the simulator knows keys only
        connection.destroy();
        assertThat(server.traffic().requests())
                .last()
                .satisfies(request ->
                        assertThat(request.header("Authorization")).contains("Basic " + base64("anna:geheim")));
    }

    @Test
    @DisplayName("9.2.6: password works like apiKey, and apiKey wins")
    void passwordServesAsKey() throws Exception {
        factory.setApiKey(" ");
        factory.setPassword("sk-request");
        assertThat(sent(null, null)).isEqualTo("Bearer sk-request");
        factory.setApiKey("sk-own");
        assertThat(sent(null, null)).isEqualTo("Bearer sk-own");

        LlmManagedConnectionFactory anthropic = TestConnections.llm(server);
        anthropic.setProvider("ANTHROPIC");
        anthropic.setServerUrl(server.anthropicUri().toString());
        anthropic.setPassword("sk-request");
        ManagedConnection connection = anthropic.createManagedConnection(null, null);
        assertThat(TestConnections.chat(TestConnections.handle(connection))).isNull();
        connection.destroy();
        assertThat(server.traffic().requests())
                .last()
                .satisfies(request -> assertThat(request.header("x-api-key")).contains("sk-request"));
    }

    @Test
    @DisplayName("9.2.7: a connection does not change its credentials")
    void refusesReauthentication() throws Exception {
        ManagedConnection connection = factory.createManagedConnection(null, null);
        assertThatThrownBy(
                        () -> connection.getConnection(null, new ConnectionRequest(Credentials.apiKey("sk-request"))))
                .isInstanceOf(SecurityException.class);
        assertThatThrownBy(() -> connection.getConnection(subject(factory, "", "sk-subject"), null))
                .isInstanceOf(SecurityException.class);
        assertThat(TestConnections.chat((LlmConnection) connection.getConnection(subject(factory, "", ""), null)))
                .isNull();
        connection.destroy();
    }

    @Test
    @DisplayName("SPEC:290: wrong or missing credentials are a SecurityException when the connection is made")
    void tellsWrongCredentialsAtCreation() {
        factory.setProbeOnCreate(true);
        assertThatThrownBy(() ->
                        factory.createManagedConnection(null, new ConnectionRequest(Credentials.apiKey("sk-wrong"))))
                .isInstanceOf(SecurityException.class);
        factory.setApiKey(null);
        assertThatThrownBy(() -> factory.createManagedConnection(null, null)).isInstanceOf(SecurityException.class);
        assertThat(factory.statistics().connections().total()).isZero();
    }

    @Test
    @DisplayName("9.2.6: different credentials never share a pooled connection")
    void credentialsPartitionThePool() throws Exception {
        TestPool pool = new TestPool(1);
        for (String key : new String[] {"sk-own", "sk-request", "sk-own", "sk-request"}) {
            try (LlmConnection connection =
                    TestConnections.factory(factory, pool).getConnection(Credentials.apiKey(key))) {
                connection.listModels();
            }
        }
        assertThat(pool.made()).isEqualTo(2);
        assertThat(server.traffic().requests())
                .extracting(request -> request.header("Authorization").orElseThrow())
                .containsExactly("Bearer sk-own", "Bearer sk-request", "Bearer sk-own", "Bearer sk-request");
        pool.destroyAll();
    }

    @Test
    @DisplayName("9.2.3: a ComfyUI behind a proxy gets basic credentials on calls, WebSocket and downloads alike")
    void sendsBasicCredentialsEverywhere() throws Exception {
        assertEverywhere("anna", "geheim ä", "Basic " + base64("anna:geheim ä"));
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    @DisplayName("9.2.3: without user the password is a bearer token, on calls, WebSocket and downloads alike")
    void sendsBearerCredentialsEverywhere() throws Exception {
        assertEverywhere(null, "geheim-0815", "Bearer geheim-0815");
    }

    private static void assertEverywhere(String user, String password, String header) throws Exception {
        GenAiResourceAdapter adapter = new GenAiResourceAdapter();
        adapter.start(new TestContainer());
        try (ComfyUiSimulator comfyUi = ComfyUiSimulator.start()) {
            ComfyUiManagedConnectionFactory managed = new ComfyUiManagedConnectionFactory();
            managed.setResourceAdapter(adapter);
            managed.setServerUrl(comfyUi.uri().toString());
            managed.setUser(user);
            managed.setPassword(password);
            download((ComfyUiConnectionFactory) managed.createConnectionFactory(new TestPool(2)));

            assertThat(comfyUi.requests())
                    .allSatisfy(request -> assertThat(request.headers().get("authorization"))
                            .as(request.toString())
                            .isEqualTo(header));
            assertThat(comfyUi.requests())
                    .extracting(SeenRequest::path)
                    .anyMatch(path -> path.startsWith("/api/ws?"))
                    .anyMatch(path -> path.startsWith("/api/view?"))
                    .contains("/api/prompt");
        } finally {
            adapter.stop();
        }
    }

    private static void download(ComfyUiConnectionFactory factory) throws Exception {
        try (ComfyUiConnection connection = factory.getConnection()) {
            Job job = connection.queuePrompt(Workflow.parse("""
                    {"1": {"class_type": "EmptyImage", "inputs": {"width": 8, "height": 8, "batch_size": 1, "color": 1}},
                     "2": {"class_type": "SaveImage", "inputs": {"images": ["1", 0], "filename_prefix": "secret"}}}"""));
            JobStatus status = factory.awaitJob(job.id(), Duration.ofSeconds(TestConnections.PATIENCE_SECONDS));
            try (Download file =
                    connection.download((OutputFile) status.outputs().get(0))) {
                assertThat(file.content().readAllBytes()).isNotEmpty();
            }
        }
    }

    @Test
    @DisplayName("9.2.7: a key that is revoked later is a failed call, and costs no connection")
    void survivesARevokedKey() throws Exception {
        EventLog events = new EventLog();
        ManagedConnection connection =
                factory.createManagedConnection(null, new ConnectionRequest(Credentials.apiKey("sk-revoked")));
        connection.addConnectionEventListener(events);
        LlmConnection handle =
                (LlmConnection) connection.getConnection(null, new ConnectionRequest(Credentials.apiKey("sk-revoked")));
        assertThat(TestConnections.chat(handle)).isEqualTo(FailureCategory.AUTHENTICATION);
        assertThat(events.ids()).isEmpty();
        connection.destroy();
    }
}
