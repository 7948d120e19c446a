package org.genaiconnector.tests.payara;

import java.util.Arrays;
import java.util.regex.Pattern;

/**
 * What a Payara Micro or Server may say in its log that would be trouble otherwise, each with the reason why it may; with a
 * stack trace only where that is said.
 */
enum Expected {
    /** Micro unpacks itself into the temporary directory, which for tests is right. */
    RUNTIME_IN_TEMPORARY_DIRECTORY("PayaraMicro", "Runtime directory is located in a temporary file location"),

    /** A certificate in a trust store of Payara or of the JDK, any of which expires one day; known by the message's key. */
    EXPIRED_CERTIFICATES("javax.enterprise.system.security.ssl", "^\\[[^\\n]*\\[NCLS-SECURITY-05054]"),

    /** Ping of a pool whose server is down or refuses the key: the operator's answer, in the log as well. */
    FAILED_PING(
            "javax.enterprise.resource.resourceadapter.com.sun.enterprise.connectors.service",
            "RAR8054: .*" + Cause.BACKEND),

    /** A borrower that needs a new connection to a server that is down. */
    NO_NEW_CONNECTION(
            "javax.enterprise.resource.resourceadapter.com.sun.enterprise.resource.allocator",
            "RAR5038:.*" + Cause.BACKEND),

    /** A borrower that comes while the pool is being deleted. */
    VANISHED_POOL(
            "javax.enterprise.resource.resourceadapter.com.sun.enterprise.resource.allocator",
            "RAR8067: Unable to determine pool type"),

    /** A borrower that got nothing: the server is down, or all connections stayed in use. */
    FAILED_BORROW(
            "javax.enterprise.resource.resourceadapter.com.sun.enterprise.connectors",
            "RAR5117 : .*(expired max-wait-time|" + Cause.BACKEND + ")"),

    /** An application that did not close a connection in time: what the administrator has asked for. */
    LEAK(
            "javax.enterprise.resource.resourceadapter.com.sun.enterprise.resource.pool",
            "A potential connection leak detected for connection pool"),

    /** A test that queues in a transaction on a pool without transactions, to see that the job runs at once. */
    PROMPT_BEFORE_COMMIT("org.genaiconnector.ra.comfyui.ComfyUiManagedConnectionFactory", "GENAI-1313 "),

    /** An adapter that is to go while there are pools: the administrator's answer, in the log as well. */
    REFUSED_UNDEPLOYMENT(
            "javax.enterprise.resource.resourceadapter.com.sun.enterprise.connectors.module",
            "one or more resources of resource-adapter .* exist, use --cascade=true"),

    /** Payara ends an application whose adapter is gone, and looks for optional files among the adapter's. */
    GONE_ADAPTER(
            "javax.enterprise.system.util",
            "(?s)ASURLClassLoader.*(was requested to find|has already been shutdown)",
            StackTrace.YES);

    /** Whether a message may come with one. */
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

    Expected(String logger, String message) {
        this(logger, message, StackTrace.NO);
    }

    Expected(String logger, String message, StackTrace stackTrace) {
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
