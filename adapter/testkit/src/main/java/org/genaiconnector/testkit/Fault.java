package org.genaiconnector.testkit;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * One way in which a backend can fail a request. Immutable, usable any number of times.
 *
 * <p>There are three kinds. Some replace the answer ({@link #status}, {@link #raw}, {@link #silence},
 * {@link #resetBeforeResponse}): the simulator does not get the request. Some damage the simulator's answer
 * ({@link #resetAfter}, {@link #contentLength}, {@link #drip}, the stream faults): the request has had its effect. Some only
 * change the time or the connection ({@link #after}, {@link #idleClose}, {@link #connectionClose}).
 */
public sealed interface Fault
        permits Fault.Answer,
                WireFaults.None,
                WireFaults.Drop,
                WireFaults.Cut,
                WireFaults.Raw,
                WireFaults.WrongLength,
                WireFaults.Drip,
                WireFaults.Silence,
                WireFaults.Delayed,
                WireFaults.IdleClose,
                WireFaults.ConnectionClose,
                StreamFault {

    /** A well-formed HTTP answer instead of the simulator's. */
    record Answer(int status, List<Header> headers, byte[] body) implements Fault {

        /** The same with one more header. */
        public Answer header(String name, String value) {
            List<Header> more = new ArrayList<>(headers);
            more.add(new Header(name, value));
            return new Answer(status, List.copyOf(more), body);
        }

        /** The same with a body in UTF-8. */
        public Answer body(String contentType, String text) {
            return new Answer(status, headers, text.getBytes(StandardCharsets.UTF_8))
                    .header("Content-Type", contentType);
        }

        /** The same with a JSON body. */
        public Answer json(String text) {
            return body("application/json", text);
        }

        @Override
        public void meet(Exchange exchange) {
            exchange.answer(this);
        }
    }

    /** A header of an {@link Answer}. */
    record Header(String name, String value) {}

    /** The simulator's answer: lets a request through between two faults. */
    static Fault none() {
        return new WireFaults.None();
    }

    /** The request is read and ignored, then a TCP reset comes before the first byte of an answer. */
    static Fault resetBeforeResponse() {
        return new WireFaults.Drop(End.RESET);
    }

    /** The request is read and ignored, then the connection is closed in order before the first byte of an answer. */
    static Fault closeBeforeResponse() {
        return new WireFaults.Drop(End.CLOSE);
    }

    /** The request has its effect, but the answer is lost: a TCP reset comes before its first byte. */
    static Fault loseAnswer() {
        return new WireFaults.Cut(0, End.RESET);
    }

    /** A TCP reset after this many bytes of the simulator's answer, head included. */
    static Fault resetAfter(long bytes) {
        return new WireFaults.Cut(bytes, End.RESET);
    }

    /** An orderly close after this many bytes of the simulator's answer, head included. */
    static Fault closeAfter(long bytes) {
        return new WireFaults.Cut(bytes, End.CLOSE);
    }

    /**
     * The simulator's answer with a wrong {@code Content-Length}. Too long: the client waits for bytes that never come. Too
     * short: the surplus bytes precede the next answer on the connection.
     *
     * @param difference bytes added to the true length; the sum must not be negative
     * @param end what follows the last byte
     */
    static Fault contentLength(int difference, End end) {
        return new WireFaults.WrongLength(difference, end);
    }

    /** An answer of this status without headers or body; add them with the methods of {@link Answer}. */
    static Answer status(int status) {
        return new Answer(status, List.of(), new byte[0]);
    }

    /** A redirection to another address. */
    static Answer redirect(int status, String location) {
        return status(status).header("Location", location);
    }

    /** An error page as a proxy in front of the server would send it. */
    static Answer htmlPage(int status, String title) {
        return status(status)
                .body(
                        "text/html",
                        "<html><head><title>" + title + "</title></head><body><h1>" + title
                                + "</h1><hr>nginx</body></html>\r\n");
    }

    /** Status 200 with a body {@code {"error": {"message": ...}}}. */
    static Answer errorUnder200(String message) {
        return status(200).json("{\"error\":{\"message\":\"" + message + "\",\"type\":\"server_error\"}}");
    }

    /** Status 200 with JSON that ends in the middle although the length is right. */
    static Answer malformedJson() {
        return status(200).json("{\"id\":\"broken\",\"choices\":[{\"index\":0,\"message\":{\"role\":\"assist");
    }

    /** Exactly these bytes, then the given end. */
    static Fault raw(String bytes, End end) {
        return new WireFaults.Raw(bytes.getBytes(StandardCharsets.UTF_8), end);
    }

    /** The simulator's answer, this many bytes at a time, with a pause after each portion. */
    static Fault drip(int bytes, Duration every) {
        return new WireFaults.Drip(bytes, every);
    }

    /** No answer until {@link Faults#release()}, {@link Faults#clear()} or the end of the simulator. */
    static Fault silence() {
        return silence(Duration.ofDays(1));
    }

    /** No answer; an orderly close after this time, or earlier if released. */
    static Fault silence(Duration limit) {
        return new WireFaults.Silence(limit);
    }

    /** The simulator's answer, later. */
    static Fault delay(Duration delay) {
        return none().after(delay);
    }

    /** The simulator's answer; then the connection is closed when it has been idle this long. */
    static Fault idleClose(Duration idle) {
        return new WireFaults.IdleClose(idle);
    }

    /** The simulator's answer with the header {@code Connection: close}, and the close. */
    static Fault connectionClose() {
        return new WireFaults.ConnectionClose();
    }

    /** The simulator's stream up to this many events, then the connection ends in the middle of the body. */
    static Fault cutStream(int events, End end) {
        return new StreamFault.Stop(events, "", end);
    }

    /** The simulator's stream up to this many events, then a proper end of the HTTP body. */
    static Fault endStream(int events) {
        return new StreamFault.Stop(events, "", End.KEEP);
    }

    /**
     * The simulator's stream up to this many events, then this one, then a proper end of the HTTP body.
     *
     * @param event the event's lines without the blank line at its end, such as {@code data: {"error":{}}}
     */
    static Fault streamError(int events, String event) {
        return new StreamFault.Stop(events, event + "\n\n", End.KEEP);
    }

    /** The simulator's stream without {@code data: [DONE]} or {@code message_stop}. */
    static Fault missingTerminator() {
        return new StreamFault.NoTerminator();
    }

    /** The simulator's stream up to this many events (at least one); the last one repeats until the client closes. */
    static Fault endlessStream(int events, Duration every) {
        return new StreamFault.Endless(events, every);
    }

    /** The same fault, after a delay in which nothing is sent. */
    default Fault after(Duration delay) {
        return new WireFaults.Delayed(delay, this);
    }

    /** Applies this fault to a request. Called by the fault layer. */
    void meet(Exchange exchange) throws Exception;
}
