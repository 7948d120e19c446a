package org.genaiconnector.testkit;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.AbstractConnector;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpStream;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.Callback;

/** Reads and records every request, then lets it meet its fault on the way to the simulator and back. */
final class FaultHandler extends Handler.Wrapper {
    static {
        JettyLog.quiet();
    }

    private final Faults faults;
    private final Waits waits;

    FaultHandler(Faults faults, Waits waits, Handler handler) {
        super(handler);
        this.faults = faults;
        this.waits = waits;
    }

    @Override
    protected void doStart() throws Exception {
        for (Connector connector : getServer().getConnectors()) {
            faults.attach((AbstractConnector) connector); // connectors start after handlers
        }
        super.doStart();
    }

    @Override
    protected void doStop() throws Exception {
        faults.detach();
        super.doStop();
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
        FaultyEndPoint wire = FaultyEndPoint.of(request);
        int position = wire.begin();
        byte[] body = BufferUtil.toArray(Content.Source.asByteBuffer(request));
        int releases = waits.releases();
        Fault fault = record(request, wire, position, body);
        boolean upgrade = request.getHeaders().contains(HttpHeader.UPGRADE);
        if (!upgrade) { // a WebSocket looks after its own idle time
            request.addHttpStreamWrapper(stream -> new Answered(stream, wire, request));
        }
        Request replayed = body.length == 0 ? request : new ReplayedRequest(request, body);
        Exchange exchange = new Exchange(replayed, response, callback, wire, super::handle, waits, releases);
        fault.meet(exchange);
        return true;
    }

    private Fault record(Request request, FaultyEndPoint wire, int position, byte[] body) {
        Map<String, List<String>> headers = new TreeMap<>();
        for (HttpField field : request.getHeaders()) {
            headers.computeIfAbsent(field.getName().toLowerCase(Locale.ROOT), name -> new ArrayList<>())
                    .add(field.getValue());
        }
        return faults.traffic()
                .record(
                        number -> new RecordedRequest(
                                number,
                                wire.number(),
                                position,
                                request.getMethod(),
                                request.getHttpURI().getPathQuery(),
                                headers,
                                body,
                                Instant.now()),
                        faults::take);
    }

    /** Starts the idle time of a connection when the last byte of an answer is out. */
    private static final class Answered extends HttpStream.Wrapper {
        private final FaultyEndPoint wire;
        private final Request request;

        private Answered(HttpStream stream, FaultyEndPoint wire, Request request) {
            super(stream);
            this.wire = wire;
            this.request = request;
        }

        @Override
        public void succeeded() {
            if (request.getAttribute(Faults.CLOSE_AFTER_ANSWER) != null) {
                wire.limitIdle(Duration.ZERO);
            }
            wire.answered(); // before the server looks for the next request
            super.succeeded();
        }
    }

    /** A request whose body has been read and can be read once more. */
    private static final class ReplayedRequest extends Request.Wrapper {
        private final Content.Source content;

        private ReplayedRequest(Request request, byte[] body) throws IOException {
            super(request);
            content = Content.Source.from(ByteBuffer.wrap(body));
        }

        @Override
        public Content.Chunk read() {
            return content.read();
        }

        @Override
        public void demand(Runnable onContent) {
            content.demand(onContent);
        }

        @Override
        public void fail(Throwable failure) {
            content.fail(failure);
        }

        @Override
        public long getLength() {
            return content.getLength();
        }
    }
}
