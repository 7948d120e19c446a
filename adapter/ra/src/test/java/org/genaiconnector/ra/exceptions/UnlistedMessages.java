package org.genaiconnector.ra.exceptions;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The words of exceptions that {@code docs/exceptions.md} does not list, with the reason for each group. */
final class UnlistedMessages {

    private static final String ALL = """
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

            # Of Java serialization, for streams that were changed or come from another version: the class says what is wrong
            is not a record of this API
            The stream has no valid
            A workflow is read from its JSON text

            # The cause of a listed exception, whose message contains these words
            more came than the
            bytes that were announced
            it ended after
            announced bytes
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
            has another file
            now than when its transfer began
            Not a hexadecimal digit after \\\\u
            Not an escape: \\\\
            Not JSON at byte
            Not a JSON object
            streamed an event of more than
            it runs, and the backend cannot interrupt it alone
            it has run already

            # The end of a message of which another end is listed
            is rejected, but could not be cancelled
            the backend does not answer
            the whole
            could not be taken back
            on some systems a colon leads elsewhere
            ComfyUI would take its end for a directory
            folders are separated by single slashes, none is called "."

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

            # A variant of "The picture is damaged", with the same remedy; WorkflowFromPngTest provokes them
            is damaged: the checksum of its workflow is wrong
            is damaged: its workflow has no text
            The picture is damaged: its workflow cannot be unpacked
            has a text of more than
            bytes in it, which is not read

            # Only where there is no usable Jersey; WithoutJerseyTest provokes it, docs/troubleshooting.md has its remedy
            but the application server has no Jersey Client that the adapter could use
            set it to AUTO or DIRECT

            # A variant of a listed failure of category PROTOCOL: the backend contradicts HTTP or its own protocol
            with something that is not that job
            with JSON that is not an object
            with something that its protocol does not know
            answered something that its protocol does not know
            sent something that its protocol does not know
            does not speak HTTP/1.1
            answered with an error of an unknown form
            A call of
            failed in an unexpected way
            with a head that is not HTTP
            packs its answer in a way that cannot be unpacked
            sends an embedding that is not all numbers
            sends an embedding that is neither numbers nor base64
            sends an embedding cut within a number

            # A variant of a listed failure to connect; ConnectFailuresTest provokes them
            could not be reached
            while it was being made

            # A variant of the listed rows about stores, keys and uploads
            does not open the key in
            cannot be used for TLS
            What was to be sent to
            Nothing was sent to

            # Limits that only answers of many megabytes reach; BoundsTest and LargeAnswersTest do so, docs/failures.md lists them
            with more than
            answered with more than
            streamed an answer of more than

            # Category CANCELLED or CLOSED: another thread interrupted the call, closed the connection or stopped the adapter during the call (AbortTest, StopTest)
            The connection was closed while it was in use
            was closed while it was in use
            The connection broke while an answer was being read
            The stream was closed while it was read
            The GenAI connector was stopped while job
            was awaited
            Interrupted while waiting for job

            # Of the application server's own calls of the adapter, which log it or ask again: validation and lazy association
            The backend has not answered a probe within
            Interrupted while waiting for a probe of the backend
            The application server took the connection of this handle back and has no other for it

            # A mistake of the developer that the first run shows, with the remedy in the words
            A schema's name has 1 to 64 letters, digits, underscores and hyphens
            cannot be made from here: make it public, or its module open
            The workflow has more than
            nodes, more than any server runs

            # ComfyUI sends a name that no safe file has; DownloadTest provokes it
            The server's file name
            is refused

            # A JMX client asks for a name that docs/monitoring.md does not list
            is no attribute of this MXBean
            is read-only
            This MXBean has no such operation

            # No message, but the name of a header or an event
            x-should-retry
            x-request-id
            request-id
            execution_error""";

    private UnlistedMessages() {}

    /** The words by reason. */
    static Map<String, List<String>> byReason() {
        Map<String, List<String>> groups = new LinkedHashMap<>();
        List<String> group = List.of();
        for (String line :
                ALL.lines().map(String::strip).filter(text -> !text.isEmpty()).toList()) {
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
