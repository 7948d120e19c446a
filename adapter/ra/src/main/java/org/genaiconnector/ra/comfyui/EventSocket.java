package org.genaiconnector.ra.comfyui;

import jakarta.json.JsonException;
import jakarta.json.JsonObject;
import jakarta.resource.spi.work.Work;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.SocketException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLParameters;
import org.genaiconnector.ra.http.LenientJson;
import org.genaiconnector.ra.http.RawSocket;
import org.genaiconnector.ra.http.Secrets;
import org.genaiconnector.ra.http.Transport;
import org.java_websocket.client.WebSocketClient;
import org.java_websocket.drafts.Draft_6455;
import org.java_websocket.exceptions.WebsocketNotConnectedException;
import org.java_websocket.handshake.ServerHandshake;

/**
 * Keeps one WebSocket open to a server and hands what it hears to a {@link JobTracker}. Reading happens on the one thread of
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
    private final JobTracker tracker;
    private final Duration ping;
    private final CountDownLatch closed = new CountDownLatch(1);
    private final CountDownLatch firstTry = new CountDownLatch(1);
    private volatile String clientId = newClientId();
    private volatile boolean hearing;
    private volatile RawSocket current;

    /**
     * A socket that is opened by {@link #run()}.
     *
     * @param serverName for messages
     * @param key where to, without {@code clientId}, and with which credentials
     * @param transport the same way as for HTTP
     * @param tracker is told what the socket hears, on its thread
     * @param ping after this silence the server is asked for a sign of life
     */
    EventSocket(String serverName, ServerAccess.Key key, Transport transport, JobTracker tracker, Duration ping) {
        this.serverName = serverName;
        this.address = key.address();
        this.headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        this.headers.putAll(transport.headers());
        this.headers.putAll(key.headers());
        this.transport = transport;
        this.secrets = Secrets.of(key.secrets(), key.headers(), address, transport);
        this.tracker = tracker;
        this.ping = ping;
    }

    /**
     * A new id for each connection: a second socket under the same id goes deaf when the server notices the end of the
     * first (seen up to 0.38).
     */
    private static String newClientId() {
        return UUID.randomUUID().toString().replace("-", "");
    }

    /** The id under which jobs are to be sent, so that their events come here; another one after each loss of the socket. */
    String clientId() {
        return clientId;
    }

    /** Whether the server has registered the socket, and it has not ended since. */
    boolean isHearing() {
        return hearing;
    }

    /** Waits until the socket has been opened for the first time, or could not be. */
    void awaitFirstTry(Duration patience) {
        try {
            if (!firstTry.await(patience.toMillis(), TimeUnit.MILLISECONDS)) {
                LOG.log(Level.DEBUG, "The WebSocket to {0} takes long to open; jobs are sent before", serverName);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // the call that follows will tell
        }
    }

    @Override
    public void run() {
        int failures = 0;
        while (closed.getCount() > 0) {
            Client client = new Client(URI.create(address + "?clientId=" + clientId));
            listen(client);
            boolean heard = hearing;
            hearing = false;
            clientId = newClientId();
            firstTry.countDown();
            if (heard) {
                tracker.deafened();
            }
            if (client.opened) {
                failures = 0;
            } else if (failures++ == 0 && closed.getCount() > 0) {
                LOG.log(
                        Level.INFO,
                        "GENAI-1301 No events from {0} for now ({1}): jobs are followed by polling alone, without progress",
                        serverName,
                        secrets.shown(client.failure));
            }
            pause(reconnectMillis(failures));
        }
    }

    /** How long to wait before opening the socket again, by the number of failures in a row. */
    private static long reconnectMillis(int failures) {
        return Math.min(TimeUnit.SECONDS.toMillis(30), 500L << Math.min(failures, 6));
    }

    /** Opens the socket ourselves, because the library leaves it open where its handshake fails and closes it too late. */
    private void listen(Client client) {
        try (RawSocket socket = new RawSocket(address, transport)) {
            current = socket;
            if (closed.getCount() > 0) {
                client.use(new HeartbeatSocket(socket.open(CONNECT_TIMEOUT), client::sendPing));
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
        firstTry.countDown();
        RawSocket socket = current;
        if (socket != null) {
            socket.close();
        }
    }

    private final class Client extends WebSocketClient {
        private volatile boolean opened;
        private HeartbeatSocket heartbeat;
        private volatile String failure = "connection closed";

        private Client(URI uri) {
            super(uri, new Draft_6455(List.of(), MAX_MESSAGE), headers);
            setDaemon(true);
            setConnectionLostTimeout(0); // it would start a timer thread of its own
        }

        @SuppressWarnings("deprecation") // the replacement of setSocket is a factory, which has nothing more to do
        private void use(HeartbeatSocket socket) {
            heartbeat = socket;
            setSocket(socket);
        }

        /** The socket was made with TLS, and the name in the certificate was checked then, if it had to be. */
        @Override
        protected void onSetSSLParameters(SSLParameters parameters) {}

        @Override
        public void onOpen(ServerHandshake handshake) {
            opened = true;
            try {
                heartbeat.watch(ping);
                send(FEATURES); // counts only as the first message
            } catch (WebsocketNotConnectedException | SocketException e) {
                failure = "closed at once";
            }
        }

        @Override
        public void onMessage(String message) {
            try {
                if (LenientJson.read(message) instanceof JsonObject object) {
                    JobSignals.read(object).ifPresent(tracker::heard);
                    register();
                }
            } catch (JsonException | ClassCastException e) {
                LOG.log(Level.DEBUG, "An event of {0} is ignored: {1}", serverName, secrets.shown(e.getMessage()));
            }
        }

        /** The first message comes when the server has registered the socket. */
        private void register() {
            if (!hearing) {
                hearing = true;
                firstTry.countDown();
            }
        }

        @Override
        public void onMessage(ByteBuffer frame) {
            JobSignals.read(frame).ifPresent(tracker::heard);
        }

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
