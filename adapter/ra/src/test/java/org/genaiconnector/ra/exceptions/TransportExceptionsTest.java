package org.genaiconnector.ra.exceptions;

import static org.assertj.core.api.Assertions.catchThrowable;
import static org.genaiconnector.ra.exceptions.LlmCalls.SERVICE;
import static org.genaiconnector.ra.exceptions.LlmCalls.llm;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.genaiconnector.FailureCategory;
import org.genaiconnector.llm.ChatRequest;
import org.genaiconnector.llm.ChatStream;
import org.genaiconnector.llm.LlmConnection;
import org.genaiconnector.ra.http.RawServer;
import org.genaiconnector.ra.http.TestProxy;
import org.genaiconnector.testkit.End;
import org.genaiconnector.testkit.Fault;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What calls fail with when the way to the backend, a limit or an answer that breaks off is the reason. */
@Timeout(60)
class TransportExceptionsTest {
    private static final ChatRequest HI = ChatRequest.of("Hi");

    /** The fatal alert 40 of TLS. */
    private static final byte[] HANDSHAKE_FAILURE = {21, 3, 3, 0, 2, 2, 40};

    static List<ExceptionExample> examples() {
        return List.of(
                ExceptionExample.of(
                        FailureCategory.UNAVAILABLE,
                        SERVICE + " cannot be reached: the host name is unknown (property serverUrl)",
                        "Correct the host in `serverUrl`, or the name service of the application server's machine.",
                        llm(
                                pool -> pool.setServerUrl("http://gpu.invalid"),
                                (server, connection) -> connection.chat(HI))),
                ExceptionExample.of(
                        FailureCategory.UNAVAILABLE,
                        SERVICE
                                + " cannot be connected to through the proxy ...: ... (properties proxyHost, proxyPort)",
                        "Start the proxy, correct `proxyHost` and `proxyPort`, or except the service by `proxyExclusions`.",
                        llm(
                                pool -> {
                                    pool.setProxyHost("127.0.0.1");
                                    pool.setProxyPort(1);
                                },
                                (server, connection) -> connection.chat(HI))),
                ExceptionExample.of(
                        FailureCategory.TIMEOUT_CONNECT,
                        SERVICE
                                + " could not be reached within 300 ms (property connectTimeoutMillis): check serverUrl, and the"
                                + " network between",
                        "Look at the network and the backend: it takes no connection, or ends no TLS handshake. Nothing was"
                                + " sent.",
                        raw("https", 300, socket -> socket.getInputStream().readAllBytes())),
                ExceptionExample.of(
                        FailureCategory.TIMEOUT_CONNECT,
                        SERVICE
                                + " could not be reached through the proxy ... within 300 ms (property connectTimeoutMillis): check"
                                + " proxyHost and proxyPort, and the network between",
                        "Look at the proxy and the network: it opens no tunnel. Nothing was sent.",
                        () -> {
                            try (RawServer silent = RawServer.start(
                                    socket -> socket.getInputStream().readAllBytes())) {
                                llm(
                                                pool -> {
                                                    pool.setServerUrl("https://127.0.0.1:1");
                                                    pool.setConnectTimeoutMillis(300);
                                                    pool.setProxyHost("127.0.0.1");
                                                    pool.setProxyPort(silent.port());
                                                },
                                                (server, connection) -> connection.chat(HI))
                                        .call();
                            }
                        }),
                ExceptionExample.of(
                        FailureCategory.UNAVAILABLE,
                        SERVICE
                                + " broke the connection off while it was being made (property serverUrl): it may be starting or"
                                + " going down",
                        "Wait, or look at the backend: it stops or starts. Nothing was sent.",
                        raw("https", 20_000, socket -> socket.getInputStream().read())),
                ExceptionExample.of(
                        FailureCategory.TLS,
                        SERVICE
                                + ": no TLS connection: ... (check serverUrl, trustStoreFile, keyStoreFile and verifyHostName)",
                        "Look at the service's log of TLS: it accepts no version or key of the adapter, or has the certificate of"
                                + " another host.",
                        raw("https", 20_000, socket -> socket.getOutputStream().write(HANDSHAKE_FAILURE))),
                ExceptionExample.of(
                        FailureCategory.COMMUNICATION,
                        SERVICE + " broke the connection off: ... (it seems to speak TLS: use https in serverUrl)",
                        "Write `https` in `serverUrl`.",
                        raw("http", 20_000, socket -> socket.getOutputStream().write(HANDSHAKE_FAILURE))),
                ExceptionExample.of(
                        FailureCategory.PROXY,
                        SERVICE + " is not reached: the proxy ... answered with status 407: ... (properties proxyUser,"
                                + " proxyPassword)",
                        "Set `proxyUser` and `proxyPassword`. With status 403 the proxy's configuration forbids the service.",
                        TransportExceptionsTest::chatThroughProxy),
                ExceptionExample.of(
                        FailureCategory.RATE_LIMIT,
                        SERVICE
                                + " is rate limited for another ... ms (Retry-After of an earlier call with the same credentials)",
                        "Call again after `retryAfter()`, or ask the service for a higher limit. Calls with another key are not"
                                + " affected.",
                        llm(pool -> pool.setApiKey("sk-one"), (server, connection) -> {
                            server.faults().next(Fault.status(429).header("Retry-After", "3600"));
                            catchThrowable(() -> connection.chat(HI));
                            connection.chat(HI);
                        })),
                failing(
                        FailureCategory.COMMUNICATION,
                        "broke the connection off: ...",
                        "Look at the backend's log: it may have crashed. The work may have been done, so decide whether to repeat"
                                + " it.",
                        Fault.resetBeforeResponse()),
                failing(
                        FailureCategory.TRUNCATED,
                        "began to answer and broke off: ...",
                        "Look at the backend and at proxies between. The work may have been done, so decide whether to repeat it.",
                        Fault.contentLength(10, End.CLOSE)),
                ExceptionExample.of(
                        FailureCategory.TRUNCATED,
                        SERVICE + " began to answer and fell silent for 500 ms (property responseTimeoutMillis)",
                        "Raise `responseTimeoutMillis` if the backend pauses longer; else look at the backend.",
                        llm(pool -> pool.setResponseTimeoutMillis(500), (server, connection) -> {
                            server.faults().next(Fault.contentLength(10, End.KEEP));
                            connection.chat(HI);
                        })),
                ExceptionExample.of(
                        FailureCategory.CANCELLED,
                        "The stream of " + SERVICE + " was closed while it was read",
                        "Another thread closed it, or the application server ended the transaction or the pool.",
                        llm((server, connection) -> {
                            server.faults().next(Fault.endlessStream(2, Duration.ofMillis(5)));
                            ChatStream stream = connection.stream(HI);
                            CompletableFuture.runAsync(stream::close).join();
                            stream.hasNext();
                        })),
                ExceptionExample.of(
                        FailureCategory.TRUNCATED,
                        SERVICE + " ended the stream of an answer before the answer was complete",
                        "Use what has come, or ask again. Gateways that limit the time of streams are a usual cause.",
                        llm((server, connection) -> {
                            server.faults().next(Fault.endStream(2));
                            LlmCalls.drain(connection.stream(HI));
                        })),
                failing(
                        FailureCategory.UNAVAILABLE,
                        "answered /v1/chat/completions with status 504: ... (it may have been done, so it is not repeated)",
                        "Decide whether to repeat it: the answer may have been made and billed. Raise the gateway's time limit.",
                        Fault.status(504)),
                failing(
                        FailureCategory.PROTOCOL,
                        "does not speak HTTP/1.1: ...",
                        "Look whether `serverUrl` leads to the backend: something else answers, or packs its answers as no"
                                + " request of the adapter permits.",
                        Fault.status(200).header("Content-Encoding", "zstd").json("{}")),
                failing(
                        FailureCategory.PROTOCOL,
                        "packs its answer in a way that cannot be unpacked: ...",
                        "Switch compression off in the backend or the proxy: what it sends is not what it announces.",
                        Fault.status(200).header("Content-Encoding", "gzip").json("{}")),
                failing(
                        FailureCategory.TOO_LARGE,
                        "answered /v1/chat/completions with more than 67108864 bytes",
                        "Look at the backend: no answer of a model is that long. No property changes the limit.",
                        Fault.status(200).body("application/json", " ".repeat((64 << 20) + 1))),
                failing(
                        FailureCategory.PROTOCOL,
                        "answered /v1/chat/completions with a head that is not HTTP: ...",
                        "Correct the backend or the proxy that sends such headers; the end of the message names one.",
                        Fault.raw(
                                "HTTP/1.1 200 OK\r\nContent-Type: a/b\r\nContent-Type: a/b\r\nContent-Length: 2\r\n\r\n{}",
                                End.CLOSE)),
                failing(
                        FailureCategory.TOO_LARGE,
                        "answered with a head that is too large: more than ... lines, or a line of more than ... bytes",
                        "Correct the backend or the proxy that sends such headers. No property changes the limit.",
                        Fault.raw("HTTP/1.1 200 OK\r\nX: " + "x".repeat(40_000) + "\r\n\r\n", End.CLOSE)),
                ExceptionExample.of(
                        FailureCategory.CANCELLED,
                        "Interrupted during a call of " + SERVICE,
                        "The application server or the application interrupted the thread: end its work. The call may have been"
                                + " done.",
                        llm((server, connection) -> chatInterrupted(connection))),
                ExceptionExample.of(
                        FailureCategory.CANCELLED,
                        "The connection to " + SERVICE + " was closed while it was in use",
                        "Another thread closed it, or the application server ended the transaction or the pool. The call may have"
                                + " been done.",
                        llm((server, connection) -> {
                            server.faults().next(Fault.silence());
                            CompletableFuture<Void> closing = CompletableFuture.runAsync(() -> {
                                server.traffic().awaitRequests(1, Duration.ofSeconds(30));
                                connection.close();
                            });
                            try {
                                connection.chat(HI);
                            } finally {
                                closing.join();
                            }
                        })),
                ExceptionExample.of(
                        FailureCategory.CANCELLED,
                        "Interrupted while waiting to call " + SERVICE + " again",
                        "The application server or the application interrupted the thread: end its work. The cause says why the"
                                + " call waited; nothing was sent meanwhile.",
                        llm(pool -> pool.setMaxRetries(1), (server, connection) -> {
                            server.faults()
                                    .next(Fault.status(429).header("retry-after-ms", "0"))
                                    .next(Fault.status(429).header("retry-after-ms", "10000"));
                            catchThrowable(() -> connection.chat(HI));
                            chatInterrupted(connection);
                        })));
    }

    /** Chats with a backend that does this with each connection. */
    private static ThrowingCallable raw(String scheme, int connectMillis, RawServer.Script script) {
        return () -> {
            try (RawServer backend = RawServer.start(script)) {
                llm(
                                pool -> {
                                    pool.setServerUrl(backend.uri(scheme).toString());
                                    pool.setConnectTimeoutMillis(connectMillis);
                                },
                                (server, connection) -> connection.chat(HI))
                        .call();
            }
        };
    }

    private static void chatInterrupted(LlmConnection connection) throws Exception {
        Thread.currentThread().interrupt();
        try {
            connection.chat(HI);
        } finally {
            Thread.interrupted();
        }
    }

    private static ExceptionExample failing(FailureCategory category, String words, String remedy, Fault fault) {
        return ExceptionExample.of(category, SERVICE + " " + words, remedy, llm((server, connection) -> {
            server.faults().next(fault);
            connection.chat(HI);
        }));
    }

    private static void chatThroughProxy() throws Throwable {
        try (TestProxy proxy = TestProxy.start().authorize("user", "password")) {
            llm(
                            pool -> {
                                pool.setProxyHost("127.0.0.1");
                                pool.setProxyPort(proxy.port());
                            },
                            (server, connection) -> connection.chat(HI))
                    .call();
        }
    }

    @ParameterizedTest
    @MethodSource("examples")
    void isThrown(ExceptionExample example) {
        example.check();
    }

    @Test
    void isDocumented() throws Exception {
        ExceptionExample.assertDocumented("transport", examples());
    }
}
