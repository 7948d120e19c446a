package org.genaiconnector.ra.connection;

import jakarta.resource.spi.ManagedConnection;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.genaiconnector.Credentials;
import org.genaiconnector.comfyui.ComfyUiConnection;
import org.genaiconnector.comfyui.ComfyUiConnectionFactory;
import org.genaiconnector.comfyui.Workflow;
import org.genaiconnector.llm.ChatRequest;
import org.genaiconnector.llm.LlmConnection;
import org.genaiconnector.llm.LlmConnectionFactory;
import org.genaiconnector.ra.GenAiResourceAdapter;
import org.genaiconnector.ra.TestContainer;
import org.genaiconnector.ra.comfyui.ComfyUiManagedConnectionFactory;
import org.genaiconnector.ra.llm.LlmManagedConnectionFactory;
import org.genaiconnector.testkit.Fault;
import org.genaiconnector.testkit.comfyui.ComfyUiSimulator;
import org.genaiconnector.testkit.llm.LlmSimulator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/**
 * Runs everything that works and everything that fails, writes down every word that a person could come to see, and looks
 * for the secrets that were used.
 */
@DisplayName("No secret in logs, exceptions, toString and MBeans")
class SecretsTest {
    private static final String KEY = "sk-OWN-4f6a1c";
    private static final String WRONG_KEY = "sk-WRONG-77e0b2";
    private static final String REQUEST_KEY = "sk-REQUEST-90d3aa";
    private static final String SUBJECT_KEY = "sk-SUBJECT-1b8c55";
    private static final String PASSWORD = "geheim-5d20f1";
    private static final String PROXY_PASSWORD = "proxygeheim-c41e";
    private static final String STORE_PASSWORD = "storegeheim-08fa";
    private static final String HEADER_SECRET = "headergeheim-6e3b";
    private static final String URL_SECRET = "urlgeheim-f02d";
    private static final List<String> SECRETS = List.of(
            KEY,
            WRONG_KEY,
            REQUEST_KEY,
            SUBJECT_KEY,
            PASSWORD,
            PROXY_PASSWORD,
            STORE_PASSWORD,
            HEADER_SECRET,
            URL_SECRET,
            basic("anna", PASSWORD),
            basic("proxyanna", PROXY_PASSWORD));

    private final VisibleText seen = new VisibleText();
    private final GenAiResourceAdapter adapter = new GenAiResourceAdapter();
    private LlmSimulator llm;
    private ComfyUiSimulator comfyUi;

    private static String basic(String user, String password) {
        return Base64.getEncoder().encodeToString((user + ":" + password).getBytes(StandardCharsets.UTF_8));
    }

    @BeforeEach
    void listen() {
        llm = LlmSimulator.builder().apiKeys(KEY, REQUEST_KEY, SUBJECT_KEY).start();
        comfyUi = ComfyUiSimulator.start();
        adapter.start(new TestContainer());
    }

    @AfterEach
    void fallSilent() {
        adapter.stop();
        comfyUi.close();
        llm.close();
        seen.close();
    }

    private LlmManagedConnectionFactory llm() {
        LlmManagedConnectionFactory factory = TestConnections.llm(llm);
        factory.setResourceAdapter(adapter);
        factory.setApiKey(KEY);
        return factory;
    }

    private ComfyUiManagedConnectionFactory comfyUi() {
        ComfyUiManagedConnectionFactory factory = new ComfyUiManagedConnectionFactory();
        factory.setResourceAdapter(adapter);
        factory.setServerUrl(comfyUi.uri().toString());
        factory.setUser("anna");
        factory.setPassword(PASSWORD);
        factory.setMaxRetries(0);
        return factory;
    }

    private void assertSilence() throws Exception {
        seen.assertNone(SECRETS);
    }

    private <T> T note(T object) {
        return seen.note(object);
    }

    private void noteFailure(ThrowingCallable call) {
        seen.noteFailure(call);
    }

    @Test
    void wherePooledConnectionsWork() throws Exception {
        LlmConnectionFactory factory = note((LlmConnectionFactory) note(llm()).createConnectionFactory());
        try (LlmConnection own = note(factory.getConnection());
                LlmConnection requested = note(factory.getConnection(note(Credentials.apiKey(REQUEST_KEY))))) {
            note(own.chat(ChatRequest.of("Hi")));
            note(requested.listModels());
            note(new ConnectionRequest(Credentials.apiKey(REQUEST_KEY)));
        }
        LlmManagedConnectionFactory managed = llm();
        ManagedConnection connection =
                note(managed.createManagedConnection(TestConnections.subject(managed, "anna", SUBJECT_KEY), null));
        note(connection.getMetaData());
        connection.destroy();
        ComfyUiConnectionFactory painter =
                note((ComfyUiConnectionFactory) note(comfyUi()).createConnectionFactory());
        try (ComfyUiConnection painting = note(painter.getConnection())) {
            note(painting.queuePrompt(Workflow.parse("""
                    {"1": {"class_type": "PrimitiveString", "inputs": {"value": "hello"}},
                     "2": {"class_type": "PreviewAny", "inputs": {"source": ["1", 0]}}}""")));
            note(painting.getSystemStats());
        }
        note(factory.statistics());
        note(painter.statistics());
        assertSilence();
    }

    @Test
    void whereServersRefuseOrBreak() throws Exception {
        LlmManagedConnectionFactory managed = llm();
        managed.setCircuitFailures(1);
        managed.setCircuitOpenMillis(1);
        managed.setApiKey(WRONG_KEY);
        LlmConnectionFactory factory = (LlmConnectionFactory) managed.createConnectionFactory();
        for (Fault fault : List.of(
                Fault.none(),
                Fault.status(401).json("{\"error\":{\"message\":\"Incorrect API key provided: " + WRONG_KEY + "\"}}"),
                Fault.status(407),
                Fault.status(500),
                Fault.resetBeforeResponse(),
                Fault.closeAfter(600),
                Fault.malformedJson(),
                Fault.htmlPage(502, "Bad Gateway"))) {
            llm.faults().next(fault);
            int before = llm.traffic().requests().size();
            do { // while the circuit is open, which sends nothing
                noteFailure(() -> {
                    try (LlmConnection connection = factory.getConnection()) {
                        connection.chat(ChatRequest.of("Hi"));
                    }
                });
            } while (llm.traffic().requests().size() == before);
        }
        managed.setProbeOnCreate(true);
        noteFailure(factory::getConnection);
        noteFailure(() -> factory.getConnection(Credentials.apiKey(WRONG_KEY + "2")));
        ComfyUiConnectionFactory painter = (ComfyUiConnectionFactory) comfyUi().createConnectionFactory();
        try (ComfyUiConnection connection = painter.getConnection()) {
            noteFailure(() -> connection.queuePrompt(Workflow.parse("{}")));
            comfyUi.kill();
            noteFailure(connection::getQueue);
        }
        noteFailure(() -> comfyUi().createManagedConnection(null, null));
        assertSilence();
    }

    @Test
    void whereTheConfigurationIsWrong() throws Exception {
        for (String url : List.of(
                "http://anna:" + URL_SECRET + "@localhost:8188",
                "http://localhost:8188/#token=" + URL_SECRET,
                "ftp://anna:" + URL_SECRET + "@localhost")) {
            ComfyUiManagedConnectionFactory managed = comfyUi();
            managed.setServerUrl(url);
            noteFailure(() -> note((ComfyUiConnectionFactory) note(managed).createConnectionFactory())
                    .getConnection());
            noteFailure(managed::address);
        }
        LlmManagedConnectionFactory headers = llm();
        headers.setExtraHeaders(HEADER_SECRET + " without equals sign");
        noteFailure(() -> note(headers).createManagedConnection(null, null));
        LlmManagedConnectionFactory stores = llm();
        stores.setKeyStoreFile("no such file");
        stores.setKeyStorePassword(STORE_PASSWORD);
        noteFailure(() -> note(stores).createManagedConnection(null, null));
        LlmManagedConnectionFactory proxy = llm();
        proxy.setExtraHeaders("X-Extra=" + HEADER_SECRET);
        proxy.setProxyHost("127.0.0.1");
        proxy.setProxyPort(1);
        proxy.setProxyUser("proxyanna");
        proxy.setProxyPassword(PROXY_PASSWORD);
        proxy.setProbeOnCreate(true);
        noteFailure(() -> note(proxy).createManagedConnection(null, null));
        proxy.setProxyHost(null);
        LlmManagedConnectionFactory provider = llm();
        provider.setProvider("nobody");
        noteFailure(() -> note(provider).createManagedConnection(null, null));
        assertSilence();
    }

    @Test
    void whereConnectionsAreMisused() throws Exception {
        LlmManagedConnectionFactory managed = llm();
        ManagedConnection connection = managed.createManagedConnection(null, null);
        LlmConnection handle = TestConnections.handle(connection);
        noteFailure(() -> connection.getConnection(null, new ConnectionRequest(Credentials.apiKey(REQUEST_KEY))));
        noteFailure(() -> connection.associateConnection(Credentials.apiKey(REQUEST_KEY)));
        noteFailure(connection::getXAResource);
        handle.close();
        noteFailure(handle::listModels);
        connection.associateConnection(handle);
        connection.destroy();
        noteFailure(() -> connection.getConnection(null, null));
        noteFailure(() -> new Credentials("anna", " "));
        note(managed.getInvalidConnections(Set.of(connection)));
        noteFailure(
                () -> TestConnections.factory(managed, new TestPool(0)).getConnection(Credentials.apiKey(REQUEST_KEY)));
        adapter.stop();
        noteFailure(
                () -> managed.createManagedConnection(null, new ConnectionRequest(Credentials.apiKey(REQUEST_KEY))));
        assertSilence();
    }
}
