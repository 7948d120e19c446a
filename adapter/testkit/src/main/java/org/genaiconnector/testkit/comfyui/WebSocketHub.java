package org.genaiconnector.testkit.comfyui;

import static org.genaiconnector.testkit.comfyui.ServerVersion.Since.ASYNC_EXECUTOR;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Function;
import java.util.function.IntSupplier;

/**
 * The sockets of all clients, and the one thread that sends events to them one after the other: a client that does not
 * read holds up all others, as on the real server.
 *
 * <p>A client id leads to the socket that registered last under it. When any socket of that id ends, the id leads
 * nowhere, even if a newer socket is open: that defect of the real server is kept.
 */
final class WebSocketHub {
    private static final System.Logger LOG = System.getLogger(WebSocketHub.class.getName());

    private final Map<String, ClientSocket> registered = new ConcurrentHashMap<>();
    private final Set<ClientSocket> open = ConcurrentHashMap.newKeySet();
    private final BlockingQueue<Delivery> deliveries = new LinkedBlockingQueue<>();
    private final Thread publisher = new Thread(this::publish, "comfyui-publisher");
    private final ServerVersion version;
    private final ObjectNode features;
    private final IntSupplier remaining;
    private boolean stalled;
    private volatile RunningNode runningNode = new RunningNode(null, null);

    /** @param remaining how many jobs are pending or running */
    WebSocketHub(ServerVersion version, ObjectNode features, IntSupplier remaining) {
        this.version = version;
        this.features = features;
        this.remaining = remaining;
        publisher.setDaemon(true);
    }

    /** A message to send: its recipient (null for all clients) and how it is sent. */
    private record Delivery(String clientId, Function<ClientSocket, CompletableFuture<Void>> send) {}

    /** The node that runs now and the client its job belongs to; both may be null. */
    private record RunningNode(String clientId, String nodeId) {}

    void start() {
        publisher.start();
    }

    /** Ends the publisher; the sockets are the server's to close. */
    void stop() throws InterruptedException {
        publisher.interrupt();
        publisher.join();
    }

    void register(ClientSocket socket) {
        open.add(socket);
        registered.put(socket.clientId(), socket);
    }

    void unregister(ClientSocket socket) {
        if (open.remove(socket)) {
            registered.remove(socket.clientId());
        }
    }

    /** The client ids of all open sockets, also of those that get no events any more. */
    List<String> openClientIds() {
        return open.stream().map(ClientSocket::clientId).toList();
    }

    /** The first messages on a new socket: the status, and what runs if it is a job of this client. */
    List<ObjectNode> greeting(String clientId) {
        List<ObjectNode> messages = new ArrayList<>();
        messages.add(message("status", status(remaining.getAsInt()).put("sid", clientId)));
        RunningNode now = runningNode;
        if (clientId.equals(now.clientId()) && now.nodeId() != null) {
            messages.add(message("executing", Json.object().put("node", now.nodeId())));
        }
        return messages;
    }

    /** The answer to a client's feature flags, if this version knows them. */
    Optional<ObjectNode> answerFeatureFlags() {
        return version.has(ASYNC_EXECUTOR) ? Optional.of(message("feature_flags", features)) : Optional.empty();
    }

    /** Sends all clients the number of jobs that are left. */
    void announceRemaining(int jobs) {
        broadcast("status", status(jobs));
    }

    /** Remembers the event for a client that reconnects while its job runs. */
    void runs(String clientId, String nodeId) {
        runningNode = new RunningNode(clientId, nodeId);
    }

    boolean knowsPreviewMetadata(String clientId) {
        ClientSocket socket = registered.get(clientId);
        return version.has(ASYNC_EXECUTOR) && socket != null && socket.knowsPreviewMetadata();
    }

    void broadcast(String type, ObjectNode data) {
        sendTo(null, type, data);
    }

    /** Sends an event to a client if it has a registered socket; to all clients if {@code clientId} is null. */
    void sendTo(String clientId, String type, ObjectNode data) {
        ObjectNode message = message(type, data.deepCopy());
        deliveries.add(new Delivery(clientId, socket -> socket.sendText(message)));
    }

    /** Sends a binary message: the number of its kind and what follows it. */
    void sendTo(String clientId, int kind, byte[] content) {
        byte[] frame = ByteBuffer.allocate(4 + content.length)
                .putInt(kind)
                .put(content)
                .array();
        deliveries.add(new Delivery(clientId, socket -> socket.sendBinary(frame)));
    }

    /** Has all sockets that are open now neither speak nor listen any more. */
    void silence() {
        open.forEach(ClientSocket::silence);
    }

    /** Holds all events back until {@link #resume}. */
    synchronized void stall() {
        stalled = true;
    }

    synchronized void resume() {
        stalled = false;
        notifyAll();
    }

    private synchronized void awaitFlow() throws InterruptedException {
        while (stalled) {
            wait();
        }
    }

    private void publish() {
        try {
            while (true) {
                Delivery delivery = deliveries.take();
                awaitFlow();
                for (ClientSocket socket : receivers(delivery)) {
                    send(delivery, socket);
                }
            }
        } catch (InterruptedException e) {
            LOG.log(System.Logger.Level.DEBUG, "Stopped publishing events");
        }
    }

    private Collection<ClientSocket> receivers(Delivery delivery) {
        if (delivery.clientId() == null) {
            return List.copyOf(registered.values());
        }
        ClientSocket socket = registered.get(delivery.clientId());
        return socket == null ? List.of() : List.of(socket);
    }

    private static void send(Delivery delivery, ClientSocket socket) throws InterruptedException {
        try {
            delivery.send().apply(socket).get();
        } catch (ExecutionException e) {
            LOG.log(System.Logger.Level.DEBUG, "Lost an event for client {0}: {1}", socket.clientId(), e.getCause());
        }
    }

    private static ObjectNode status(int jobs) {
        ObjectNode data = Json.object();
        data.putObject("status").putObject("exec_info").put("queue_remaining", jobs);
        return data;
    }

    private static ObjectNode message(String type, ObjectNode data) {
        return Json.object().put("type", type).set("data", data);
    }
}
