package org.genaiconnector.testkit;

import java.nio.ByteBuffer;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.function.Consumer;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.EofException;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.Callback;

/** A response that takes a stream apart into events, shows each to its fault and breaks where the fault says. */
final class BrokenStream extends Response.Wrapper {
    /** Keeps every byte as it is. */
    private static final Charset BYTES = StandardCharsets.ISO_8859_1;

    private final Exchange exchange;
    private final StreamFault fault;
    private final StringBuilder passed = new StringBuilder();
    private String unfinished = "";
    private int events;
    /** What replaces the rest of the simulator's answer; null while that continues. */
    private Consumer<Callback> ending;

    BrokenStream(Exchange exchange, StreamFault fault) {
        super(exchange.request(), exchange.response());
        this.exchange = exchange;
        this.fault = fault;
    }

    void pass(String event) {
        passed.append(event);
    }

    /** Sends a last text instead of this event, then ends: {@link End#KEEP} ends the HTTP body properly. */
    void stop(String text, End end) {
        passed.append(text);
        ending = end == End.KEEP
                ? callback -> send(true, callback)
                : callback -> send(false, Callback.from(() -> breakOff(end, callback), callback::failed));
    }

    /** Sends this event again and again. */
    void repeat(String event, Duration every) {
        ending = callback -> {
            passed.append(event);
            Runnable again = () -> ending.accept(callback);
            Runnable release = () -> breakOff(End.CLOSE, callback);
            send(false, Callback.from(() -> exchange.later(every, again, release), callback::failed));
        };
    }

    @Override
    public void write(boolean last, ByteBuffer content, Callback callback) {
        String type = getHeaders().get(HttpHeader.CONTENT_TYPE);
        if (type == null || !type.startsWith("text/event-stream")) {
            super.write(last, content, callback);
            return;
        }
        String text = content == null ? "" : BufferUtil.toString(content, BYTES);
        BufferUtil.clear(content);
        if (ending != null) {
            callback.succeeded(); // the rest of the true answer is lost
            return;
        }
        takeApart(text);
        if (ending != null) {
            ending.accept(callback);
        } else {
            passed.append(last ? unfinished : "");
            send(last, callback);
        }
    }

    private void takeApart(String text) {
        unfinished += text;
        for (int end; ending == null && (end = unfinished.indexOf("\n\n")) >= 0; ) {
            String event = unfinished.substring(0, end + 2);
            unfinished = unfinished.substring(end + 2);
            fault.at(++events, event, this);
        }
    }

    private void send(boolean last, Callback callback) {
        ByteBuffer bytes = BufferUtil.toBuffer(passed.toString(), BYTES);
        passed.setLength(0);
        super.write(last, bytes, callback);
    }

    private void breakOff(End end, Callback callback) {
        exchange.wire().end(end);
        callback.failed(new EofException("stream broken by a fault"));
    }
}
