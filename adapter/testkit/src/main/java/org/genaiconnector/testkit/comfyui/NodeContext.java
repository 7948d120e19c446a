package org.genaiconnector.testkit.comfyui;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;

/** What a running node may use besides its inputs. For the worker thread only. */
interface NodeContext {

    Folders folders();

    /** The prompt the node belongs to. */
    ObjectNode prompt();

    /** {@code extra_data.extra_pnginfo} of the job, or a null node. */
    JsonNode extraPngInfo();

    /** The key of comfy.org that came with the job; empty if none did. */
    String comfyOrgKey();

    /** The five letters in the names of this node's temporary files; the same as long as the node stays in use. */
    String tempLetters();

    /** Whether previews were not switched off for this job. */
    boolean previewsWanted();

    /**
     * Reports that {@code value} of {@code max} steps are done.
     *
     * @param preview the picture so far, or null
     */
    void progress(int value, int max, Preview preview) throws Cancelled;

    /** Sends a text that the user interface writes on the node. */
    void text(String text);

    /** Lets time pass. */
    void pause(Duration time) throws InterruptedException;

    /** The duration of a sampler's step. */
    Duration stepDelay();

    /** An encoded picture on its way to the clients. */
    record Preview(Format format, byte[] bytes) {}

    /** The picture formats of preview frames with their number on the wire. */
    enum Format {
        JPEG(1, "image/jpeg"),
        PNG(2, "image/png");

        private final int code;
        private final String mimeType;

        Format(int code, String mimeType) {
            this.code = code;
            this.mimeType = mimeType;
        }

        int code() {
            return code;
        }

        String mimeType() {
            return mimeType;
        }
    }
}
