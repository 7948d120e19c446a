package org.genaiconnector.storyboard.tests;

import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The log of either application server, to check that it has no unexpected warnings, errors and stack traces. */
final class ServerLog {

    /** Where a message begins: Payara Server's format, and the launcher's for Payara Micro. */
    private static final Pattern HEAD =
            Pattern.compile("(?m)^(?=\\[\\d{4}-\\d\\d-\\d\\dT|\\d\\d:\\d\\d:\\d\\d\\.\\d{3} )");

    private static final Pattern TROUBLE = Pattern.compile("\\bWARNING\\b|\\bSEVERE\\b");
    private static final Pattern STACK_TRACE = Pattern.compile("(?m)^\\s+at [\\w.$/@]+\\.[\\w$<>]+\\(");

    /**
     * If requests come while Payara undeploys an application, it stops Jersey before the servlet, or removes listeners
     * that a request is going through; with a stack trace.
     */
    private static final Pattern UNDEPLOYED_UNDER_LOAD = Pattern.compile(
            "StoryboardApplication threw unload\\(\\) exception.*ServiceLocatorImpl.* has been shut down"
                    + "|AS-WEB-CORE-00037.*ConcurrentModificationException.*StandardContext\\.fireRequest",
            Pattern.DOTALL);

    /** Payara's Jersey makes a client while an application with JAX-RS starts, which changes what it reads, without a lock. */
    private static final Pattern JERSEY_RACE = Pattern.compile(
            "ConcurrentModificationException.*InjecteeSkippingAnalyzer\\.getMembersToSkip", Pattern.DOTALL);

    /** Payara prints the exception of a failed commit, with a stack trace; the launcher of Payara Micro suppresses it. */
    private static final Pattern FAILED_COMMIT =
            Pattern.compile("RAR5031:.*LocalTransactionException: The commit failed", Pattern.DOTALL);

    /** Expected messages without a stack trace; each with its reason. */
    private enum Expected {
        /** A certificate in a trust store of Payara or of the JDK expired; identified by the message's key. */
        EXPIRED_CERTIFICATE("^\\[[^\\n]*\\[NCLS-SECURITY-05054]"),
        /** A setting of the pool that Payara also passes to the adapter; see the launcher's KnownNoise. */
        POOL_SETTING("(RAR8000|RAR7097).*PREFER-VALIDATE-OVER-RECREATE"),
        /** A borrower needs a connection to a backend that is down, or that rejects the key. */
        NO_NEW_CONNECTION("RAR5038:.*(refused|revoked)"),
        /** A borrower got no connection. */
        FAILED_BORROW("RAR5117 :.*(refused|revoked|expired max-wait-time)"),
        /** The adapter's message about a backend that is down. */
        BACKEND_DOWN("GENAI-\\d{4}.*(refused|reset)"),
        /** The application's message about a job or a story that failed. */
        APPLICATION("org\\.genaiconnector\\.storyboard\\.");

        private final Pattern message;

        Expected(String message) {
            this.message = Pattern.compile(message, Pattern.DOTALL);
        }
    }

    private ServerLog() {}

    /** The unexpected messages. */
    static List<String> troubles(String log) {
        return Stream.of(HEAD.split(log)).filter(ServerLog::isTrouble).toList();
    }

    private static boolean isTrouble(String message) {
        if (STACK_TRACE.matcher(message).find()) {
            return !UNDEPLOYED_UNDER_LOAD.matcher(message).find()
                    && !JERSEY_RACE.matcher(message).find()
                    && !FAILED_COMMIT.matcher(message).find();
        }
        String head = message.lines().findFirst().orElse("");
        return TROUBLE.matcher(head).find()
                && Arrays.stream(Expected.values())
                        .noneMatch(expected -> expected.message.matcher(message).find());
    }
}
