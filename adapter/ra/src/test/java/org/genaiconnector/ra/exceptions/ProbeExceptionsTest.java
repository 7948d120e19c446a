package org.genaiconnector.ra.exceptions;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.resource.ResourceException;
import jakarta.resource.spi.InvalidPropertyException;
import jakarta.resource.spi.ResourceAdapterInternalException;
import jakarta.resource.spi.SecurityException;
import java.util.List;
import java.util.function.Function;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.genaiconnector.FailureCategory;
import org.genaiconnector.ra.comfyui.ComfyUiManagedConnectionFactory;
import org.genaiconnector.ra.http.IsolatedAdapter;
import org.genaiconnector.ra.http.RawServer;
import org.genaiconnector.ra.llm.LlmManagedConnectionFactory;
import org.genaiconnector.testkit.Fault;
import org.genaiconnector.testkit.llm.LlmSimulator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the first connection of a pool fails with, which asks the backend whether it is the right one. */
@Timeout(60)
class ProbeExceptionsTest {
    private static final String SERVICE = LlmCalls.SERVICE;
    private static final String ELSE = " -- something else answers at serverUrl, such as a login page or a proxy";
    private static final String TRANSPORT = " (transport ...)";
    private static final String CORRECT_URL = "Correct `serverUrl`: the backend itself, with its path.";

    static List<ExceptionExample> examples() {
        return List.of(
                ExceptionExample.of(
                        SecurityException.class,
                        SERVICE + " answered /v1/models/tiny with status 401: ... -- check apiKey or"
                                + " apiKeyFile, or user and password, of the pool, or the caller's credentials"
                                + TRANSPORT,
                        "Set `apiKey` or the first line of `apiKeyFile` to a valid key.",
                        probe(Fault.status(401).json("{\"error\":{\"message\":\"Incorrect API key provided\"}}"))),
                probed(
                        FailureCategory.PROTOCOL,
                        "answered /v1/models/tiny with status 302 (to ...): ... -- redirects are not followed: give serverUrl the"
                                + " address that answers itself",
                        "Set `serverUrl` to the address that the message names, or log in to the proxy that redirects.",
                        Fault.redirect(302, "http://127.0.0.1:1/login")),
                probed(
                        FailureCategory.NOT_FOUND,
                        "answered ... with status 404: ... -- serverUrl leads to no service of this kind; a service that"
                                + " does not answer probes needs probeOnCreate=false",
                        CORRECT_URL + " Statuses 405 and 410 mean the same.",
                        Fault.status(404)),
                probed(
                        FailureCategory.UNAVAILABLE,
                        "answered /v1/models/tiny with status 502: ... -- a gateway answers, but not the backend behind it",
                        "Start the backend, or correct the gateway's configuration.",
                        Fault.htmlPage(502, "Bad Gateway")),
                probed(
                        FailureCategory.UNAVAILABLE,
                        "answered /v1/models/tiny with status 503: ... -- it is overloaded, starting or still loading",
                        "Wait, or look at the backend.",
                        Fault.status(503)),
                probed(
                        FailureCategory.PROTOCOL,
                        "answered /v1/models/tiny with something that is not JSON: ..." + ELSE,
                        CORRECT_URL,
                        Fault.htmlPage(200, "Sign in")),
                probed(
                        FailureCategory.PROTOCOL,
                        "does not answer like an LLM service: ..." + ELSE,
                        CORRECT_URL,
                        Fault.status(200).json("{\"status\":\"ok\"}")),
                ExceptionExample.of(
                        FailureCategory.PROTOCOL,
                        "ComfyUI at ... does not answer like ComfyUI: ..." + ELSE + TRANSPORT,
                        CORRECT_URL,
                        () -> {
                            try (RawServer server = RawServer.answering("HTTP/1.1 200 OK\r\n"
                                    + "Content-Type: application/json\r\nContent-Length: 2\r\n\r\n{}")) {
                                ComfyUiManagedConnectionFactory pool = new ComfyUiManagedConnectionFactory();
                                pool.setServerUrl(server.uri("http").toString());
                                pool.createManagedConnection(null, null);
                            }
                        }),
                probed(
                        FailureCategory.UNAVAILABLE,
                        "did not answer a probe within 5000 ms, the limit of probes",
                        "Look at the backend, which is too busy to list its models. No property changes that limit;"
                                + " `probeOnCreate=false` omits the probe.",
                        Fault.silence()),
                probed(
                        FailureCategory.UNAVAILABLE,
                        "broke the connection off: ... (during a probe)",
                        "Look at the backend: it may be starting or going down. The next call works when it is up.",
                        Fault.resetBeforeResponse()),
                ExceptionExample.of(
                        InvalidPropertyException.class,
                        "Configuration property transport is JERSEY, but the application server has no Jersey Client that the"
                                + " adapter could use: ...; set it to AUTO or DIRECT",
                        "Set `transport` to `AUTO` or `DIRECT`; [troubleshooting.md](troubleshooting.md) says which Jersey can be"
                                + " used.",
                        without("jakarta.ws.rs", "JERSEY", InvalidPropertyException::new)),
                ExceptionExample.of(
                        ResourceAdapterInternalException.class,
                        "The application server gives the adapter no JSON-P 2.1 (package jakarta.json): ...",
                        "Add JSON-P to the application server, as the end of the message says.",
                        without("jakarta.json", "AUTO", ResourceAdapterInternalException::new)),
                ExceptionExample.of(
                        ResourceAdapterInternalException.class,
                        "A connection of ... could not be made, by an error outside or within the adapter: ...",
                        "Add to the application server what the end of the message lacks: a class, memory, threads.",
                        without("org.apache.hc", "AUTO", ResourceAdapterInternalException::new)));
    }

    /** Makes a connection in an application server that lacks a package; its exception has a class loader of its own. */
    private static ThrowingCallable without(String missing, String transport, Function<String, Exception> exception) {
        return () -> {
            try (IsolatedAdapter adapter = IsolatedAdapter.without(missing)) {
                String thrown = adapter.run(FirstConnection.class, transport);
                Exception expected = exception.apply(thrown.substring(thrown.indexOf(": ") + 2));
                assertThat(thrown).startsWith(expected.getClass().getName() + ": ");
                throw expected;
            }
        };
    }

    /** Returns what the first connection of a pool with a transport fails with. */
    public static final class FirstConnection implements Function<String, String> {
        @Override
        public String apply(String transport) {
            LlmManagedConnectionFactory pool = new LlmManagedConnectionFactory();
            pool.setTransport(transport);
            try {
                pool.createManagedConnection(null, null);
                return "none";
            } catch (ResourceException e) {
                Class<?> type = e.getClass();
                while (!type.getName().startsWith("jakarta.")) { // as its callers know it
                    type = type.getSuperclass();
                }
                return type.getName() + ": " + e.getMessage();
            }
        }
    }

    private static ExceptionExample probed(FailureCategory category, String words, String remedy, Fault answer) {
        return ExceptionExample.of(category, SERVICE + " " + words + TRANSPORT, remedy, probe(answer));
    }

    private static ThrowingCallable probe(Fault answer) {
        return () -> {
            try (LlmSimulator server = LlmSimulator.start()) {
                LlmManagedConnectionFactory pool = LlmCalls.pool(server);
                pool.setProbeOnCreate(true);
                server.faults().always(answer);
                pool.createManagedConnection(null, null);
            }
        };
    }

    @ParameterizedTest
    @MethodSource("examples")
    void isThrown(ExceptionExample example) {
        example.check();
    }

    @Test
    void isDocumented() throws Exception {
        ExceptionExample.assertDocumented("probes", examples());
    }
}
