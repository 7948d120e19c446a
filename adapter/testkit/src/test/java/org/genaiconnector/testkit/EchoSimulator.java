package org.genaiconnector.testkit;

import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicInteger;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.io.ManagedSelector;
import org.eclipse.jetty.io.SocketChannelEndPoint;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.Callback;

/** The smallest simulator: answers with the request's body, or on {@code /stream} with five events and a terminator. */
final class EchoSimulator extends Handler.Abstract implements Simulator {
    static final String EVENT = "data: {\"n\":%d,\"text\":\"é\"}\n\n";

    final AtomicInteger handled = new AtomicInteger();
    private final Faults faults = new Faults();
    private final Server server = new Server();
    volatile Runnable beforeOpening = () -> {};
    private final ServerConnector connector = new ServerConnector(server) {
        @Override
        protected SocketChannelEndPoint newEndPoint(
                SocketChannel channel, ManagedSelector selector, SelectionKey selectionKey) throws IOException {
            beforeOpening.run();
            return super.newEndPoint(channel, selector, selectionKey);
        }
    };

    EchoSimulator() throws Exception {
        connector.setHost("127.0.0.1");
        server.addConnector(connector);
        server.setHandler(faults.wrap(this));
        server.start();
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
        handled.incrementAndGet();
        if (request.getHttpURI().getPath().equals("/stream")) {
            response.getHeaders().put("Content-Type", "text/event-stream");
            for (int i = 1; i <= 5; i++) {
                ByteBuffer event = StandardCharsets.UTF_8.encode(EVENT.formatted(i));
                Content.Sink.write(response, false, event);
            }
            Content.Sink.write(response, true, StandardCharsets.UTF_8.encode("data: [DONE]\n\n"));
            callback.succeeded();
        } else {
            response.getHeaders().put("Content-Type", "text/plain");
            response.write(true, Content.Source.asByteBuffer(request), callback);
        }
        return true;
    }

    @Override
    public URI uri() {
        return URI.create("http://127.0.0.1:" + connector.getLocalPort());
    }

    @Override
    public Faults faults() {
        return faults;
    }

    @Override
    public Traffic traffic() {
        return faults.traffic();
    }

    @Override
    public void close() {
        try {
            server.stop();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}
