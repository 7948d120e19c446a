package org.genaiconnector.ra.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import jakarta.resource.spi.ManagedConnection;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Set;
import org.genaiconnector.FailureCategory;
import org.genaiconnector.GenAiException;
import org.genaiconnector.ra.comfyui.ComfyUiManagedConnectionFactory;
import org.genaiconnector.ra.http.RawServer;
import org.genaiconnector.ra.llm.LlmManagedConnectionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("The console's Ping: a new connection is made only to a backend of the right kind that can work")
@Execution(ExecutionMode.CONCURRENT)
class PingTest {
    private final RawServer server = RawServer.start(this::answer);
    private volatile String answer;

    private void answer(Socket socket) throws IOException {
        while (!RawServer.head(socket.getInputStream()).isEmpty()) {
            if (answer.isEmpty()) {
                return;
            }
            socket.getOutputStream().write(answer.getBytes(StandardCharsets.UTF_8));
        }
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private static String answer(int status, String body) {
        return "HTTP/1.1 " + status + " X\r\nLocation: https://login.example/\r\nContent-Length: " + body.length()
                + "\r\n\r\n" + body;
    }

    private Map<String, BackendConnectionFactory<?>> factories() {
        ComfyUiManagedConnectionFactory comfyUi = new ComfyUiManagedConnectionFactory();
        LlmManagedConnectionFactory llm = new LlmManagedConnectionFactory();
        LlmManagedConnectionFactory local = new LlmManagedConnectionFactory();
        local.setProvider("LOCAL");
        Map<String, BackendConnectionFactory<?>> all = Map.of("comfyui", comfyUi, "openai", llm, "local", local);
        all.values().forEach(each -> each.setServerUrl(server.uri("http").toString()));
        return all;
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "302 | | redirects are not followed",
                "404 | <html>not found</html> | serverUrl leads to no service of this kind",
                "405 | {} | serverUrl leads to no service of this kind",
                "407 | <html>proxy</html> | the proxy wants proxyUser and proxyPassword",
                "500 | oops | status 500",
                "502 | <html>nginx</html> | a gateway answers, but not the backend behind it",
                "503 | loading | it is overloaded, starting or still loading",
                "504 | <html>nginx</html> | a gateway answers, but not the backend behind it",
                "200 | <html>please log in</html> | something else answers at serverUrl",
                "200 | {\"status\": \"ok\"} | something else answers at serverUrl",
                "200 | \"hello\" | something else answers at serverUrl",
                "200 | | something else answers at serverUrl"
            })
    void failsWithAMessageForTheAdministrator(int status, String body, String words) throws Exception {
        answer = answer(status, body == null ? "" : body);
        String transport = System.getProperty("genai.tests.transport", "JERSEY");
        factories().forEach((name, factory) -> {
            assertThat(catchThrowable(() -> factory.createManagedConnection(null, null)))
                    .as(name)
                    .isInstanceOf(GenAiException.class)
                    .hasMessageContaining(server.uri("http").toString())
                    .hasMessageContaining(words)
                    .hasMessageEndingWith("(transport " + transport + ")");
            assertThat(factory.statistics().connections().total()).isZero();
        });
    }

    @ParameterizedTest
    @ValueSource(ints = {402, 403, 429})
    void succeedsWhereTheBackendHasReasonsOfItsOwn(int status) throws Exception {
        answer = answer(status, "{\"error\": {\"message\": \"no\"}}");
        for (BackendConnectionFactory<?> factory : factories().values()) {
            factory.createManagedConnection(null, null).destroy();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {302, 401, 403, 404, 407, 429, 500, 502, 503, 504})
    void noAnswerCostsThePoolItsConnections(int status) throws Exception {
        answer = answer(status, "<html>busy</html>");
        for (BackendConnectionFactory<?> factory : factories().values()) {
            factory.setProbeOnCreate(false);
            ManagedConnection connection = factory.createManagedConnection(null, null);
            assertThat(factory.getInvalidConnections(Set.of(connection))).isEmpty();
            connection.destroy();
        }
    }

    /** Only the probe was sent, so the application may borrow again. */
    @Test
    void ofABackendThatStopsMeanwhileMayBeRepeated() {
        answer = "";
        factories()
                .values()
                .forEach(factory -> assertThatThrownBy(() -> factory.createManagedConnection(null, null))
                        .isInstanceOfSatisfying(GenAiException.class, e -> {
                            assertThat(e.category()).isEqualTo(FailureCategory.UNAVAILABLE);
                            assertThat(e.isRetryable()).isTrue();
                        }));
    }

    @Test
    void namesTheLimitOfProbesAndNotThatOfCalls() {
        try (RawServer silent =
                RawServer.start(socket -> socket.getInputStream().readAllBytes())) {
            LlmManagedConnectionFactory factory = new LlmManagedConnectionFactory();
            factory.setServerUrl(silent.uri("http").toString());
            assertThatThrownBy(() -> factory.createManagedConnection(null, null))
                    .hasMessageContaining("did not answer a probe within 5000 ms, the limit of probes")
                    .isInstanceOfSatisfying(
                            GenAiException.class, e -> assertThat(e.category()).isEqualTo(FailureCategory.UNAVAILABLE));
        }
    }

    @Test
    void doesNotNeedARouteForTheConfiguredModel() throws Exception {
        try (RawServer list = RawServer.start(socket -> {
            String head = RawServer.head(socket.getInputStream());
            while (!head.isEmpty()) {
                String next = head.startsWith("GET /models ") ? answer(200, "{\"data\": []}") : answer(404, "{}");
                socket.getOutputStream().write(next.getBytes(StandardCharsets.UTF_8));
                head = RawServer.head(socket.getInputStream());
            }
        })) {
            LlmManagedConnectionFactory factory = new LlmManagedConnectionFactory();
            factory.setServerUrl(list.uri("http").toString());
            factory.setModel("vendor/model");
            factory.createManagedConnection(null, null).destroy();
        }
    }
}
