package org.genaiconnector.ra.comfyui.jobs;

import jakarta.json.JsonObject;
import jakarta.resource.spi.work.Work;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.URI;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.genaiconnector.ra.comfyui.wire.EventClient;
import org.genaiconnector.ra.comfyui.wire.HeartbeatSocket;
import org.genaiconnector.ra.comfyui.wire.JobSignal;
import org.genaiconnector.ra.comfyui.wire.SignalCodec;
import org.genaiconnector.ra.http.RawSocket;
import org.genaiconnector.ra.http.Secrets;
import org.genaiconnector.ra.http.Transport;
import org.genaiconnector.ra.json.LenientJson;
import org.genaiconnector.ra.messages.OperatorMessage;

/**
 * Keeps one WebSocket open to a backend and passes the signals to its listener. Reading happens on the one thread of
 * this work and never waits: a client that does not read stops the events of all clients of the backend (ComfyUI issue
 * 15240).
 */
final class EventSocket implements Work, EventClient.Listener, AutoCloseable {
    private static final Logger LOG = System.getLogger(EventSocket.class.getName());
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);

    /** Receives what the backend tells. */
    interface Listener {
        /** The backend has registered the socket under this id, and tells it what happens from now on. */
        void opened(String clientId);

        /** Must return soon: the socket has to be read. */
        void signal(JobSignal signal);

        /** The socket has ended after it was opened. */
        void lost();
    }

    /** A connection that ends sooner has failed: its backend, or what it sends, will not be better at once. */
    private static final long GOOD_AFTER_NANOS = TimeUnit.SECONDS.toNanos(5);

    private static final String FEATURES = "{\"type\":\"feature_flags\",\"data\":{\"supports_preview_metadata\":true}}";

    private final String serverName;
    private final Supplier<BackendAccess.Key> present;
    private final Transport transport;

    /** What every request has, to be followed by more. */
    private final String query;

    private final Listener listener;
    private final Duration ping;
    private final CountDownLatch closed = new CountDownLatch(1);
    private final CountDownLatch firstTry = new CountDownLatch(1);
    private volatile String clientId = newClientId();
    private volatile boolean hearing;
    private volatile boolean over;

    // of the thread that runs
    private int failures;
    private boolean reported;
    private EventClient talking;
    private URI address;
    private Secrets secrets;

    private volatile RawSocket current;

    /**
     * A socket that is opened by {@link #run()}.
     *
     * @param serverName for messages
     * @param present where to, without {@code clientId}, and with which credentials; asked whenever it is opened
     * @param transport the same way as for HTTP
     * @param listener is called on the thread of the socket
     * @param ping after this silence the socket is tested
     */
    EventSocket(
            String serverName,
            Supplier<BackendAccess.Key> present,
            Transport transport,
            Listener listener,
            Duration ping) {
        this.serverName = serverName;
        this.present = present;
        this.transport = transport;
        this.query = transport.query().isEmpty() ? "" : transport.query() + "&";
        this.listener = listener;
        this.ping = ping;
    }

    /**
     * A new id for each connection: a second socket under the same id receives nothing when the backend notices the end of the
     * first (seen up to 0.38).
     */
    private static String newClientId() {
        return UUID.randomUUID().toString().replace("-", "");
    }

    /** The id under which jobs are to be sent, so that their events come here; another one after each loss of the socket. */
    String clientId() {
        return clientId;
    }

    /** Waits until the socket has been opened for the first time, or could not be. */
    void awaitFirstTry(Duration patience) {
        try {
            if (!firstTry.await(patience.toMillis(), TimeUnit.MILLISECONDS)) {
                LOG.log(Level.DEBUG, "The WebSocket to {0} takes long to open; jobs are sent before", serverName);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // the call that follows fails
        }
    }

    /** Whether it has ended, by itself or by an error: it receives nothing any more. */
    boolean isOver() {
        return over;
    }

    @Override
    public void run() {
        try {
            while (closed.getCount() > 0) {
                try {
                    listenOnce();
                } catch (RuntimeException | Error e) { // in logging it
                    hearing = false;
                    failures++;
                    OperatorMessage.SOCKET_END_FAILED.logFailure(LOG, e, serverName);
                }
                pause(reconnectMillis(failures));
            }
        } finally {
            over = true;
            hearing = false;
            firstTry.countDown();
        }
    }

    /** After any failure, out of memory included, it tries again after a while. */
    private void listenOnce() {
        long begin = System.nanoTime();
        BackendAccess.Key key = present.get();
        address = key.address();
        secrets = Secrets.of(key.secrets(), key.headers(), address, transport);
        Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        headers.putAll(transport.headers());
        headers.putAll(key.headers());
        EventClient client = new EventClient(URI.create(address + "?" + query + "clientId=" + clientId), headers, this);
        try {
            listen(client);
        } catch (IOException | RuntimeException | Error e) {
            client.failed(e);
        }
        boolean heard = hearing;
        hearing = false;
        clientId = newClientId();
        firstTry.countDown();
        if (heard) {
            listener.lost();
        }
        if (client.wasOpened() && System.nanoTime() - begin >= GOOD_AFTER_NANOS) {
            failures = 0;
            reported = false;
            return;
        }
        failures++;
        boolean worthReporting = !client.wasOpened() || failures > 1; // a backend may have been restarted
        if (worthReporting && !reported && closed.getCount() > 0) {
            reported = true;
            OperatorMessage.NO_EVENTS.log(LOG, serverName, secrets.shown(client.failure()));
        }
    }

    /** How long to wait before opening the socket again, by the number of failures in a row. */
    private static long reconnectMillis(int failures) {
        return Math.min(TimeUnit.SECONDS.toMillis(30), 500L << Math.min(failures, 6));
    }

    /** Opens the socket ourselves, because the library leaves it open where its handshake fails and closes it too late. */
    private void listen(EventClient client) throws IOException {
        try (RawSocket socket = new RawSocket(address, transport)) {
            current = socket;
            if (closed.getCount() > 0) {
                talking = client;
                client.run(new HeartbeatSocket(socket.open(CONNECT_TIMEOUT), client::ping), ping);
            }
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

    @Override
    public void opened() throws IOException {
        talking.send(FEATURES); // counts only as the first message
    }

    @Override
    public void text(String message) {
        try {
            if (LenientJson.read(message) instanceof JsonObject object) {
                SignalCodec.read(object).ifPresent(listener::signal);
                register();
            }
        } catch (RuntimeException e) { // of one event, which must not cost the others
            LOG.log(Level.DEBUG, "An event of {0} is ignored: {1}", serverName, secrets.shown(String.valueOf(e)));
        }
    }

    /** The first message comes when the backend has registered the socket. */
    private void register() {
        if (!hearing) {
            hearing = true;
            listener.opened(clientId);
            firstTry.countDown();
        }
    }

    @Override
    public void binary(ByteBuffer frame) {
        try {
            SignalCodec.read(frame).ifPresent(listener::signal);
        } catch (RuntimeException e) {
            LOG.log(Level.DEBUG, "A frame of {0} is ignored: {1}", serverName, secrets.shown(String.valueOf(e)));
        }
    }
}
