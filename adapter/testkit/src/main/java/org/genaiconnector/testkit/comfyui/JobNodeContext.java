package org.genaiconnector.testkit.comfyui;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** The context of a node in a running job. */
record JobNodeContext(ProcessParts parts, Job job, String nodeId, Progress progress, JobEvents events)
        implements NodeContext {

    @Override
    public Folders folders() {
        return parts.folders();
    }

    @Override
    public ObjectNode prompt() {
        return job.prompt();
    }

    @Override
    public JsonNode extraPngInfo() {
        JsonNode info = job.extraData().path("extra_pnginfo");
        return info.isMissingNode() ? NullNode.getInstance() : info;
    }

    @Override
    public String comfyOrgKey() {
        return job.comfyOrgKey();
    }

    @Override
    public String tempLetters() {
        return parts.cache().tempLetters(job.prompt(), nodeId);
    }

    @Override
    public boolean previewsWanted() {
        return !job.extraData().path("preview_method").asText().equals("none");
    }

    @Override
    public void progress(int value, int max, Preview preview) throws Cancelled {
        parts.interrupt().check();
        progress.advance(nodeId, value, max);
        boolean withMetadata = events.ownerKnowsPreviewMetadata();
        if (preview != null && withMetadata) {
            events.previewWithMetadata(progress.place(nodeId), preview);
        }
        events.tell(
                "progress",
                Json.object()
                        .put("value", value)
                        .put("max", max)
                        .put("prompt_id", job.id())
                        .put("node", nodeId));
        if (preview != null && !withMetadata) {
            events.plainPreview(preview);
        }
    }

    @Override
    public void text(String text) {
        events.text(nodeId, text);
    }

    @Override
    public void pause(Duration time) throws InterruptedException {
        TimeUnit.NANOSECONDS.sleep(time.toNanos());
    }

    @Override
    public Duration stepDelay() {
        return parts.stepDelay();
    }
}
