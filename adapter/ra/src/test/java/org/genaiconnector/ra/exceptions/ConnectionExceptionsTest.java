package org.genaiconnector.ra.exceptions;

import static org.assertj.core.api.Assertions.catchThrowable;
import static org.genaiconnector.ra.exceptions.LlmCalls.SERVICE;
import static org.genaiconnector.ra.exceptions.LlmCalls.handle;
import static org.genaiconnector.ra.exceptions.LlmCalls.llm;
import static org.genaiconnector.ra.exceptions.LlmCalls.pool;

import jakarta.resource.NotSupportedException;
import jakarta.resource.spi.LocalTransactionException;
import jakarta.resource.spi.ManagedConnection;
import jakarta.resource.spi.ResourceAdapterInternalException;
import jakarta.resource.spi.SecurityException;
import jakarta.resource.spi.security.PasswordCredential;
import java.time.Duration;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Set;
import javax.security.auth.Subject;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.genaiconnector.FailureCategory;
import org.genaiconnector.llm.ChatRequest;
import org.genaiconnector.llm.ChatStream;
import org.genaiconnector.llm.EmbeddingRequest;
import org.genaiconnector.llm.LlmConnection;
import org.genaiconnector.llm.LlmConnectionFactory;
import org.genaiconnector.ra.GenAiResourceAdapter;
import org.genaiconnector.ra.TestContainer;
import org.genaiconnector.ra.comfyui.ComfyUiManagedConnectionFactory;
import org.genaiconnector.ra.connection.EventLog;
import org.genaiconnector.ra.connection.LazyPool;
import org.genaiconnector.ra.connection.TestConnections;
import org.genaiconnector.ra.llm.LlmManagedConnectionFactory;
import org.genaiconnector.testkit.End;
import org.genaiconnector.testkit.Fault;
import org.genaiconnector.testkit.llm.LlmSimulator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the use of connections fails with, where the backend is not the reason or does not answer. */
@Timeout(60)
class ConnectionExceptionsTest {
    static List<ExceptionExample> examples() {
        return List.of(
                ExceptionExample.of(
                        FailureCategory.CLOSED,
                        "This connection is closed: the application closed it, or the application server took it back. Get another"
                                + " one",
                        "Call `getConnection` again; do not keep a connection beyond the method or transaction.",
                        llm((server, connection) -> {
                            connection.close();
                            connection.chat(ChatRequest.of("Hi"));
                        })),
                ExceptionExample.of(
                        FailureCategory.UNAVAILABLE,
                        "The application server took back the connection of this handle to ... and has no other for it: check the"
                                + " maximum size of the pool, or get a connection for each use: ...",
                        "Raise the maximum of the pool, or do not keep a connection beyond the method or transaction.",
                        ConnectionExceptionsTest::useKeptHandleOfFullPool),
                ExceptionExample.of(
                        FailureCategory.COMMUNICATION,
                        "The connection to " + SERVICE + " broke while an answer was being read",
                        "Nothing: the application server gets it, may log it, and replaces the connection. The application has got"
                                + " what its stream or download failed with.",
                        ConnectionExceptionsTest::closeHandleOfBrokenStream),
                ExceptionExample.of(
                        FailureCategory.CONFLICT,
                        "The connection to " + SERVICE
                                + " is in use: by another thread, or by a download or stream that is not"
                                + " closed yet. Close that first, or get a second connection",
                        "Close the stream or download first, or get a second connection.",
                        llm((server, connection) -> {
                            server.faults().next(Fault.endlessStream(2, Duration.ofMillis(5)));
                            try (ChatStream stream = connection.stream(ChatRequest.of("Hi"))) {
                                stream.next();
                                connection.chat(ChatRequest.of("Hi"));
                            }
                        })),
                ExceptionExample.of(
                        FailureCategory.UNAVAILABLE,
                        SERVICE + " cannot be connected to: ... (property serverUrl)",
                        "Start the service, or correct `serverUrl` and the firewall.",
                        llm(server -> {}, pool -> {}, (server, connection) -> {
                            server.close();
                            connection.chat(ChatRequest.of("Hi"));
                        })),
                ExceptionExample.of(
                        FailureCategory.TIMEOUT_RESPONSE,
                        SERVICE + " did not answer within 100 ms (property responseTimeoutMillis)",
                        "Raise `responseTimeoutMillis` if answers may take longer; else look at the service.",
                        llm(pool -> pool.setResponseTimeoutMillis(100), (server, connection) -> {
                            server.faults().next(Fault.silence());
                            connection.chat(ChatRequest.of("Hi"));
                        })),
                ExceptionExample.of(
                        FailureCategory.DEADLINE,
                        SERVICE
                                + " did not finish within the call timeout of 100 ms (property callTimeoutMillis, or the timeout of"
                                + " the request)",
                        "Raise `callTimeoutMillis` if calls may take longer; else look at the service.",
                        llm(pool -> pool.setCallTimeoutMillis(100), (server, connection) -> {
                            server.faults().next(Fault.silence());
                            connection.chat(ChatRequest.of("Hi"));
                        })),
                ExceptionExample.of(
                        FailureCategory.UNSUPPORTED,
                        "OpenAI counts no tokens in advance: the usage of an answer has the tokens of its request",
                        "Read `response.usage()`, or use a pool of Anthropic for counting.",
                        llm((server, connection) -> connection.countTokens(ChatRequest.of("Hi")))),
                ExceptionExample.of(
                        FailureCategory.UNSUPPORTED,
                        "Anthropic has no embeddings: use a pool whose property provider is another",
                        "Use a pool of another provider for embeddings.",
                        () -> {
                            try (LlmSimulator server = LlmSimulator.start()) {
                                LlmManagedConnectionFactory pool = pool(server);
                                pool.setProvider("ANTHROPIC");
                                handle(pool).embed(EmbeddingRequest.of("a"));
                            }
                        }),
                ExceptionExample.of(
                        FailureCategory.INVALID_REQUEST,
                        "No model: set one in the request, or the property model of the pool",
                        "Set `model` of the pool, or name a model in the request.",
                        llm(
                                pool -> pool.setModel(null),
                                (server, connection) -> connection.chat(ChatRequest.of("Hi")))),
                ExceptionExample.of(
                        FailureCategory.AUTHENTICATION,
                        SERVICE
                                + " answered ... with status 401: ... -- check apiKey or apiKeyFile, or user and password, of the"
                                + " pool, or the caller's credentials",
                        "Renew `apiKey`, or the first line of `apiKeyFile`.",
                        llm((server, connection) -> {
                            server.faults().next(Fault.status(401));
                            connection.chat(ChatRequest.of("Hi"));
                        })),
                ExceptionExample.of(
                        FailureCategory.UNAVAILABLE,
                        SERVICE
                                + " is not called at the moment: it has failed 1 times in a row (properties circuitFailures,"
                                + " circuitOpenMillis)",
                        "The circuit is open: find the cause in the last failures before. It closes by itself, see"
                                + " `circuitFailures` and `circuitOpenMillis`.",
                        llm(pool -> pool.setCircuitFailures(1), (server, connection) -> {
                            server.faults().next(Fault.status(503));
                            catchThrowable(() -> connection.chat(ChatRequest.of("Hi")));
                            connection.chat(ChatRequest.of("Hi"));
                        })),
                ExceptionExample.of(
                        FailureCategory.TLS,
                        SERVICE + ": no TLS connection: ... (it seems to speak plain HTTP: use http in serverUrl)",
                        "Write `http` in `serverUrl`.",
                        llm(
                                pool -> pool.setServerUrl(pool.getServerUrl().replace("http:", "https:")),
                                (server, connection) -> connection.chat(ChatRequest.of("Hi")))),
                ExceptionExample.of(
                        NoSuchElementException.class,
                        "The stream has ended",
                        "Ask `hasNext()` before `next()`.",
                        llm((server, connection) -> {
                            try (ChatStream stream = connection.stream(ChatRequest.of("Hi"))) {
                                while (stream.hasNext()) {
                                    stream.next();
                                }
                                stream.next();
                            }
                        })),
                ExceptionExample.of(
                        ResourceAdapterInternalException.class,
                        "The GenAI connector has been stopped",
                        "Start the adapter, or the application that contains it, again.",
                        () -> {
                            GenAiResourceAdapter adapter = new GenAiResourceAdapter();
                            adapter.start(new TestContainer());
                            adapter.stop();
                            adapter.closeOnStop(() -> {});
                        }),
                ExceptionExample.of(
                        ResourceAdapterInternalException.class,
                        "Not a connection handle of this adapter: ...",
                        "An error of the application server. Report it to its vendor.",
                        managed(connection -> connection.associateConnection("handle"))),
                ExceptionExample.of(
                        SecurityException.class,
                        "A connection cannot change its credentials: re-authentication is not supported",
                        "Do not configure re-authentication for the pool.",
                        () -> {
                            LlmManagedConnectionFactory pool = new LlmManagedConnectionFactory();
                            pool.setProbeOnCreate(false);
                            PasswordCredential other = new PasswordCredential("", "other".toCharArray());
                            other.setManagedConnectionFactory(pool);
                            Subject subject = new Subject(false, Set.of(), Set.of(), Set.of(other));
                            pool.createManagedConnection(null, null).getConnection(subject, null);
                        }),
                ExceptionExample.of(
                        NotSupportedException.class,
                        "... has no XA transactions",
                        "Set `transaction-support` of the pool to `LocalTransaction` or `NoTransaction`.",
                        managed(ManagedConnection::getXAResource)),
                ExceptionExample.of(
                        NotSupportedException.class,
                        "... has no transactions",
                        "Set `transaction-support` of the pool to `NoTransaction`.",
                        managed(ManagedConnection::getLocalTransaction)),
                ExceptionExample.of(
                        LocalTransactionException.class,
                        "A transaction is active on this connection already",
                        "End it first, or use another connection. In an application server this is an error of its own.",
                        () -> {
                            ManagedConnection connection =
                                    comfyUi("http://127.0.0.1:1").createManagedConnection(null, null);
                            connection.getLocalTransaction().begin();
                            connection.getLocalTransaction().begin();
                        }));
    }

    private static void useKeptHandleOfFullPool() throws Exception {
        try (LlmSimulator server = LlmSimulator.start()) {
            LazyPool one = new LazyPool(1);
            LlmConnectionFactory factory = TestConnections.factory(pool(server), one);
            LlmConnection kept = factory.getConnection();
            one.endInvocation();
            try (LlmConnection other = factory.getConnection()) {
                other.chat(ChatRequest.of("Hi"));
                kept.chat(ChatRequest.of("Hi"));
            } finally {
                one.destroyAll();
            }
        }
    }

    private static void closeHandleOfBrokenStream() throws Exception {
        try (LlmSimulator server = LlmSimulator.start()) {
            ManagedConnection managed = pool(server).createManagedConnection(null, null);
            EventLog events = new EventLog();
            managed.addConnectionEventListener(events);
            LlmConnection handle = (LlmConnection) managed.getConnection(null, null);
            server.faults().next(Fault.cutStream(2, End.RESET));
            catchThrowable(() -> LlmCalls.drain(handle.stream(ChatRequest.of("Hi"))));
            handle.close();
            throw events.events().get(0).getException();
        }
    }

    private static ThrowingCallable managed(LlmCalls.Use<ManagedConnection> use) {
        return () -> {
            LlmManagedConnectionFactory pool = new LlmManagedConnectionFactory();
            pool.setProbeOnCreate(false);
            use.of(pool.createManagedConnection(null, null));
        };
    }

    private static ComfyUiManagedConnectionFactory comfyUi(String url) {
        ComfyUiManagedConnectionFactory pool = new ComfyUiManagedConnectionFactory();
        pool.setServerUrl(url);
        pool.setProbeOnCreate(false);
        return pool;
    }

    @ParameterizedTest
    @MethodSource("examples")
    void isThrown(ExceptionExample example) {
        example.check();
    }

    @Test
    void isDocumented() throws Exception {
        ExceptionExample.assertDocumented("use of connections", examples());
    }
}
