package org.genaiconnector.ra.exceptions;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The words of exceptions that have no row of their own in {@code docs/exceptions.md}. */
final class UnlistedMessages {

    /** What only errors of the adapter, of its build or of the application server provoke, and words within others. */
    private static final String WORDS = """
            # Errors of the adapter's own code or of its build, which no input of an application or administrator provokes
            A component of a record cannot be read
            A record could not be made
            A record has a constructor of its components
            The GenAI connector is not started
            The managed connection has been destroyed
            An error within the adapter
            A call ended in an unexpected way
            A call of
            failed in an unexpected way
            A call outside an HttpConnection
            The resource adapter has been stopped
            There is no mark, or it is too far back
            maxRetries must not be negative
            The delay must not be negative
            Not an end
            does not have what
            Provider data is not a JSON object
            cannot be used for TLS
            The adapter's archive cannot be read
            Every JDK has SHA-256
            This is not a stored submission
            is not redirected
            This is not the status of job
            has no row
            is not an end
            An amount is not negative
            is a target no longer
            There is no backend
            does not have
            any more

            # Of the interface itself, for other classes that implement it, and of a call that no dialect without a count makes
            This connection cannot count tokens
            This connection cannot make raw requests
            This connection cannot make raw requests
            Tokens are not counted in advance

            # The cause of a listed exception, whose message contains these words
            no HTTP answer
            opens no tunnel
            The call timeout has passed
            Write timed out
            it packs its answer as
            which was not asked for
            Too many "Content-Type" header values: "[
            Unable to parse "Content-Type" header value: "
            Invalid protocol switch response
            The application server gives no thread to watch over the sending of a large body
            Not a hexadecimal digit after \\\\u
            Not an escape: \\\\
            Not JSON at byte
            Not a JSON object
            Arrays and objects are nested more than
            it runs, and the backend cannot interrupt it alone
            it has run already
            with something that is not that job
            answered with an error of an unknown form
            The Work Manager gives no thread
            is no data source, but a
            table genai_schema is empty

            # The end of a message of which another end is listed
            the whole
            it names no address
            there are more than
            the address has a user or password
            from https to http the file would come unprotected
            the address repeats a credential of this connection
            it leads to this machine
            it leads to a link-local address
            it leads from a public address into a private network

            # Words of log messages, which docs/operator-messages.md lists: a WebSocket broke, a bean did not take an event
            no WebSocket handshake
            closed at once
            no sign of life
            a message of more than
            the application server made no endpoint
            the application server refused the delivery
            the application server does not run it as caller
            the application server could not complete the delivery
            it threw
            the application server does not run it as caller
            an error within the application server
            its transaction was rolled back
            its transaction ended in the unexpected state
            is not sent: this instance has lost its lease in job store
            another instance has taken it over meanwhile, because this one has lost its lease
            each time the application server ended, or lost its lease, before the outcome was written
            it could not be acknowledged

            # Why a count of limits in the database is not read: by another version of the adapter, at first in the log
            it has format
            and this adapter reads
            it counts "

            # The failure of a job of a transaction that failed, in JobStatus.failure(); the LocalTransactionException is listed
            Taken back, because
            Could not be taken back

            # Why a job of Comfy Cloud is LOST, in JobStatus.failure()
            accepted a workflow without telling its id

            # Of the application server's own calls of the adapter, which log it or ask again: validation
            The backend has not answered a probe within
            Interrupted while waiting for a probe of the backend

            # Of an MXBean whose factory is gone, and of a temporary directory that cannot be written
            The factory of this backend is not used any more
            could not be copied to
            by way of a temporary file

            # No message, but the name of a header or an event
            x-should-retry
            x-request-id
            request-id
            execution_error""";

    private UnlistedMessages() {}

    /** The words by the reason that they need no row. */
    static Map<String, List<String>> reasons() {
        Map<String, List<String>> groups = new LinkedHashMap<>();
        List<String> group = List.of();
        for (String line :
                WORDS.lines().map(String::strip).filter(text -> !text.isEmpty()).toList()) {
            if (line.startsWith("# ")) {
                group = new ArrayList<>();
                groups.put(line.substring(2), group);
            } else {
                group.add(line);
            }
        }
        return groups;
    }
}
