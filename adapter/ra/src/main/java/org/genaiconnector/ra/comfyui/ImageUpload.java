package org.genaiconnector.ra.comfyui;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.UUID;
import org.genaiconnector.comfyui.Upload;
import org.genaiconnector.ra.http.HttpCall;
import org.genaiconnector.ra.http.HttpResource;
import org.genaiconnector.ra.http.Repeatable;

/**
 * The multipart form of {@code /upload/image}, written while it is sent. File names go as raw UTF-8: 0.33.0 decodes that
 * and RFC 5987, but stores a percent-encoded plain name literally.
 */
final class ImageUpload {

    private ImageUpload() {}

    static HttpCall call(HttpResource resource, Upload upload) {
        String boundary = "genai-connector-" + UUID.randomUUID();
        return new HttpCall(
                "POST",
                resource,
                Map.of(),
                new HttpCall.Streamed("multipart/form-data; boundary=" + boundary, out -> write(out, boundary, upload)),
                Repeatable.NEVER);
    }

    private static void write(OutputStream out, String boundary, Upload upload) throws IOException {
        field(out, boundary, "overwrite", Boolean.toString(upload.overwrite()));
        field(out, boundary, "type", "input");
        field(out, boundary, "subfolder", upload.subfolder());
        text(
                out,
                "--" + boundary + "\r\nContent-Disposition: form-data; name=\"image\"; filename=\""
                        + upload.filename().replace("\\", "\\\\").replace("\"", "\\\"")
                        + "\"\r\nContent-Type: application/octet-stream\r\n\r\n");
        upload.content().transferTo(out);
        text(out, "\r\n--" + boundary + "--\r\n");
    }

    private static void field(OutputStream out, String boundary, String name, String value) throws IOException {
        text(
                out,
                "--" + boundary + "\r\nContent-Disposition: form-data; name=\"" + name + "\"\r\n\r\n" + value + "\r\n");
    }

    private static void text(OutputStream out, String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.UTF_8));
    }
}
