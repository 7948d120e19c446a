package org.genaiconnector.comfyui;

import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import java.io.Serializable;
import java.util.Objects;
import java.util.OptionalLong;
import org.genaiconnector.SerializedRecord;

/**
 * What ComfyUI says it can do.
 *
 * @param maxUploadSize largest body of a request in bytes, for uploads and workflows; empty if it does not say
 * @param previewMetadata whether previews can name their job and node
 * @param assets whether files have ids besides their names
 * @param raw the whole answer, an open set; empty before 0.3.45
 */
public record ServerFeatures(OptionalLong maxUploadSize, boolean previewMetadata, boolean assets, JsonObject raw)
        implements Serializable {

    /** Of a ComfyUI that does not say. */
    public static final ServerFeatures NONE =
            new ServerFeatures(OptionalLong.empty(), false, false, JsonValue.EMPTY_JSON_OBJECT);

    public ServerFeatures {
        Objects.requireNonNull(maxUploadSize, "maxUploadSize");
        Objects.requireNonNull(raw, "raw");
    }

    private Object writeReplace() {
        return SerializedRecord.of(this);
    }
}
