package org.genaiconnector.comfyui;

import java.io.Serializable;
import java.net.URI;
import java.util.Objects;
import java.util.Optional;
import org.genaiconnector.SerializedRecord;

/**
 * An unfinished picture of a running job. ComfyUI sends previews only with a preview method: {@code --preview-method}
 * at its start, or {@link Submission#withPreviewMethod} for one job (0.5.0 and later). The finished pictures of the
 * node {@code SaveImageWebsocket} come as previews, too, and in no other way, because this node has no output. The
 * adapter may leave out previews when many come, so use {@code SaveImage} or {@code PreviewImage} for results.
 *
 * @param jobId as in {@link Job#id()}
 * @param server address of the ComfyUI that has the job
 * @param tag of the job
 * @param node id of the node that makes it, empty if ComfyUI does not say
 * @param mediaType {@code image/jpeg} or {@code image/png}; {@code text/plain} for a line of text that a node shows (0.3.34
 *     and later)
 * @param image the encoded picture, or the text in UTF-8; not copied, so do not change it
 */
public record JobPreview(String jobId, URI server, Optional<String> tag, String node, String mediaType, byte[] image)
        implements Serializable {

    public JobPreview {
        Objects.requireNonNull(jobId, "jobId");
        Objects.requireNonNull(server, "server");
        Objects.requireNonNull(tag, "tag");
        Objects.requireNonNull(node, "node");
        Objects.requireNonNull(mediaType, "mediaType");
        Objects.requireNonNull(image, "image");
    }

    /** Without the picture. */
    @Override
    public String toString() {
        return "JobPreview[jobId=" + jobId + ", node=" + node + ", mediaType=" + mediaType + ", bytes=" + image.length
                + "]";
    }

    private Object writeReplace() {
        return SerializedRecord.of(this);
    }
}
