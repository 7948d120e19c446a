package org.genaiconnector.testkit;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * One way in which a server can fail a request. A value: immutable, usable any number of times.
 *
 * <p>Faults of three kinds: some take the place of the answer ({@link #status}, {@link #raw}, {@link #silence},
 * {@link #resetBeforeResponse}); the simulator never learns of such a request. Some damage the simulator's true answer
 * ({@link #resetAfter}, {@link #contentLength}, {@link #drip}, the stream faults): the request has had its effect. Some
 * only change the time or the connection ({@link #after}, {@link #idleClose}, {@link #connectionClose}).
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

    /** A well-formed HTTP answer in place of the true one. */
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

    /** The true answer: lets a request through between two faults. */
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

    /** A TCP reset after so many bytes of the true answer, head included. */
    static Fault resetAfter(long bytes) {
        return new WireFaults.Cut(bytes, End.RESET);
    }

    /** An orderly close after so many bytes of the true answer, head included. */
    static Fault closeAfter(long bytes) {
        return new WireFaults.Cut(bytes, End.CLOSE);
    }

    /**
     * The true answer under a wrong {@code Content-Length}. Too long: the client waits for bytes that never come. Too
     * short: the surplus lies on the connection in front of the next answer.
     *
     * @param difference added to the true length in bytes; the outcome must not be negative
     * @param end what comes after the last byte
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

    /** Status 200 over a body {@code {"error": {"message": ...}}}. */
    static Answer errorUnder200(String message) {
        return status(200).json("{\"error\":{\"message\":\"" + message + "\",\"type\":\"server_error\"}}");
    }

    /** Status 200 over JSON that breaks off in the middle although the length is right. */
    static Answer malformedJson() {
        return status(200).json("{\"id\":\"broken\",\"choices\":[{\"index\":0,\"message\":{\"role\":\"assist");
    }

    /** Exactly these bytes, then the given end. */
    static Fault raw(String bytes, End end) {
        return new WireFaults.Raw(bytes.getBytes(StandardCharsets.UTF_8), end);
    }

    /** The true answer, so many bytes at a time with a pause after each portion. */
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

    /** The true answer, later. */
    static Fault delay(Duration delay) {
        return none().after(delay);
    }

    /** The true answer; then the server closes the connection without a word when it has been idle for so long. */
    static Fault idleClose(Duration idle) {
        return new WireFaults.IdleClose(idle);
    }

    /** The true answer with the header {@code Connection: close}, and the close. */
    static Fault connectionClose() {
        return new WireFaults.ConnectionClose();
    }

    /** The true stream up to so many events, then the connection ends in the middle of the body. */
    static Fault cutStream(int events, End end) {
        return new StreamFault.Stop(events, "", end);
    }

    /** The true stream up to so many events, then a proper end of the HTTP body. */
    static Fault endStream(int events) {
        return new StreamFault.Stop(events, "", End.KEEP);
    }

    /**
     * The true stream up to so many events, then this one, then a proper end of the HTTP body.
     *
     * @param event the event's lines without the blank line at its end, such as {@code data: {"error":{}}}
     */
    static Fault streamError(int events, String event) {
        return new StreamFault.Stop(events, event + "\n\n", End.KEEP);
    }

    /** The true stream without {@code data: [DONE]} or {@code message_stop}. */
    static Fault missingTerminator() {
        return new StreamFault.NoTerminator();
    }

    /** The true stream up to so many events (at least one), the last of which repeats until the client hangs up. */
    static Fault endlessStream(int events, Duration every) {
        return new StreamFault.Endless(events, every);
    }

    /** The same fault, after a delay in which nothing is sent. */
    default Fault after(Duration delay) {
        return new WireFaults.Delayed(delay, this);
    }

    /** Lets a request meet this fault; for the fault layer. */
    void meet(Exchange exchange) throws Exception;
}
