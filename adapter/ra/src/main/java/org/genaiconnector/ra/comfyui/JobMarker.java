package org.genaiconnector.ra.comfyui;

import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonValue;
import jakarta.json.spi.JsonProvider;
import java.util.Optional;

/**
 * What this adapter writes into the {@code extra_data} of its jobs, and by which it knows them again after a restart of the
 * application server.
 *
 * @param id as it was wanted; servers before 0.3.45 give the job another one
 * @param tag of the submission
 */
record JobMarker(String id, Optional<String> tag) {
    private static final JsonProvider JSON = JsonProvider.provider();
    private static final String KEY = "genai_connector";

    /** The marker in a job's {@code extra_data}, if it has one. */
    static Optional<JobMarker> in(JsonValue extraData) {
        return ComfyUiCodec.object(extraData).get(KEY) instanceof JsonObject marker
                ? Optional.of(
                        new JobMarker(ComfyUiCodec.text(marker.get("id")), ComfyUiCodec.string(marker.get("tag"))))
                : Optional.empty();
    }

    /** The same {@code extra_data} with this marker. */
    JsonObject in(JsonObject extraData) {
        JsonObjectBuilder marker = JSON.createObjectBuilder().add("id", id);
        tag.ifPresent(name -> marker.add("tag", name));
        return JSON.createObjectBuilder(extraData).add(KEY, marker).build();
    }
}
