package org.genaiconnector.storyboard.tests;

import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The log of either server, judged: an operator must find nothing in it that is neither true nor of use. */
final class ServerLog {

    /** Where a message begins: Payara Server's format, and the launcher's for Payara Micro. */
    private static final Pattern HEAD =
            Pattern.compile("(?m)^(?=\\[\\d{4}-\\d\\d-\\d\\dT|\\d\\d:\\d\\d:\\d\\d\\.\\d{3} )");

    private static final Pattern TROUBLE = Pattern.compile("\\bWARNING\\b|\\bSEVERE\\b");
    private static final Pattern STACK_TRACE = Pattern.compile("(?m)^\\s+at [\\w.$/@]+\\.[\\w$<>]+\\(");

    /** Payara ends Jersey before the servlet, if requests come while it takes an application down; with its stack trace. */
    private static final Pattern UNDEPLOYED_UNDER_LOAD = Pattern.compile(
            "StoryboardApplication threw unload\\(\\) exception.*ServiceLocatorImpl.* has been shut down",
            Pattern.DOTALL);

    /** Payara prints what a commit of the adapter throws, with its stack trace; the launcher of Payara Micro keeps it back. */
    private static final Pattern FAILED_COMMIT =
            Pattern.compile("RAR5031:.*LocalTransactionException: The commit failed", Pattern.DOTALL);

    /** What may be there, without a stack trace; each with its reason. */
    private enum Expected {
        /** A certificate in a trust store of Payara or of the JDK, any of which expires one day; known by the message's key. */
        EXPIRED_CERTIFICATE("^\\[[^\\n]*\\[NCLS-SECURITY-05054]"),
        /** A setting that is the pool's and is offered to the adapter as well; see the launcher's KnownNoise. */
        POOL_SETTING("(RAR8000|RAR7097).*PREFER-VALIDATE-OVER-RECREATE"),
        /** A borrower that needs a connection to a server that is down, or that refuses the key. */
        NO_NEW_CONNECTION("RAR5038:.*(refused|revoked)"),
        /** A borrower that got none. */
        FAILED_BORROW("RAR5117 :.*(refused|revoked|expired max-wait-time)"),
        /** The adapter's words for a backend that is down. */
        BACKEND_DOWN("GENAI-\\d{4}.*(refused|reset)"),
        /** The application's own words for a job or a story that cannot go on. */
        APPLICATION("org\\.genaiconnector\\.storyboard\\.");

        private final Pattern message;

        Expected(String message) {
            this.message = Pattern.compile(message, Pattern.DOTALL);
        }
    }

    private ServerLog() {}

    /** The messages that should not be there. */
    static List<String> troubles(String log) {
        return Stream.of(HEAD.split(log)).filter(ServerLog::isTrouble).toList();
    }

    private static boolean isTrouble(String message) {
        if (STACK_TRACE.matcher(message).find()) {
            return !UNDEPLOYED_UNDER_LOAD.matcher(message).find()
                    && !FAILED_COMMIT.matcher(message).find();
        }
        String head = message.lines().findFirst().orElse("");
        return TROUBLE.matcher(head).find()
                && Arrays.stream(Expected.values())
                        .noneMatch(expected -> expected.message.matcher(message).find());
    }
}
