package org.genaiconnector.ra.exceptions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.genaiconnector.ra.exceptions.LlmCalls.SERVICE;
import static org.genaiconnector.ra.exceptions.LlmCalls.llm;

import java.io.OutputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.genaiconnector.Credentials;
import org.genaiconnector.FailureCategory;
import org.genaiconnector.llm.ChatMessage;
import org.genaiconnector.llm.ChatRequest;
import org.genaiconnector.llm.EmbeddingRequest;
import org.genaiconnector.llm.FilePart;
import org.genaiconnector.llm.LlmConnection;
import org.genaiconnector.llm.LlmConnectionFactory;
import org.genaiconnector.ra.connection.FaultyFactory;
import org.genaiconnector.ra.connection.Operation;
import org.genaiconnector.ra.http.RawServer;
import org.genaiconnector.ra.llm.LlmManagedConnectionFactory;
import org.genaiconnector.testkit.Fault;
import org.genaiconnector.testkit.Match;
import org.genaiconnector.testkit.llm.LlmSimulator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What calls of LLM services fail with when a request cannot be expressed, or the answer contradicts the protocol. */
@Timeout(60)
class AnswerExceptionsTest {
    private static final ChatRequest HI = ChatRequest.of("Hi");
    private static final String TOKEN_ENDPOINT = "The token endpoint (property tokenUrl)";
    private static final String OTHER_SERVICE =
            "Look whether `serverUrl` and `provider` fit the service: another service or a gateway answers.";

    static List<ExceptionExample> examples() {
        return List.of(
                chat(
                        "answered /v1/chat/completions with something that is not JSON: ...",
                        OTHER_SERVICE,
                        Fault.malformedJson()),
                chat(
                        "answered without choices: ...",
                        OTHER_SERVICE,
                        Fault.status(200).json("{\"id\":\"1\"}")),
                stream(
                        "streamed something that is not a JSON object: ...",
                        OTHER_SERVICE,
                        Fault.streamError(1, "data: [1]")),
                models(
                        "answered the list of models with something else: ...",
                        OTHER_SERVICE,
                        Fault.status(200).json("{\"ok\":true}")),
                embedding(
                        "answered 2 texts with 1 embeddings: ...",
                        "Embed each text by itself: the service does not take several.",
                        Fault.status(200).json("{\"data\":[{\"index\":0,\"embedding\":[1.0]}]}")),
                embedding(
                        "sends an embedding that is not all numbers",
                        "Report it to the service.",
                        Fault.status(200).json("{\"data\":[{\"index\":0,\"embedding\":[1,\"x\"]}]}")),
                embedding(
                        "sends an embedding that is neither numbers nor base64",
                        "Report it to the service.",
                        Fault.status(200).json("{\"data\":[{\"index\":0,\"embedding\":\"?\"}]}")),
                embedding(
                        "sends an embedding cut within a number",
                        "Report it to the service.",
                        Fault.status(200).json("{\"data\":[{\"index\":0,\"embedding\":\"AAAA\"}]}")),
                embedding(
                        "sends an empty embedding at position 0",
                        "Use a model for embeddings.",
                        Fault.status(200)
                                .json("{\"data\":[{\"index\":0,\"embedding\":[]},{\"index\":1,\"embedding\":[]}]}")),
                embedding(
                        "sends an embedding of 1 numbers at position 1 instead of 2",
                        "Report it to the service: embeddings of one model have one length.",
                        Fault.status(200)
                                .json(
                                        "{\"data\":[{\"index\":0,\"embedding\":[1.0,2.0]},{\"index\":1,\"embedding\":[1.0]}]}")),
                endless(
                        "streamed an answer of more than 33554432 bytes",
                        "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"" + "x".repeat(1 << 20)
                                + "\"}}]}\n\n"),
                endless("streamed an event of more than 16777216 bytes", "data: " + "x".repeat(1 << 20)),
                unread(
                        "... answered /odd with something that its protocol does not know: ...",
                        operations -> operations.call(AnswerExceptionsTest::misread)),
                unread(
                        "... sent something that its protocol does not know",
                        operations -> operations.open(AnswerExceptionsTest::misread)),
                unread("... answered something that its protocol does not know", operations -> {
                    operations.call(answer -> "");
                    throw new IllegalArgumentException("as tested");
                }),
                ExceptionExample.of(
                        FailureCategory.NOT_FOUND,
                        "LLM service (LOCAL) at ... offers no model: load one there, or set one in the request or in the property"
                                + " model of the pool",
                        "Do one of the things that the message names.",
                        llm(
                                pool -> {
                                    pool.setProvider("LOCAL");
                                    pool.setModel(null);
                                },
                                (server, connection) -> {
                                    server.faults().next(Fault.status(200).json("{\"object\":\"list\",\"data\":[]}"));
                                    connection.chat(HI);
                                })),
                ExceptionExample.of(
                        FailureCategory.INVALID_REQUEST,
                        "... cannot be expressed in OpenAI's protocol: omit it, or set the property unsupportedFields to"
                                + " DROP",
                        "Omit that option, or set `unsupportedFields` of the pool to `DROP`.",
                        llm((server, connection) ->
                                connection.chat(HI.toBuilder().topK(5).build()))),
                ExceptionExample.of(
                        FailureCategory.INVALID_REQUEST,
                        "A FilePart has an unknown charset: ...",
                        "Correct the charset in the part's media type.",
                        () -> {
                            try (LlmSimulator server = LlmSimulator.start()) {
                                LlmManagedConnectionFactory pool = LlmCalls.pool(server);
                                pool.setProvider("ANTHROPIC");
                                FilePart file = FilePart.of(
                                        "a.txt", "text/plain; charset=klingon", "a".getBytes(StandardCharsets.UTF_8));
                                LlmCalls.handle(pool).chat(ChatRequest.of(ChatMessage.user(file)));
                            }
                        }),
                ExceptionExample.of(
                        FailureCategory.AUTHENTICATION,
                        "The credentials for " + SERVICE
                                + " contain a character that no HTTP header can carry: only visible"
                                + " characters of Latin-1 are possible",
                        "Look for line breaks or quotation marks that were copied with the key which `getConnection` got.",
                        () -> ((LlmConnectionFactory) unprobed().createConnectionFactory())
                                .getConnection(Credentials.apiKey("sk-\u20ac"))
                                .chat(HI)),
                token(
                        FailureCategory.AUTHENTICATION,
                        "refuses the client studio: ... -- check clientId, clientSecret and scope of the pool",
                        "Correct the property, or give the client the right to this scope at the provider.",
                        Fault.status(401).json("{\"error\": \"invalid_client\"}")),
                token(
                        FailureCategory.UNAVAILABLE,
                        "answered without an access_token that a header can carry",
                        "Look whether `tokenUrl` is the token endpoint: something else answers.",
                        Fault.status(200).json("{\"id_token\": \"x\"}")),
                ExceptionExample.of(
                        FailureCategory.DEADLINE,
                        TOKEN_ENDPOINT
                                + " at ... has not given another call its token yet, and the time of this call is up",
                        "Look why the endpoint at `tokenUrl` hangs; one call at a time asks it for a new token.",
                        () -> besideAHangingTokenCall(
                                connection -> connection.chat(HI.withTimeout(Duration.ofMillis(300))))),
                ExceptionExample.of(
                        FailureCategory.CANCELLED,
                        "Interrupted while a token was awaited",
                        "The thread was interrupted, as by a request that was given up; its interrupt status is set.",
                        () -> besideAHangingTokenCall(connection -> {
                            Thread.currentThread().interrupt();
                            try {
                                connection.chat(HI);
                            } finally {
                                assertThat(Thread.interrupted()).isTrue();
                            }
                        })));
    }

    @FunctionalInterface
    private interface Use {
        void of(LlmConnection connection) throws Exception;
    }

    private static void besideAHangingTokenCall(Use use) throws Exception {
        try (LlmSimulator server = LlmSimulator.start()) {
            LlmManagedConnectionFactory pool = withToken(LlmCalls.pool(server));
            LlmConnection first = LlmCalls.handle(pool);
            LlmConnection second = LlmCalls.handle(pool);
            server.faults().always(Match.path("/token"), Fault.silence());
            CompletableFuture<Throwable> hanging =
                    CompletableFuture.supplyAsync(() -> catchThrowable(() -> first.chat(HI)));
            server.traffic().awaitRequests(1, Duration.ofSeconds(20));
            try {
                use.of(second);
            } finally {
                server.faults().clear().killConnections();
                assertThat(hanging.join()).isNotNull();
            }
        }
    }

    /** What must be set before the first connection is made. */
    private static LlmManagedConnectionFactory withToken(LlmManagedConnectionFactory pool) {
        pool.setTokenUrl(URI.create(pool.getServerUrl()).resolve("/token").toString());
        pool.setClientId("studio");
        pool.setClientSecret("secret of the studio");
        return pool;
    }

    private static String misread(Object answer) {
        throw new ClassCastException("as tested");
    }

    /** Uses a backend whose answers the code that reads them is not prepared for. */
    private static ExceptionExample unread(String message, Operation<FaultyFactory.Operations, String> operation) {
        return ExceptionExample.of(
                FailureCategory.PROTOCOL,
                message,
                "Look whether `serverUrl` leads to the backend itself. If it does, report the message with its cause: no such answer"
                        + " is known.",
                () -> {
                    try (RawServer server = RawServer.answering("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}")) {
                        new FaultyFactory(server.uri("http")).perform(operation);
                    }
                });
    }

    /** Reads a stream that repeats a piece without end. */
    private static ExceptionExample endless(String words, String piece) {
        byte[] bytes = piece.getBytes(StandardCharsets.US_ASCII);
        RawServer.Script script = socket -> {
            RawServer.head(socket.getInputStream());
            OutputStream out = socket.getOutputStream();
            out.write("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            while (true) {
                out.write(bytes);
            }
        };
        return ExceptionExample.of(
                FailureCategory.TOO_LARGE,
                SERVICE + " " + words,
                "Look at the backend, or ask for less: no property changes the limit.",
                () -> {
                    try (RawServer backend = RawServer.start(script)) {
                        llm(
                                        pool -> pool.setServerUrl(
                                                backend.uri("http").toString()),
                                        (server, connection) -> LlmCalls.drain(connection.stream(HI)))
                                .call();
                    }
                });
    }

    private static LlmManagedConnectionFactory unprobed() {
        LlmManagedConnectionFactory pool = new LlmManagedConnectionFactory();
        pool.setServerUrl("http://127.0.0.1:1");
        pool.setProbeOnCreate(false);
        return pool;
    }

    private static ExceptionExample protocol(String words, String remedy, LlmCalls.LlmUse use) {
        return ExceptionExample.of(FailureCategory.PROTOCOL, SERVICE + " " + words, remedy, llm(use));
    }

    private static ExceptionExample chat(String words, String remedy, Fault answer) {
        return protocol(words, remedy, (server, connection) -> {
            server.faults().next(answer);
            connection.chat(HI);
        });
    }

    private static ExceptionExample stream(String words, String remedy, Fault answer) {
        return protocol(words, remedy, (server, connection) -> {
            server.faults().next(answer);
            LlmCalls.drain(connection.stream(HI));
        });
    }

    private static ExceptionExample models(String words, String remedy, Fault answer) {
        return protocol(words, remedy, (server, connection) -> {
            server.faults().next(answer);
            connection.listModels();
        });
    }

    private static ExceptionExample embedding(String words, String remedy, Fault answer) {
        return protocol(words, remedy, (server, connection) -> {
            server.faults().next(answer);
            connection.embed(EmbeddingRequest.of(List.of("a", "b")));
        });
    }

    private static ExceptionExample token(FailureCategory category, String words, String remedy, Fault answer) {
        return ExceptionExample.of(
                category,
                TOKEN_ENDPOINT + " at ... " + words,
                remedy,
                llm(AnswerExceptionsTest::withToken, (server, connection) -> {
                    server.faults().always(Match.path("/token"), answer);
                    connection.chat(HI);
                }));
    }

    @ParameterizedTest
    @MethodSource("examples")
    void isThrown(ExceptionExample example) {
        example.check();
    }

    @Test
    void isDocumented() throws Exception {
        ExceptionExample.assertDocumented("answers", examples());
    }
}
