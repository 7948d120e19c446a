package org.genaiconnector.ra.exceptions;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The words of exceptions that have no row of their own in {@code docs/exceptions.md}. */
final class UnlistedMessages {

    /** What only errors of the adapter, of its build or of the application server provoke, and words within others. */
    private static final String INTERNAL = """
            # Errors of the adapter's own code or of its build, which no input of an application or administrator provokes
            A component of a record cannot be read
            A record could not be made
            A record has a constructor of its components
            The GenAI connector is not started
            The managed connection has been destroyed
            An error within the adapter
            A call ended in an unexpected way
            A call outside an HttpConnection
            The resource adapter has been stopped
            There is no mark, or it is too far back
            maxRetries must not be negative
            The delay must not be negative
            Not an end
            does not have what
            Provider data is not a JSON object
            cannot be used for TLS

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

            # The end of a message of which another end is listed
            the whole

            # Words of log messages, which docs/operator-messages.md lists: a WebSocket broke, a bean did not take an event
            no WebSocket handshake
            closed at once
            no sign of life
            a message of more than
            the application server made no endpoint
            the application server refused the delivery
            the application server could not complete the delivery
            it threw
            an error within the application server
            its transaction was rolled back
            its transaction ended in the unexpected state

            # The failure of a job of a transaction that failed, in JobStatus.failure(); the LocalTransactionException is listed
            Taken back, because
            Could not be taken back

            # Of the application server's own calls of the adapter, which log it or ask again: validation
            The backend has not answered a probe within
            Interrupted while waiting for a probe of the backend

            # No message, but the name of a header or an event
            x-should-retry
            x-request-id
            request-id
            execution_error""";

    /** What applications and administrators see, but what differs from a listed message in a few words only. */
    private static final String VARIANTS = """
            # Set `transport` to `AUTO` or `DIRECT`; [troubleshooting.md](troubleshooting.md) says which Jersey can be used.
            is ..., but the application server has no Jersey Client that the adapter could use: ...; set it to AUTO or DIRECT

            # Add to the application server what the end of the message lacks: a class, memory, threads.
            A connection of ... could not be made, by an error outside or within the adapter: ...

            # Look whether `serverUrl` leads to the backend itself, and whether it works: its answer contradicts HTTP or its protocol.
            answered ... with something that its protocol does not know
            answered something that its protocol does not know
            sent something that its protocol does not know
            answered ... with a head that is not HTTP
            A call of ... failed in an unexpected way

            # Look at the backend, or ask for less: no property changes this limit.
            answered with more than ...
            streamed an answer of more than ...
            streamed an event of more than ...

            # Another thread closed the connection or the stream, or the application server did: look for the reason there.
            The connection was closed while it was in use
            The stream was closed while it was read
            The connection broke while an answer was being read

            # Give `Upload.of` the length that the stream has, or none.
            more came than the ... bytes that were announced

            # Rename the file or the folder.
            ComfyUI would take its end for a directory
            folders are separated by single slashes, none is called "."

            # Download the file from its beginning again: it has changed.
            has another file ... now than when its transfer began

            # Store what the present version of the API has written, unchanged.
            ... is not a record of this API
            The stream has no valid ...
            A workflow is read from its JSON text

            # Do what the message says.
            cannot be made from here: make it public, or its module open

            # Raise the maximum of the pool, or keep connections for a shorter time: the pool has none for a handle that was kept.
            The application server took the connection of this handle back and has no other for it""";

    private UnlistedMessages() {}

    /** The words by the reason that they need no row. */
    static Map<String, List<String>> internal() {
        return groups(INTERNAL);
    }

    /** The messages, with {@code ...} for values, by what is to be done. */
    static Map<String, List<String>> variants() {
        return groups(VARIANTS);
    }

    private static Map<String, List<String>> groups(String all) {
        Map<String, List<String>> groups = new LinkedHashMap<>();
        List<String> group = List.of();
        for (String line :
                all.lines().map(String::strip).filter(text -> !text.isEmpty()).toList()) {
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
