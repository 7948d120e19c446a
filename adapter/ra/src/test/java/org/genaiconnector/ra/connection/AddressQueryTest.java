package org.genaiconnector.ra.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.genaiconnector.Credentials;
import org.genaiconnector.FailureCategory;
import org.genaiconnector.GenAiException;
import org.genaiconnector.comfyui.ComfyUiConnection;
import org.genaiconnector.comfyui.ComfyUiConnectionFactory;
import org.genaiconnector.comfyui.Workflow;
import org.genaiconnector.llm.ChatRequest;
import org.genaiconnector.llm.LlmConnection;
import org.genaiconnector.llm.LlmConnectionFactory;
import org.genaiconnector.ra.GenAiResourceAdapter;
import org.genaiconnector.ra.TestContainer;
import org.genaiconnector.ra.comfyui.ComfyUiManagedConnectionFactory;
import org.genaiconnector.ra.http.RawServer;
import org.genaiconnector.ra.llm.LlmManagedConnectionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName(
        "Parameters in serverUrl go with every request and are shown nowhere; keys that HTTP cannot carry are refused")
class AddressQueryTest {
    private static final String TOKEN = "geheim/9f3a";
    private static final String QUERY = "api-version=2024-10-21&token=geheim%2F9f3a";

    private final VisibleText seen = new VisibleText();
    private final List<String> lines = new CopyOnWriteArrayList<>();
    private final RawServer server = RawServer.start(this::echo);

    /** Answers each request with an error that repeats its first line. */
    private void echo(Socket socket) throws IOException {
        InputStream in = socket.getInputStream();
        String line = RawServer.head(in).lines().findFirst().orElse("");
        lines.add(line);
        socket.getOutputStream()
                .write(("HTTP/1.1 500 " + line + "\r\nConnection: close\r\n\r\n{\"error\": {\"message\": \"You sent "
                                + line + " " + TOKEN + "\"}}")
                        .getBytes(StandardCharsets.UTF_8));
    }

    @AfterEach
    void stop() {
        server.close();
        seen.close();
    }

    private <F extends BackendConnectionFactory<?>> F configured(F factory) {
        factory.setServerUrl(server.uri("http") + "/base/?" + QUERY);
        factory.setProbeOnCreate(false);
        factory.setMaxRetries(0);
        return factory;
    }

    @Test
    void ofAnLlmService() throws Exception {
        LlmManagedConnectionFactory managed = configured(new LlmManagedConnectionFactory());
        managed.setModel("tiny");
        LlmConnectionFactory factory = (LlmConnectionFactory) managed.createConnectionFactory();
        seen.noteFailure(() -> {
            try (LlmConnection connection = factory.getConnection()) {
                connection.chat(ChatRequest.of("Hi"));
            }
        });
        seen.noteFailure(() -> {
            try (LlmConnection connection = factory.getConnection()) {
                connection.listModels();
            }
        });
        assertThat(lines)
                .containsExactly(
                        "POST /base/chat/completions?" + QUERY + " HTTP/1.1",
                        "GET /base/models?" + QUERY + " HTTP/1.1");
        assertThat(factory.server()).hasToString(server.uri("http") + "/base");
        for (int i = 0; i < 3; i++) {
            seen.noteFailure(() -> {
                try (LlmConnection connection = factory.getConnection()) {
                    connection.embed(List.of("Hi"));
                }
            });
        }
        assertShown(managed);
    }

    @Test
    void ofComfyUiWithItsWebSocket() throws Exception {
        GenAiResourceAdapter adapter = new GenAiResourceAdapter();
        adapter.start(new TestContainer());
        try {
            ComfyUiManagedConnectionFactory managed = configured(new ComfyUiManagedConnectionFactory());
            managed.setResourceAdapter(adapter);
            ComfyUiConnectionFactory factory = (ComfyUiConnectionFactory) managed.createConnectionFactory();
            seen.noteFailure(() -> {
                try (ComfyUiConnection connection = factory.getConnection()) {
                    connection.queuePrompt(Workflow.parse("{\"1\": {\"class_type\": \"PreviewAny\", \"inputs\": {}}}"));
                }
            });
            assertThat(lines).allSatisfy(line -> assertThat(line).contains("?" + QUERY));
            assertThat(lines).anyMatch(line -> line.startsWith("GET /base/api/ws?" + QUERY + "&clientId="));
            assertThat(lines).anyMatch(line -> line.startsWith("POST /base/api/prompt?" + QUERY + " "));
            assertShown(managed);
        } finally {
            adapter.stop();
        }
    }

    private void assertShown(BackendConnectionFactory<?> factory) throws Exception {
        seen.note(factory);
        seen.note(factory.statistics());
        assertThat(seen.contains("***")).as("something was repeated").isTrue();
        seen.assertNone(List.of(TOKEN, "geheim%2F9f3a"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"http://h/?a=b#c", "http://h/#c", "http://u:p@h/?a=b", "http://h/?a=b c", "http://h/?a={x}"})
    void thatAreNoAddressAreRefused(String url) {
        LlmManagedConnectionFactory factory = new LlmManagedConnectionFactory();
        factory.setServerUrl(url);
        assertThatThrownBy(() -> factory.createManagedConnection(null, null)).hasMessageContaining("serverUrl");
    }

    @ParameterizedTest
    @ValueSource(strings = {"schl\u00fcssel-\u20ac5d20", "sk-\u0430bcdef", "sk-abc\ndef", "sk-\ud83d\ude00abc"})
    void aKeyThatHttpCannotCarryIsRefusedByTheNameOfItsProperty(String key) {
        LlmManagedConnectionFactory factory = configured(new LlmManagedConnectionFactory());
        factory.setApiKey(key);
        assertThat(catchThrowable(() -> factory.createManagedConnection(null, null)))
                .hasMessageContaining("Configuration property apiKey")
                .hasMessageNotContaining(key);
        factory.setApiKey(null);
        factory.setPassword(key);
        assertThatThrownBy(() -> factory.createManagedConnection(null, null))
                .hasMessageContaining("Configuration property password");
        factory.setUser("anna");
        factory.setPassword(key);
        assertThat(catchThrowable(() -> factory.createManagedConnection(null, null)))
                .as("basic authentication encodes it")
                .isNull();
        assertThat(lines).isEmpty();
    }

    @Test
    void aKeyOfTheCallersOwnThatHttpCannotCarryIsRefused() throws Exception {
        LlmManagedConnectionFactory managed = configured(new LlmManagedConnectionFactory());
        managed.setModel("tiny");
        LlmConnectionFactory factory = (LlmConnectionFactory) managed.createConnectionFactory();
        try (LlmConnection connection = factory.getConnection(Credentials.apiKey("sk-\u20ac-5d20"))) {
            assertThatThrownBy(() -> connection.chat(ChatRequest.of("Hi")))
                    .hasMessageNotContaining("5d20")
                    .isInstanceOfSatisfying(
                            GenAiException.class,
                            e -> assertThat(e.category()).isEqualTo(FailureCategory.AUTHENTICATION));
        }
        assertThat(lines).isEmpty();
    }
}
