package org.genaiconnector.testkit.comfyui;

import static org.genaiconnector.testkit.comfyui.ServerVersion.Since.TEXT_FRAMES;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** The events of one job. Most go to its owner only; without an owner some go to all clients. */
final class JobEvents {
    private static final int PREVIEW = 1;
    private static final int TEXT = 3;
    private static final int PREVIEW_WITH_METADATA = 4;

    private final WebSocketHub hub;
    private final ServerVersion version;
    private final String owner;

    JobEvents(WebSocketHub hub, ServerVersion version, Job job) {
        this.hub = hub;
        this.version = version;
        this.owner = job.clientId().orElse(null);
    }

    /** For the owner, or lost. */
    void tellOwner(String type, ObjectNode data) {
        if (owner != null) {
            hub.sendTo(owner, type, data);
        }
    }

    /** Sends an event to the owner, or to all clients if the job has no owner. */
    void tell(String type, ObjectNode data) {
        hub.sendTo(owner, type, data);
    }

    void nodeRuns(String nodeId) {
        hub.runs(owner, nodeId);
    }

    void nothingRuns() {
        hub.runs(owner, null);
    }

    boolean ownerKnowsPreviewMetadata() {
        return owner != null && hub.knowsPreviewMetadata(owner);
    }

    void previewWithMetadata(ObjectNode node, NodeContext.Preview preview) {
        byte[] metadata =
                Json.write(node.put("image_type", preview.format().mimeType())).getBytes(StandardCharsets.US_ASCII);
        hub.sendTo(owner, PREVIEW_WITH_METADATA, joined(metadata.length, metadata, preview.bytes()));
    }

    void plainPreview(NodeContext.Preview preview) {
        hub.sendTo(owner, PREVIEW, joined(preview.format().code(), new byte[0], preview.bytes()));
    }

    /** A text for a node; all clients receive it, and it does not name its job. */
    void text(String nodeId, String text) {
        if (version.has(TEXT_FRAMES)) {
            byte[] node = nodeId.getBytes(StandardCharsets.UTF_8);
            hub.sendTo(null, TEXT, joined(node.length, node, text.getBytes(StandardCharsets.UTF_8)));
        }
    }

    private static byte[] joined(int number, byte[] head, byte[] tail) {
        return ByteBuffer.allocate(4 + head.length + tail.length)
                .putInt(number)
                .put(head)
                .put(tail)
                .array();
    }
}
