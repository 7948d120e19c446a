package org.genaiconnector.comfyui;

import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/**
 * A file that a node has put out. It lies on the server until somebody deletes it there; of type {@code temp} until the
 * server's next start.
 *
 * @param node id of the node
 * @param kind for example {@code images}
 * @param filename without folder
 * @param subfolder folder below the type's directory, may be empty
 * @param type {@code output}, {@code temp} or {@code input}
 */
public record OutputFile(String node, String kind, String filename, String subfolder, String type) implements Output {

    private static final Map<String, String> MEDIA_TYPES = Map.ofEntries(
            Map.entry("png", "image/png"),
            Map.entry("jpg", "image/jpeg"),
            Map.entry("jpeg", "image/jpeg"),
            Map.entry("webp", "image/webp"),
            Map.entry("gif", "image/gif"),
            Map.entry("mp4", "video/mp4"),
            Map.entry("webm", "video/webm"),
            Map.entry("mkv", "video/x-matroska"),
            Map.entry("flac", "audio/flac"),
            Map.entry("mp3", "audio/mpeg"),
            Map.entry("opus", "audio/ogg"),
            Map.entry("wav", "audio/wav"),
            Map.entry("txt", "text/plain"),
            Map.entry("json", "application/json"),
            Map.entry("glb", "model/gltf-binary"));

    public OutputFile {
        Objects.requireNonNull(node, "node");
        Objects.requireNonNull(kind, "kind");
        Objects.requireNonNull(filename, "filename");
        Objects.requireNonNull(subfolder, "subfolder");
        Objects.requireNonNull(type, "type");
    }

    /**
     * Media type after the file name's extension; the server does no more either.
     *
     * @return {@code application/octet-stream} if unknown
     */
    public String mediaType() {
        String extension = filename.substring(filename.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
        return MEDIA_TYPES.getOrDefault(extension, "application/octet-stream");
    }
}
