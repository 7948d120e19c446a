package org.genaiconnector.ra.exceptions;

import jakarta.resource.spi.SecurityException;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.genaiconnector.FailureCategory;
import org.genaiconnector.ra.comfyui.ComfyUiManagedConnectionFactory;
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
                        Fault.resetBeforeResponse()));
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
