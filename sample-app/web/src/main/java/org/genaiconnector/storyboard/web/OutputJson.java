package org.genaiconnector.storyboard.web;

import jakarta.json.JsonValue;
import jakarta.json.bind.annotation.JsonbNillable;
import org.genaiconnector.comfyui.Output;
import org.genaiconnector.comfyui.OutputFile;
import org.genaiconnector.comfyui.OutputText;
import org.genaiconnector.comfyui.OutputValue;

/**
 * An output of a job as clients see it.
 *
 * @param node id of the node that made it
 * @param kind ComfyUI's name for its kind
 * @param filename null if it is no file
 * @param mediaType of what is at the address
 * @param text only of a text: its beginning
 * @param value only of a value: JSON's null if it is long
 * @param url where all of it is served; relative to the host, because the application may be behind a proxy
 */
public record OutputJson(
        String node,
        String kind,
        String filename,
        String mediaType,
        @JsonbNillable(false) String text,
        @JsonbNillable(false) JsonValue value,
        String url) {

    private static final int LONGEST_TEXT = 2_000;

    static OutputJson of(Output output, String jobId, int index) {
        String url = url(jobId, index);
        if (output instanceof OutputFile file) {
            return new OutputJson(file.node(), file.kind(), file.filename(), file.mediaType(), null, null, url);
        }
        if (output instanceof OutputText text) {
            return new OutputJson(text.node(), text.kind(), null, "text/plain", beginning(text.text()), null, url);
        }
        JsonValue value = ((OutputValue) output).value();
        return new OutputJson(output.node(), output.kind(), null, "text/plain", null, shortly(value), url);
    }

    static String url(String jobId, int index) {
        return "/api/jobs/" + jobId + "/outputs/" + index;
    }

    private static String beginning(String text) {
        return text.length() <= LONGEST_TEXT ? text : text.substring(0, LONGEST_TEXT) + "…";
    }

    private static JsonValue shortly(JsonValue value) {
        return value.toString().length() <= LONGEST_TEXT ? value : JsonValue.NULL;
    }
}
