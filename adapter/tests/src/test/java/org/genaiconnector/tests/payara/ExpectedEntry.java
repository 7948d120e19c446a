package org.genaiconnector.tests.payara;

import java.util.Arrays;
import java.util.regex.Pattern;

/**
 * Warnings and errors that Payara may log in tests, each with the reason; with a stack trace only where {@link
 * StackTrace#YES} says so.
 */
enum ExpectedEntry {
    /** Micro unpacks itself into the temporary directory, which is intended in tests. */
    RUNTIME_IN_TEMPORARY_DIRECTORY("PayaraMicro", "Runtime directory is located in a temporary file location"),

    /** A certificate in a trust store of Payara or of the JDK expired; identified by the message's key. */
    EXPIRED_CERTIFICATES("javax.enterprise.system.security.ssl", "^\\[[^\\n]*\\[NCLS-SECURITY-05054]"),

    /** Payara 7, for the first message-driven bean: it then makes the class that it misses. */
    PROXY_NOT_MADE_YET(
            "javax.enterprise.system.container.ejb.com.sun.ejb",
            "Class Not loaded yet com\\.sun\\.ejb\\.containers\\.interceptors\\._SystemInterceptorProxy_Serializable"),

    /** Ping of a pool whose backend is down or rejects the key: the same answer as the administrator gets. */
    FAILED_PING(
            "javax.enterprise.resource.resourceadapter.com.sun.enterprise.connectors.service",
            "RAR8054: .*" + Cause.BACKEND),

    /** A borrower needs a new connection to a backend that is down. */
    NO_NEW_CONNECTION(
            "javax.enterprise.resource.resourceadapter.com.sun.enterprise.resource.allocator",
            "RAR5038:.*" + Cause.BACKEND),

    /** A borrower comes while the pool is being deleted. */
    VANISHED_POOL(
            "javax.enterprise.resource.resourceadapter.com.sun.enterprise.resource.allocator",
            "RAR8067: Unable to determine pool type"),

    /** A borrower got no connection: the backend is down, all connections stayed in use, or the adapter is being stopped. */
    FAILED_BORROW(
            "javax.enterprise.resource.resourceadapter.com.sun.enterprise.connectors",
            "RAR5117 : .*(expired max-wait-time|managed connection has been destroyed|" + Cause.BACKEND + ")"),

    /** An application did not close a connection in time, and the administrator has enabled leak reports. */
    LEAK(
            "javax.enterprise.resource.resourceadapter.com.sun.enterprise.resource.pool",
            "A potential connection leak detected for connection pool"),

    /** A test queues in a transaction on a pool without transactions, to see that the job runs at once. */
    PROMPT_BEFORE_COMMIT("org.genaiconnector.ra.comfyui.ComfyUiManagedConnectionFactory", "GENAI-1313 "),

    /** A test has a bean fail with an unchecked exception, to see that its transaction is rolled back. */
    FAILED_BEAN("jakarta.enterprise.ejb.container", "(?s)FailingBean|UncheckedGenAiException", StackTrace.YES),

    /** Undeployment of an adapter that has pools: the same answer as the administrator gets. */
    REFUSED_UNDEPLOYMENT(
            "javax.enterprise.resource.resourceadapter.com.sun.enterprise.connectors.module",
            "one or more resources of resource-adapter .* exist, use --cascade=true"),

    /** Payara stops an application whose adapter was undeployed, and looks for optional files in the adapter. */
    GONE_ADAPTER(
            "javax.enterprise.system.util",
            "(?s)ASURLClassLoader.*(was requested to find|has already been shutdown)",
            StackTrace.YES);

    /** Whether a message may have a stack trace. */
    private enum StackTrace {
        YES,
        NO
    }

    private static final class Cause {
        static final String BACKEND = "(Connection refused|the API key is missing, wrong or revoked)";
    }

    private final String logger;
    private final Pattern message;
    private final StackTrace stackTrace;

    ExpectedEntry(String logger, String message) {
        this(logger, message, StackTrace.NO);
    }

    ExpectedEntry(String logger, String message, StackTrace stackTrace) {
        this.logger = logger;
        this.message = Pattern.compile(message);
        this.stackTrace = stackTrace;
    }

    static boolean covers(ServerLog.Entry entry) {
        return Arrays.stream(values())
                .filter(expected -> expected.stackTrace == StackTrace.YES || !entry.hasStackTrace())
                .anyMatch(expected -> expected.logger.equals(entry.logger())
                        && expected.message.matcher(entry.text()).find());
    }
}
