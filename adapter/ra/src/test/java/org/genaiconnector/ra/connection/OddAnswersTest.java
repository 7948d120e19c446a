package org.genaiconnector.ra.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import jakarta.resource.spi.ManagedConnection;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.genaiconnector.FailureCategory;
import org.genaiconnector.GenAiException;
import org.genaiconnector.comfyui.ComfyUiConnection;
import org.genaiconnector.comfyui.ComfyUiConnectionFactory;
import org.genaiconnector.comfyui.DownloadOptions;
import org.genaiconnector.comfyui.FileDirectory;
import org.genaiconnector.comfyui.OutputFile;
import org.genaiconnector.comfyui.Upload;
import org.genaiconnector.comfyui.Workflow;
import org.genaiconnector.comfyui.WorkflowRejectedException;
import org.genaiconnector.llm.ChatRequest;
import org.genaiconnector.llm.ChatStream;
import org.genaiconnector.llm.CompletionRequest;
import org.genaiconnector.llm.LlmConnection;
import org.genaiconnector.llm.LlmConnectionFactory;
import org.genaiconnector.ra.comfyui.ComfyUiManagedConnectionFactory;
import org.genaiconnector.ra.http.RawServer;
import org.genaiconnector.ra.llm.LlmManagedConnectionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("With any answer of a backend, an operation returns or fails with a GenAiException that names the backend")
class OddAnswersTest {
    private static final List<String> BODIES = List.of(
            "",
            "null",
            "7",
            "\"text\"",
            "[]",
            "{}",
            "[7]",
            "[[[]]]",
            "[{}]",
            "{\"id\": 7}",
            "{\"id\": null, \"status\": 7, \"outputs\": []}",
            "{\"choices\": 7}",
            "{\"choices\": [7]}",
            "{\"choices\": [{\"message\": 7, \"finish_reason\": []}]}",
            "{\"choices\": [{\"message\": {\"content\": {\"a\": 1}, \"tool_calls\": [{\"function\": 7}]}}]}",
            "{\"choices\": [{\"message\": {\"content\": \"x\"}}], \"usage\": []}",
            "{\"choices\": [{\"message\": {\"content\": \"x\"}}], \"usage\": {\"prompt_tokens\": 1e400}}",
            "{\"content\": [7, {\"type\": 7}], \"usage\": 7}",
            "{\"content\": [{\"type\": \"tool_use\", \"id\": 7, \"name\": []}], \"stop_reason\": {}}",
            "{\"data\": 7}",
            "{\"data\": [7, {\"id\": 7, \"created\": 1e99}], \"has_more\": \"no\", \"last_id\": 7}",
            "{\"data\": [{\"embedding\": \"###\", \"index\": \"x\"}]}",
            "{\"data\": [{\"embedding\": [null], \"index\": 99999999999}]}",
            "{\"error\": []}",
            "{\"error\": {\"message\": 7, \"type\": [], \"code\": {}}, \"node_errors\": {\"1\": {\"errors\": [{\"type\": 7}]}}}",
            "{\"prompt_id\": 7, \"node_errors\": {\"1\": 7}}",
            "{\"prompt_id\": \"x\", \"node_errors\": {\"1\": {\"errors\": [{\"type\": 7, \"message\": []}]}}}",
            "{\"queue_running\": 7, \"queue_pending\": [7, [], [1, 2, 3, 4, 5]]}",
            "{\"queue_running\": [[0, 7, {}, {}, []]], \"queue_pending\": {}}",
            "{\"jobs\": 7, \"pagination\": []}",
            "{\"jobs\": [7, {}, {\"id\": 7}]}",
            "{\"system\": 7, \"devices\": 7}",
            "{\"system\": {\"comfyui_version\": 7}, \"devices\": [7, {\"name\": 7, \"vram_total\": \"x\"}]}",
            "{\"name\": 7, \"subfolder\": [], \"type\": {}}",
            "{\"x\": {\"prompt\": 7, \"outputs\": 7, \"status\": {\"messages\": [7, [], [7, 7]]}}}",
            "{\"x\": {\"input\": 7, \"output\": {}, \"name\": []}}",
            "{\"a\": 1e2147483647}",
            "{\"a\": " + "9".repeat(3_000) + "}",
            "[".repeat(100_000));

    private final List<String> wrong = new ArrayList<>();
    private final RawServer server = RawServer.start(this::answer);
    private volatile String answer;

    /** Reads one request with its body, answers, closes. */
    private void answer(Socket socket) throws IOException {
        InputStream in = socket.getInputStream();
        String head = RawServer.head(in);
        int length = head.lines()
                .filter(line -> line.toLowerCase().startsWith("content-length:"))
                .mapToInt(line -> Integer.parseInt(line.substring(15).strip()))
                .findFirst()
                .orElse(0);
        in.skipNBytes(length);
        if (head.toLowerCase().contains("transfer-encoding: chunked")) {
            while (in.available() > 0) {
                in.skipNBytes(1);
            }
        }
        socket.getOutputStream().write(answer.getBytes(StandardCharsets.UTF_8));
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private void configure(BackendConnectionFactory<?> factory) {
        factory.setServerUrl(server.uri("http").toString());
        factory.setProbeOnCreate(false);
        factory.setMaxRetries(0);
        factory.setCircuitFailures(0);
        factory.setResponseTimeoutMillis(2_000);
        factory.setCallTimeoutMillis(3_000);
    }

    private LlmConnectionFactory llm(String provider) {
        LlmManagedConnectionFactory factory = new LlmManagedConnectionFactory();
        configure(factory);
        factory.setProvider(provider);
        factory.setModel("tiny");
        return (LlmConnectionFactory) factory.createConnectionFactory();
    }

    private ComfyUiConnectionFactory comfyUi() {
        ComfyUiManagedConnectionFactory factory = new ComfyUiManagedConnectionFactory();
        configure(factory);
        return (ComfyUiConnectionFactory) factory.createConnectionFactory();
    }

    @FunctionalInterface
    private interface On<C> {
        void call(C connection) throws Exception;
    }

    private static final Map<String, On<LlmConnection>> LLM = Map.of(
            "chat", connection -> connection.chat(ChatRequest.of("Hi")),
            "complete", connection -> connection.complete(CompletionRequest.of("Hi")),
            "listModels", LlmConnection::listModels,
            "embed", connection -> connection.embed(List.of("Hi")),
            "stream",
                    connection -> {
                        try (ChatStream stream = connection.stream(ChatRequest.of("Hi"))) {
                            while (stream.hasNext()) {
                                stream.next();
                            }
                        }
                    });

    private static Workflow workflow() throws WorkflowRejectedException {
        return Workflow.parse("{\"1\": {\"class_type\": \"PreviewAny\", \"inputs\": {}}}");
    }

    private static final String ID = "00000000-0000-4000-8000-000000000000";

    private static final Map<String, On<ComfyUiConnection>> COMFY_UI = Map.ofEntries(
            Map.entry("queuePrompt", connection -> connection.queuePrompt(workflow())),
            Map.entry("findJob", connection -> connection.findJob(ID)),
            Map.entry("cancelJob", connection -> connection.cancelJob(ID)),
            Map.entry("getQueue", ComfyUiConnection::getQueue),
            Map.entry("getSystemStats", ComfyUiConnection::getSystemStats),
            Map.entry("check", connection -> connection.check(workflow())),
            Map.entry("interrupt", ComfyUiConnection::interrupt),
            Map.entry("upload", connection -> connection.uploadImage(Upload.of("a.png", new byte[] {1}))),
            Map.entry(
                    "download",
                    connection -> connection
                            .download(
                                    new OutputFile("1", "images", "a.png", "", FileDirectory.OUTPUT),
                                    DownloadOptions.WHOLE)
                            .close()));

    private void judge(String what, Throwable thrown) {
        if (thrown != null && !(thrown instanceof GenAiException)) {
            wrong.add(what + ": " + thrown);
        }
    }

    private static String whole(int status, String body) {
        return "HTTP/1.1 " + status + " X\r\nContent-Type: application/json\r\nConnection: close\r\nContent-Length: "
                + body.getBytes(StandardCharsets.UTF_8).length + "\r\n\r\n" + body;
    }

    @Tag("any-transport")
    @ParameterizedTest
    @ValueSource(strings = {"OPENAI", "ANTHROPIC", "LOCAL"})
    void inJsonOfAnotherFormByAnLlmService(String provider) throws Exception {
        LlmConnectionFactory factory = llm(provider);
        for (int status : List.of(200, 400, 500)) {
            for (String body : BODIES) {
                answer = whole(status, body);
                for (Map.Entry<String, On<LlmConnection>> each : LLM.entrySet()) {
                    judge(each.getKey() + " " + answer, catchThrowable(() -> {
                        try (LlmConnection connection = factory.getConnection()) {
                            each.getValue().call(connection);
                        }
                    }));
                }
                answer = "HTTP/1.1 " + status + " X\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n"
                        + "event: message_start\ndata: " + body + "\n\nevent: content_block_delta\ndata: " + body
                        + "\n\n";
                judge("stream " + answer, catchThrowable(() -> {
                    try (LlmConnection connection = factory.getConnection()) {
                        LLM.get("stream").call(connection);
                    }
                }));
            }
        }
        assertThat(wrong).isEmpty();
        assertThat(factory.statistics().connections().active()).isZero();
    }

    @Tag("any-transport")
    @Test
    void inJsonOfAnotherFormByComfyUi() throws Exception {
        ComfyUiConnectionFactory factory = comfyUi();
        for (int status : List.of(200, 400, 500)) {
            for (String body : BODIES) {
                answer = whole(status, body);
                for (Map.Entry<String, On<ComfyUiConnection>> each : COMFY_UI.entrySet()) {
                    judge(each.getKey() + " " + answer, catchThrowable(() -> {
                        try (ComfyUiConnection connection = factory.getConnection()) {
                            each.getValue().call(connection);
                        }
                    }));
                }
            }
        }
        assertThat(wrong).isEmpty();
        assertThat(factory.statistics().connections().active()).isZero();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "200 OK\r\nContent-Type: application/json\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}",
                "200 OK\r\nContent-Type: application/json, application/json\r\nContent-Length: 2\r\n\r\n{}",
                "200 OK\r\nContent-Type: nonsense\r\nContent-Length: 2\r\n\r\n{}",
                "200 OK\r\nContent-Type: a/b; charset=\"\r\nContent-Length: 2\r\n\r\n{}",
                "503 Busy\r\nContent-Type: text/html; =\r\nContent-Length: 2\r\n\r\n{}",
                "200 OK\r\nContent-Length: abc\r\n\r\n{}",
                "200 OK\r\nContent-Length: -5\r\n\r\n{}",
                "200 OK\r\nContent-Length: 99999999999999999999\r\n\r\n{}",
                "200 OK\r\nContent-Length: abc\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n",
                "200 OK\r\nContent-Length: 2\r\nContent-Length: 7\r\n\r\n{}",
                "200 OK\r\nTransfer-Encoding: nonsense\r\n\r\n{}",
                "200 OK\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\n{}",
                "200 OK\r\nTransfer-Encoding: chunked\r\n\r\n-2\r\n{}\r\n",
                "99 Low\r\nContent-Length: 2\r\n\r\n{}",
                "1000 High\r\nContent-Length: 2\r\n\r\n{}",
                "-200 Negative\r\nContent-Length: 2\r\n\r\n{}",
                "302 Found\r\nLocation: :// {}%zz\r\nContent-Length: 2\r\n\r\n{}",
                "429 Slow\r\nRetry-After: 999999999999999999999999\r\nretry-after-ms: 1e300\r\nContent-Length: 2\r\n\r\n{}",
                "429 Slow\r\nRetry-After: Fri, 31 Dec 9999 23:59:59 GMT\r\nContent-Length: 2\r\n\r\n{}",
                "200 OK\r\nDate: yesterday\r\nLink: <<>>\r\nSet-Cookie: ;;=\r\nAllow: ,\r\nContent-Length: 2\r\n\r\n{}",
                "200 OK\r\n: nameless\r\nContent-Length: 2\r\n\r\n{}",
                "200 OK\r\nX: \u0000\r\nContent-Length: 2\r\n\r\n{}",
                "200 OK\r\nKeep-Alive: timeout=999999999999999999999\r\nContent-Length: 2\r\n\r\n{}"
            })
    void inOddHeads(String head) throws Exception {
        answer = "HTTP/1.1 " + head;
        LlmConnectionFactory llm = llm("OPENAI");
        LLM.forEach((name, call) -> judge(name, failure(() -> {
            try (LlmConnection connection = llm.getConnection()) {
                call.call(connection);
            }
        })));
        ComfyUiConnectionFactory comfyUi = comfyUi();
        COMFY_UI.forEach((name, call) -> judge(name, failure(() -> {
            try (ComfyUiConnection connection = comfyUi.getConnection()) {
                call.call(connection);
            }
        })));
        assertThat(wrong).isEmpty();
        assertThat(llm.statistics().connections().active()).isZero();
        assertThat(comfyUi.statistics().connections().active()).isZero();
    }

    private static Throwable failure(org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
        Throwable thrown = catchThrowable(call);
        if (thrown instanceof GenAiException failure) {
            assertThat(failure.getMessage()).contains("127.0.0.1");
        }
        return thrown;
    }

    @Test
    void inAStreamWithoutEnd() throws Exception {
        String piece =
                "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"" + "x".repeat(1_000_000) + "\"}}]}\n\n";
        try (RawServer endless = RawServer.start(socket -> {
            RawServer.head(socket.getInputStream());
            socket.getOutputStream()
                    .write("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n"
                            .getBytes(StandardCharsets.US_ASCII));
            while (true) {
                socket.getOutputStream().write(piece.getBytes(StandardCharsets.US_ASCII));
            }
        })) {
            LlmManagedConnectionFactory factory = new LlmManagedConnectionFactory();
            configure(factory);
            factory.setCallTimeoutMillis(60_000);
            factory.setServerUrl(endless.uri("http").toString());
            factory.setModel("tiny");
            try (LlmConnection connection =
                    ((LlmConnectionFactory) factory.createConnectionFactory()).getConnection()) {
                assertThatThrownBy(() -> LLM.get("stream").call(connection))
                        .isInstanceOfSatisfying(
                                GenAiException.class,
                                e -> assertThat(e.category()).isEqualTo(FailureCategory.TOO_LARGE));
            }
        }
    }

    @Test
    void andTheNextCallOfTheConnectionSucceeds() throws Exception {
        LlmConnectionFactory factory = llm("LOCAL");
        try (LlmConnection connection = factory.getConnection()) {
            answer = "HTTP/1.1 200 OK\r\nContent-Type: a/b\r\nContent-Type: a/b\r\nContent-Length: 2\r\n\r\n{}";
            assertThatThrownBy(() -> connection.chat(ChatRequest.of("Hi")))
                    .isInstanceOfSatisfying(GenAiException.class, e -> {
                        assertThat(e.category()).isEqualTo(FailureCategory.PROTOCOL);
                        assertThat(e.isRetryable()).isFalse();
                        assertThat(e).hasCauseInstanceOf(RuntimeException.class);
                    });
            answer =
                    whole(200, "{\"choices\": [{\"message\": {\"content\": \"Hello\"}, \"finish_reason\": \"stop\"}]}");
            assertThat(connection.chat(ChatRequest.of("Hi")).text()).isEqualTo("Hello");
        }
    }

    @Test
    void andAWrongArgumentStaysTheCallersMistake() throws Exception {
        answer = whole(200, "{}");
        try (LlmConnection connection = llm("LOCAL").getConnection()) {
            assertThatThrownBy(() -> connection.embed(List.of())).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> connection.chat((ChatRequest) null)).isInstanceOf(NullPointerException.class);
        }
    }

    @Test
    void andAnErrorPassesButLeavesTheConnectionAndItsFiguresRight() throws Exception {
        answer = whole(200, "{}");
        FaultyFactory factory = new FaultyFactory(server.uri("http"));
        EventLog events = new EventLog();
        ManagedConnection connection = factory.createManagedConnection(null, null);
        connection.addConnectionEventListener(events);
        @SuppressWarnings("unchecked")
        Handle<FaultyFactory.Operations> handle =
                (Handle<FaultyFactory.Operations>) connection.getConnection(null, null);
        OutOfMemoryError error = new OutOfMemoryError("as tested");
        assertThatThrownBy(() -> handle.perform(operations -> operations.call(answer -> {
                    throw error;
                })))
                .isSameAs(error);
        assertThat(events.ids()).containsExactly(jakarta.resource.spi.ConnectionEvent.CONNECTION_ERROR_OCCURRED);
        assertThat(factory.getInvalidConnections(java.util.Set.of(connection))).containsExactly(connection);
        assertThat(factory.statistics().requests().failed()).isOne();
        assertThat(handle.<Integer>perform(operations -> operations.call(answer -> answer.status())))
                .as("not busy")
                .isEqualTo(200);
        connection.destroy();
        assertThat(factory.statistics().connections().active()).isZero();
    }
}
