package org.genaiconnector.testkit.comfyui;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.UUID;

/** The assets that files are since 0.38, as uploads and outputs name them. A file is always the same asset. */
final class FileAssets {

    private FileAssets() {}

    /** The outputs of a node, each file with the id of its asset; a picture is its own preview. */
    static ObjectNode named(ObjectNode ui) {
        ObjectNode named = ui.deepCopy();
        for (JsonNode items : named) {
            for (JsonNode item : items) {
                if (item instanceof ObjectNode file && file.has("filename") && file.has("type")) {
                    String id = id(
                            file.path("type").asText(),
                            file.path("subfolder").asText(),
                            file.path("filename").asText());
                    file.put("id", id);
                    if (contentType(file.path("filename").asText()).startsWith("image/")) {
                        file.put("preview_id", id);
                    }
                }
            }
        }
        return named;
    }

    /** The asset of an upload. */
    static ObjectNode uploaded(String type, String subfolder, String name, long size) {
        ObjectNode asset = Json.object()
                .put("id", id(type, subfolder, name))
                .put("name", name)
                .putNull("asset_hash")
                .put("size", size)
                .put("mime_type", contentType(name));
        asset.putArray("tags").add(type);
        return asset;
    }

    private static String id(String type, String subfolder, String name) {
        String path = String.join("/", type, subfolder, name);
        return UUID.nameUUIDFromBytes(path.getBytes(StandardCharsets.UTF_8)).toString();
    }

    private static String contentType(String name) {
        String type = java.net.URLConnection.guessContentTypeFromName(name);
        return type == null ? "application/octet-stream" : type;
    }
}
