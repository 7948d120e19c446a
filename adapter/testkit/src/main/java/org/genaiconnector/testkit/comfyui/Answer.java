package org.genaiconnector.testkit.comfyui;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** What a route answers. */
record Answer(int status, Map<String, String> headers, Body body) {

    /** What follows the headers. */
    sealed interface Body {}

    /** A body of known length. */
    record Bytes(byte[] bytes) implements Body {}

    /** {@code length} bytes of a file from {@code offset} on. */
    record FilePart(Path file, long offset, long length) implements Body {}

    /** No body, and no word about its length: chunked and empty, where the status permits a body at all. */
    record Unsized() implements Body {}

    static Answer json(JsonNode value) {
        return json(200, value);
    }

    static Answer json(int status, JsonNode value) {
        return bytes(
                status, "application/json; charset=utf-8", Json.write(value).getBytes(StandardCharsets.US_ASCII));
    }

    static Answer text(int status, String text) {
        return bytes(status, "text/plain; charset=utf-8", text.getBytes(StandardCharsets.UTF_8));
    }

    static Answer bytes(int status, String contentType, byte[] bytes) {
        return new Answer(status, Map.of(), new Bytes(bytes)).with("Content-Type", contentType);
    }

    /** An answer without body and Content-Type. */
    static Answer empty(int status) {
        return new Answer(status, Map.of(), new Bytes(new byte[0]));
    }

    /** What the server says to an exception of its own. */
    static Answer trouble() {
        return text(500, "500 Internal Server Error\n\nServer got itself in trouble")
                .with("Connection", "close");
    }

    /** {@code {"error": message}}. */
    static Answer error(int status, String message) {
        return json(status, Json.object().put("error", message));
    }

    /** This answer with one more header. */
    Answer with(String header, String value) {
        Map<String, String> more = new LinkedHashMap<>(headers);
        more.put(header, value);
        return new Answer(status, more, body);
    }
}
