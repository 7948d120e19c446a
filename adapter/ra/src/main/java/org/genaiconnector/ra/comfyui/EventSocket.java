package org.genaiconnector.ra.comfyui;

import jakarta.json.JsonException;
import jakarta.json.JsonObject;
import jakarta.resource.spi.work.Work;
import jakarta.resource.spi.work.WorkException;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.SocketException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.net.ssl.SSLParameters;
import org.genaiconnector.ra.connection.AdapterServices;
import org.genaiconnector.ra.http.LenientJson;
import org.genaiconnector.ra.http.RawSocket;
import org.genaiconnector.ra.http.Secrets;
import org.genaiconnector.ra.http.Transport;
import org.java_websocket.client.WebSocketClient;
import org.java_websocket.drafts.Draft_6455;
import org.java_websocket.exceptions.WebsocketNotConnectedException;
import org.java_websocket.handshake.ServerHandshake;

/**
 * Keeps one WebSocket open to a server and hands its messages to {@link ServerEvents}. Reading happens on the one thread of
 * this work and never waits for anybody: a client that does not read stops the events of all clients of the server
 * (ComfyUI issue 15240).
 */
final class EventSocket implements Work, AutoCloseable {
    private static final Logger LOG = System.getLogger(EventSocket.class.getName());
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);

    /** Final pictures and error reports come as one message; Java-WebSocket's limit is for both. */
    private static final int MAX_MESSAGE = 64 * 1024 * 1024;

    private static final String FEATURES = "{\"type\":\"feature_flags\",\"data\":{\"supports_preview_metadata\":true}}";

    private final String serverName;
    private final URI address;
    private final Map<String, String> headers;
    private final Transport transport;
    private final Secrets secrets;
    private final ServerEvents events = new ServerEvents();
    private final CountDownLatch closed = new CountDownLatch(1);
    private final AtomicBoolean started = new AtomicBoolean();
    private volatile RawSocket current;

    /**
     * A socket that is opened by {@link #run()}.
     *
     * @param serverName for messages
     * @param address of the route, without {@code clientId}
     * @param headers credentials
     * @param transport the same way as for HTTP
     * @param credentials keys and passwords, which no message shall show
     */
    EventSocket(
            String serverName,
            URI address,
            Map<String, String> headers,
            Transport transport,
            Collection<String> credentials) {
        this.serverName = serverName;
        this.address = address;
        this.headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        this.headers.putAll(transport.headers());
        this.headers.putAll(headers);
        this.transport = transport;
        this.secrets = Secrets.of(credentials, headers, address, transport);
    }

    /** What it has heard; begins to listen with the first call. */
    ServerEvents events(AdapterServices services) {
        if (started.compareAndSet(false, true)) {
            try {
                services.startWork(this);
            } catch (WorkException e) {
                LOG.log(
                        Level.WARNING,
                        "The Work Manager gives no thread for the events of " + serverName
                                + ": its jobs are followed by polling alone, without progress",
                        e);
            }
        }
        return events;
    }

    @Override
    public void run() {
        int failures = 0;
        String clientId = events.clientId();
        while (closed.getCount() > 0) {
            Client client = new Client(URI.create(address + "?clientId=" + clientId));
            listen(client);
            if (client.opened) {
                failures = 0;
            } else if (failures++ == 0 && closed.getCount() > 0) {
                LOG.log(
                        Level.INFO,
                        "No events from {0} for now ({1}): jobs are followed by polling alone, without progress",
                        serverName,
                        secrets.mask(client.failure));
            }
            clientId = events.renewClientId();
            pause(ServerEvents.reconnectMillis(failures));
        }
    }

    /** Opens the socket ourselves, because the library leaves it open where its handshake fails and closes it too late. */
    @SuppressWarnings("deprecation") // the replacement of setSocket is a factory, which has nothing more to do
    private void listen(Client client) {
        try (RawSocket socket = new RawSocket(address, transport)) {
            current = socket;
            if (closed.getCount() > 0) {
                client.setSocket(socket.open(CONNECT_TIMEOUT));
                client.run(); // reads on this thread until the socket ends
            }
        } catch (IOException e) {
            client.onError(e);
        }
    }

    private void pause(long millis) {
        try {
            closed.await(millis, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            // the container wants its thread back
            close();
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void release() {
        close();
    }

    @Override
    public void close() {
        closed.countDown();
        RawSocket socket = current;
        if (socket != null) {
            socket.close();
        }
    }

    private final class Client extends WebSocketClient {
        private volatile boolean opened;
        private volatile String failure = "connection closed";

        private Client(URI uri) {
            super(uri, new Draft_6455(List.of(), MAX_MESSAGE), headers);
            setDaemon(true);
            setConnectionLostTimeout(0); // it would start a timer thread of its own
        }

        /** The socket was made with TLS, and the name in the certificate was checked then, if it had to be. */
        @Override
        protected void onSetSSLParameters(SSLParameters parameters) {}

        @Override
        public void onOpen(ServerHandshake handshake) {
            opened = true;
            try {
                getSocket().setSoTimeout(0); // silence is nothing unusual from now on
                send(FEATURES); // counts only as the first message
            } catch (WebsocketNotConnectedException | SocketException e) {
                failure = "closed at once";
            }
        }

        @Override
        public void onMessage(String message) {
            try {
                if (LenientJson.read(message) instanceof JsonObject object) {
                    events.onMessage(object);
                }
            } catch (JsonException | ClassCastException e) {
                LOG.log(Level.DEBUG, "An event of {0} is ignored: {1}", serverName, secrets.mask(e.getMessage()));
            }
        }

        /** Previews and texts, which nobody listens to yet. */
        @Override
        public void onMessage(ByteBuffer bytes) {}

        @Override
        public void onClose(int code, String reason, boolean remote) {
            if (reason != null && !reason.isEmpty()) {
                failure = reason;
            }
        }

        @Override
        public void onError(Exception e) {
            failure = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
        }
    }
}
