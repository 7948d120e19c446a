package org.genaiconnector.testkit.comfyui;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import org.eclipse.jetty.websocket.api.Callback;
import org.eclipse.jetty.websocket.api.Session;

/** One WebSocket of a client. Public only because the WebSocket server calls its methods by reflection. */
public final class ClientSocket implements Session.Listener.AutoDemanding {
    private final WebSocketHub hub;
    private final String clientId;
    private Session session;
    private boolean spoke;
    private volatile boolean silent;
    private volatile JsonNode flags = Json.object();

    ClientSocket(WebSocketHub hub, String clientId) {
        this.hub = hub;
        this.clientId = clientId;
    }

    String clientId() {
        return clientId;
    }

    /** Whether the client said that it understands previews with metadata. */
    boolean knowsPreviewMetadata() {
        return flags.path("supports_preview_metadata").asBoolean();
    }

    @Override
    public void onWebSocketOpen(Session opened) {
        // One message is one frame, however long
        opened.setAutoFragment(false);
        opened.setMaxFrameSize(0);
        // Held until the greeting is on its way, so that no event overtakes it
        synchronized (this) {
            session = opened;
            hub.register(this);
            hub.greeting(clientId).forEach(this::sendText);
        }
    }

    /** Stops sending and receiving without closing the socket. */
    void silence() {
        silent = true;
    }

    /** The server's library would answer by itself if this method were not here. */
    @Override
    public void onWebSocketPing(ByteBuffer payload) {
        if (!silent) {
            session.sendPong(payload, Callback.NOOP);
        }
    }

    @Override
    public void onWebSocketText(String text) {
        if (silent) {
            return;
        }
        JsonNode message;
        try {
            message = Json.parse(text);
        } catch (JsonProcessingException e) {
            // ComfyUI logs it and continues; only valid JSON counts as the first message
            return;
        }
        boolean first = !spoke;
        spoke = true;
        if (first && message.path("type").asText().equals("feature_flags")) {
            hub.answerFeatureFlags().ifPresent(answer -> {
                flags = message.path("data");
                sendText(answer);
            });
        }
    }

    @Override
    public void onWebSocketClose(int code, String reason, Callback callback) {
        hub.unregister(this);
        callback.succeed();
    }

    @Override
    public void onWebSocketError(Throwable cause) {
        hub.unregister(this);
    }

    /** Starts to send; the future ends when the message went out or failed. */
    synchronized CompletableFuture<Void> sendText(ObjectNode message) {
        CompletableFuture<Void> sent = new CompletableFuture<>();
        if (silent) {
            sent.complete(null); // the network takes it, and loses it
            return sent;
        }
        session.sendText(Json.write(message), completing(sent));
        return sent;
    }

    /** Like {@link #sendText}, for a binary message. */
    synchronized CompletableFuture<Void> sendBinary(byte[] frame) {
        CompletableFuture<Void> sent = new CompletableFuture<>();
        if (silent) {
            sent.complete(null);
            return sent;
        }
        session.sendBinary(ByteBuffer.wrap(frame), completing(sent));
        return sent;
    }

    private static Callback completing(CompletableFuture<Void> sent) {
        return Callback.from(() -> sent.complete(null), sent::completeExceptionally);
    }
}
