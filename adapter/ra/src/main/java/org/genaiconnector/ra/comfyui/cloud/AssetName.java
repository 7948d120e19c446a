package org.genaiconnector.ra.comfyui.cloud;

import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import jakarta.json.spi.JsonProvider;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.genaiconnector.comfyui.ServerFile;

/**
 * The id of an asset in the subfolder of a file, {@code assets/ID}, so that a file is found by its names alone: after a restart, on
 * another application server, and in a workflow that refers to it.
 *
 * @param id of the asset
 * @param filename without folder
 */
record AssetName(String id, String filename) {
    private static final JsonProvider JSON = JsonProvider.provider();
    private static final String FOLDER = "assets/";
    private static final Pattern SUBFOLDER = Pattern.compile("assets/([A-Za-z0-9_-]{1,100})");
    private static final Pattern REFERENCE =
            Pattern.compile("assets/([A-Za-z0-9_-]{1,100})/([^/\\\\]+?)(?: \\[(?:input|output|temp)])?");

    /** Where a file of this asset is. */
    String subfolder() {
        return FOLDER + id;
    }

    /** The asset of a file; empty if it is none. */
    static Optional<AssetName> of(ServerFile file) {
        Matcher folder = SUBFOLDER.matcher(file.subfolder());
        return folder.matches() ? Optional.of(new AssetName(folder.group(1), file.filename())) : Optional.empty();
    }

    /** The value of an input that names a file of the API by {@link ServerFile#reference()}, as the API wants it; others as they are. */
    static JsonValue resolved(JsonValue input) {
        Matcher reference = REFERENCE.matcher(input instanceof JsonString text ? text.getString() : "");
        return reference.matches() ? new AssetName(reference.group(1), reference.group(2)).reference() : input;
    }

    private JsonObject reference() {
        return JSON.createObjectBuilder()
                .add("__type", "core/ASSET")
                .add("info", JSON.createObjectBuilder().add("id", id).add("file_path", filename))
                .build();
    }
}
