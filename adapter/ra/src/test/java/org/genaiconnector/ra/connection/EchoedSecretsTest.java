package org.genaiconnector.ra.connection;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.genaiconnector.Credentials;
import org.genaiconnector.FailureCategory;
import org.genaiconnector.GenAiException;
import org.genaiconnector.comfyui.ComfyUiConnection;
import org.genaiconnector.comfyui.ComfyUiConnectionFactory;
import org.genaiconnector.comfyui.Workflow;
import org.genaiconnector.comfyui.WorkflowRejectedException;
import org.genaiconnector.llm.ChatRequest;
import org.genaiconnector.llm.ChatStream;
import org.genaiconnector.llm.LlmConnection;
import org.genaiconnector.llm.LlmConnectionFactory;
import org.genaiconnector.ra.GenAiResourceAdapter;
import org.genaiconnector.ra.TestContainer;
import org.genaiconnector.ra.comfyui.ComfyUiManagedConnectionFactory;
import org.genaiconnector.ra.comfyui.Eventually;
import org.genaiconnector.ra.http.RawServer;
import org.genaiconnector.ra.llm.LlmManagedConnectionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Backends and proxies that send back everything they received. */
@DisplayName("No secret that a backend repeats becomes visible")
class EchoedSecretsTest {
    private static final String KEY = "sk-OWN/4f6a1c";
    private static final String PASSWORD = "ge\"heim-5d20f1";
    private static final String REQUEST_KEY = "sk-REQUEST-90d3aa";
    private static final String PROXY_PASSWORD = "proxygeheim-c41e";
    private static final String HEADER_SECRET = "headergeheim-6e3b";
    private static final List<String> SECRETS = List.of(
            KEY,
            KEY.replace("/", "\\/"),
            PASSWORD,
            PASSWORD.replace("\"", "\\\""),
            REQUEST_KEY,
            PROXY_PASSWORD,
            HEADER_SECRET,
            basic("anna", PASSWORD),
            basic("proxyanna", PROXY_PASSWORD));

    private static final String WORKFLOW = "{\"1\": {\"class_type\": \"PreviewAny\", \"inputs\": {}}}";

    /** Categories that follow from an answer's status or body. */
    private static final Set<FailureCategory> SAID = EnumSet.of(
            FailureCategory.PROTOCOL,
            FailureCategory.INVALID_REQUEST,
            FailureCategory.CONTEXT_LENGTH,
            FailureCategory.CONTENT_FILTER,
            FailureCategory.AUTHENTICATION,
            FailureCategory.QUOTA,
            FailureCategory.PERMISSION,
            FailureCategory.NOT_FOUND,
            FailureCategory.UNSUPPORTED,
            FailureCategory.CONFLICT,
            FailureCategory.TOO_LARGE,
            FailureCategory.RATE_LIMIT,
            FailureCategory.SERVER,
            FailureCategory.OVERLOADED,
            FailureCategory.UNAVAILABLE,
            FailureCategory.TIMEOUT_SERVER,
            FailureCategory.PROXY,
            FailureCategory.COMMUNICATION);

    private static final List<Integer> STATUSES =
            List.of(200, 302, 400, 401, 402, 403, 404, 405, 407, 408, 409, 413, 422, 429, 500, 501, 502, 503, 504, 529);

    /** {@code %s} is what was sent, as a JSON string without its quotes. */
    private static final List<String> BODIES = List.of(
            "{\"error\": {\"message\": \"You sent %s\", \"type\": \"invalid_request_error\", \"code\": null}}",
            "{\"error\": {\"message\": \"\", \"type\": \"%s\"}}",
            "{\"error\": {\"message\": \"You sent %s\", \"code\": \"context_length_exceeded\"}}",
            "{\"error\": {\"message\": \"You sent %s\", \"code\": \"content_policy_violation\"}}",
            "{\"error\": {\"message\": \"You sent %s\", \"type\": \"overloaded_error\"}}",
            "{\"error\": \"You sent %s\"}",
            "{\"object\": \"error\", \"message\": \"You sent %s\", \"type\": \"rate_limit_error\"}",
            "{\"error\": {\"type\": \"x\", \"message\": \"You sent\", \"details\": \"%s\"}, \"node_errors\": {\"1\": "
                    + "{\"errors\": [{\"type\": \"x\", \"message\": \"%s\", \"details\": \"%s\"}]}}}",
            "{\"sent\": \"%s\"}",
            "<html>%s</html>",
            "{\"unfinished\": \"%s\"");

    private final VisibleText seen = new VisibleText();
    private final GenAiResourceAdapter adapter = new GenAiResourceAdapter();
    private final Set<FailureCategory> categories = EnumSet.noneOf(FailureCategory.class);
    private final RawServer server = RawServer.start(this::echo);

    /** With {@code %s} for what was sent, on one line. */
    private volatile String answer;

    private static String basic(String user, String password) {
        return Base64.getEncoder().encodeToString((user + ":" + password).getBytes(StandardCharsets.UTF_8));
    }

    /** One request for each connection. */
    private void echo(Socket socket) throws IOException {
        InputStream in = socket.getInputStream();
        String head = RawServer.head(in);
        in.skipNBytes(head.lines()
                .filter(line -> line.toLowerCase().startsWith("content-length: "))
                .mapToInt(line -> Integer.parseInt(line.substring("content-length: ".length())))
                .findFirst()
                .orElse(0));
        String sent = head.strip()
                .replaceAll("(?m)^(?![^\r\n]*(?i:auth|key|X-Token))[^\r\n]*\r?\n", "")
                .replaceAll("\\s*\r\n", "; ");
        String json = sent.replace("\\", "\\\\").replace("\"", "\\\"").replace("/", "\\/");
        socket.getOutputStream().write(answer.replace("%s", json).getBytes(StandardCharsets.UTF_8));
    }

    private static String answer(int status, String body) {
        return "HTTP/1.1 " + status + " Echo\r\nConnection: close\r\nx-request-id: %s\r\n\r\n" + body;
    }

    @BeforeEach
    void start() {
        adapter.start(new TestContainer());
    }

    @AfterEach
    void stop() {
        adapter.stop();
        server.close();
        seen.close();
    }

    private void configure(BackendConnectionFactory<?> factory, String scheme) {
        factory.setResourceAdapter(adapter);
        factory.setServerUrl(server.uri(scheme).toString());
        factory.setProbeOnCreate(false);
        factory.setMaxRetries(0);
        factory.setCircuitFailures(0);
        factory.setExtraHeaders("X-Token=" + HEADER_SECRET);
        factory.setPoolName("echo");
    }

    private LlmManagedConnectionFactory llm(String provider, String scheme) {
        LlmManagedConnectionFactory factory = new LlmManagedConnectionFactory();
        configure(factory, scheme);
        factory.setProvider(provider);
        factory.setModel("tiny");
        if (provider.equals("LOCAL")) {
            factory.setUser("anna");
            factory.setPassword(PASSWORD);
        } else {
            factory.setApiKey(KEY);
        }
        return factory;
    }

    private ComfyUiManagedConnectionFactory comfyUi(String scheme) {
        ComfyUiManagedConnectionFactory factory = new ComfyUiManagedConnectionFactory();
        configure(factory, scheme);
        factory.setUser("anna");
        factory.setPassword(PASSWORD);
        return factory;
    }

    private void useProxy(BackendConnectionFactory<?> factory) {
        factory.setServerUrl(factory.getServerUrl().replaceFirst("//.*", "//server.example"));
        factory.setProxyHost("127.0.0.1");
        factory.setProxyPort(server.port());
        factory.setProxyUser("proxyanna");
        factory.setProxyPassword(PROXY_PASSWORD);
    }

    private void chatFails(LlmConnectionFactory factory) {
        noteFailure(() -> {
            try (LlmConnection connection = factory.getConnection()) {
                connection.chat(ChatRequest.of("Hi"));
            }
        });
    }

    private void streamFails(LlmConnectionFactory factory) {
        noteFailure(() -> {
            try (LlmConnection connection = factory.getConnection();
                    ChatStream stream = connection.stream(ChatRequest.of("Hi"))) {
                while (stream.hasNext()) {
                    seen.note(stream.next());
                }
            }
        });
    }

    private void noteFailure(ThrowingCallable call) {
        for (Throwable each = seen.noteFailure(call); each != null; each = each.getCause()) {
            if (each instanceof GenAiException failure) {
                categories.add(failure.category());
                failure.requestId().ifPresent(seen::note);
                if (failure instanceof WorkflowRejectedException rejection) {
                    seen.note(rejection.nodeErrors());
                }
            }
        }
    }

    private void assertSilence() throws Exception {
        assertThat(seen.contains("***")).as("something was repeated").isTrue();
        seen.assertNone(SECRETS);
    }

    @ParameterizedTest
    @CsvSource({"OPENAI, Authorization", "ANTHROPIC, x-api-key", "LOCAL, Authorization"})
    void byAnLlmService(String provider, String header) throws Exception {
        LlmManagedConnectionFactory managed = llm(provider, "http");
        LlmConnectionFactory factory = (LlmConnectionFactory) managed.createConnectionFactory();
        for (int status : STATUSES) {
            for (String body : BODIES) {
                answer = answer(status, body);
                chatFails(factory);
            }
        }
        assertThat(seen.contains(header + ": ***")).isTrue();
        assertThat(categories).containsAll(saidBut(FailureCategory.COMMUNICATION));
        assertSilence();
    }

    @ParameterizedTest
    @ValueSource(strings = {"OPENAI", "ANTHROPIC", "LOCAL"})
    void byAnLlmServiceInAStream(String provider) throws Exception {
        LlmConnectionFactory factory =
                (LlmConnectionFactory) llm(provider, "http").createConnectionFactory();
        for (String body : BODIES) {
            for (String event : List.of("", "event: error\n")) {
                answer = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n" + event
                        + "data: " + body + "\n\n";
                streamFails(factory);
            }
        }
        assertSilence();
    }

    @Test
    void byComfyUi() throws Exception {
        ComfyUiConnectionFactory factory =
                (ComfyUiConnectionFactory) comfyUi("http").createConnectionFactory();
        for (int status : STATUSES) {
            for (String body : BODIES) {
                answer = answer(status, body);
                noteFailure(() -> {
                    try (ComfyUiConnection connection = factory.getConnection()) {
                        connection.queuePrompt(Workflow.parse(WORKFLOW));
                    }
                });
            }
        }
        assertThat(categories)
                .containsAll(saidBut(
                        FailureCategory.COMMUNICATION, FailureCategory.CONTEXT_LENGTH, FailureCategory.CONTENT_FILTER));
        assertSilence();
    }

    @Test
    void byComfyUiInItsAnswerToTheWebSocket() throws Exception {
        ComfyUiConnectionFactory factory =
                (ComfyUiConnectionFactory) comfyUi("http").createConnectionFactory();
        answer = "HTTP/1.1 403 No %s\r\nConnection: close\r\n\r\n";
        noteFailure(() -> {
            try (ComfyUiConnection connection = factory.getConnection()) {
                connection.queuePrompt(Workflow.parse(WORKFLOW));
            }
        });
        awaitSeen("No events from");
        assertSilence();
    }

    @Test
    void whereTheAnswerIsNoHttp() throws Exception {
        LlmConnectionFactory factory =
                (LlmConnectionFactory) llm("OPENAI", "http").createConnectionFactory();
        for (String text : List.of(
                "%s\r\n\r\n",
                "HTTP/%s 200 OK\r\n\r\n",
                "HTTP/1.1 2%s OK\r\n\r\n",
                "HTTP/1.1 200 OK\r\n%s\r\n\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: %s\r\n\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: %s\r\n\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n%s\r\n")) {
            answer = text;
            chatFails(factory);
            streamFails(factory);
        }
        assertSilence();
    }

    @Test
    void ofAConnectionWithCredentialsOfItsOwn() throws Exception {
        LlmConnectionFactory factory =
                (LlmConnectionFactory) llm("OPENAI", "http").createConnectionFactory();
        answer = answer(400, BODIES.get(0));
        noteFailure(() -> {
            try (LlmConnection connection = factory.getConnection(Credentials.apiKey(REQUEST_KEY))) {
                connection.chat(ChatRequest.of("Hi"));
            }
        });
        assertSilence();
    }

    @Test
    void ofAKeyInAHeaderOfItsOwn() throws Exception {
        LlmManagedConnectionFactory managed = llm("OPENAI", "http");
        managed.setApiKeyHeader("X-Auth");
        answer = answer(403, "%s");
        chatFails((LlmConnectionFactory) managed.createConnectionFactory());
        assertThat(seen.contains("X-Auth: ***")).isTrue();
        assertSilence();
    }

    @Test
    void ofAKeyInAFileThatWasReplaced(@TempDir Path directory) throws Exception {
        Path file = Files.writeString(directory.resolve("key"), REQUEST_KEY);
        LlmManagedConnectionFactory managed = llm("OPENAI", "http");
        managed.setApiKeyFile(file.toString());
        LlmConnectionFactory factory = (LlmConnectionFactory) managed.createConnectionFactory();
        answer = answer(403, "%s");
        chatFails(factory);
        Files.writeString(file, KEY);
        Eventually.holds("the new key is used", () -> {
            chatFails(factory);
            return managed.ownCredentials().orElseThrow().secret().equals(KEY);
        });
        chatFails(factory);
        assertThat(seen.contains("Authorization: ***")).isTrue();
        assertSilence();
    }

    @ParameterizedTest
    @ValueSource(strings = {"http", "https"})
    void byAProxy(String scheme) throws Exception {
        LlmManagedConnectionFactory managed = llm("OPENAI", scheme);
        useProxy(managed);
        LlmConnectionFactory factory = (LlmConnectionFactory) managed.createConnectionFactory();
        for (int status : List.of(400, 403, 407, 500, 502)) {
            for (String body : BODIES) {
                answer = answer(status, body);
                chatFails(factory);
            }
        }
        assertThat(categories).contains(FailureCategory.PROXY);
        assertThat(seen.contains("Proxy-Authorization: ***")).isTrue();
        assertSilence();
    }

    @Test
    void byAProxyThatOpensNoTunnelForTheWebSocket() throws Exception {
        ComfyUiManagedConnectionFactory managed = comfyUi("http");
        useProxy(managed);
        answer = "HTTP/1.1 403 No %s\r\nConnection: close\r\n\r\n";
        noteFailure(() -> {
            try (ComfyUiConnection connection =
                    ((ComfyUiConnectionFactory) managed.createConnectionFactory()).getConnection()) {
                connection.queuePrompt(Workflow.parse(WORKFLOW));
            }
        });
        awaitSeen("opens no tunnel");
        assertSilence();
    }

    private static Set<FailureCategory> saidBut(FailureCategory... others) {
        Set<FailureCategory> said = EnumSet.copyOf(SAID);
        said.removeAll(List.of(others));
        return said;
    }

    private void awaitSeen(String text) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(TestConnections.PATIENCE_SECONDS);
        while (!seen.contains(text)) {
            assertThat(System.nanoTime()).as("in time: " + text).isLessThan(end);
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(2));
        }
    }
}
