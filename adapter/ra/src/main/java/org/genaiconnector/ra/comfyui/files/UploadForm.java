package org.genaiconnector.ra.comfyui.files;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.Map;
import java.util.OptionalLong;
import java.util.UUID;
import org.genaiconnector.FailureCategory;
import org.genaiconnector.GenAiException;
import org.genaiconnector.comfyui.Upload;
import org.genaiconnector.comfyui.UploadContent;
import org.genaiconnector.ra.http.HttpCall;
import org.genaiconnector.ra.http.HttpResource;
import org.genaiconnector.ra.http.Repeatable;

/**
 * The multipart form of the upload routes, written while it is sent. File names go as raw UTF-8: 0.33.0 decodes that and
 * RFC 5987, but stores a percent-encoded plain name literally.
 */
public final class UploadForm {
    private static final int BUFFER = 64 * 1024;

    private final String boundary = "genai-connector-" + UUID.randomUUID();
    private final UploadContent content;
    private final OptionalLong length;
    private final byte[] head;
    private final byte[] tail;

    /**
     * Looks at the content, but does not read it.
     *
     * @param part name of the part with the content
     * @param fields before it
     * @throws GenAiException if there is no such file
     */
    public static UploadForm of(Upload upload, String part, Map<String, String> fields) throws GenAiException {
        try {
            return new UploadForm(upload, part, fields);
        } catch (IOException e) {
            throw new GenAiException(
                    FailureCategory.INVALID_REQUEST,
                    "The file " + upload.filename() + " cannot be read for its upload: " + e,
                    e);
        }
    }

    private UploadForm(Upload upload, String part, Map<String, String> fields) throws IOException {
        this.content = upload.content();
        this.length = length(content);
        ByteArrayOutputStream before = new ByteArrayOutputStream();
        fields.forEach((name, value) -> field(before, name, value));
        text(
                before,
                "--" + boundary + "\r\nContent-Disposition: form-data; name=\"" + part + "\"; filename=\""
                        + upload.filename().replace("\"", "\\\"")
                        + "\"\r\nContent-Type: application/octet-stream\r\n\r\n");
        this.head = before.toByteArray();
        this.tail = ("\r\n--" + boundary + "--\r\n").getBytes(StandardCharsets.UTF_8);
    }

    /** More than the backend takes; ends the sending. */
    static final class OverLimitException extends IOException {
        private static final long serialVersionUID = 1L;
    }

    /** Size of the whole body; empty if only the end of the stream will tell. */
    OptionalLong size() {
        return length.isPresent()
                ? OptionalLong.of(head.length + length.getAsLong() + tail.length)
                : OptionalLong.empty();
    }

    /**
     * The call. Content that can be read again may be sent again, because a backend stores the same content only once.
     */
    public HttpCall call(HttpResource resource, OptionalLong limit) {
        return new HttpCall(
                "POST",
                resource,
                Map.of(),
                new HttpCall.Streamed("multipart/form-data; boundary=" + boundary, out -> write(out, limit)),
                content instanceof UploadContent.Stream ? Repeatable.NEVER : Repeatable.ALWAYS);
    }

    private void write(OutputStream out, OptionalLong limit) throws IOException {
        out.write(head);
        if (content instanceof UploadContent.Stream stream) {
            copy(stream.in(), out, limit);
        } else {
            try (InputStream in = open()) {
                copy(in, out, limit);
            }
        }
        out.write(tail);
    }

    private InputStream open() throws IOException {
        return content instanceof UploadContent.File file
                ? Files.newInputStream(file.path())
                : new ByteArrayInputStream(((UploadContent.Bytes) content).bytes());
    }

    private void copy(InputStream in, OutputStream out, OptionalLong limit) throws IOException {
        long most = limit.orElse(Long.MAX_VALUE) - head.length - tail.length;
        byte[] buffer = new byte[BUFFER];
        long sent = 0;
        for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
            sent += n;
            if (length.isPresent() && sent > length.getAsLong()) {
                throw new IOException("more came than the " + length.getAsLong() + " bytes that were announced");
            }
            if (sent > most) {
                throw new OverLimitException();
            }
            out.write(buffer, 0, n);
        }
        if (length.isPresent() && sent < length.getAsLong()) {
            throw new IOException("it ended after " + sent + " of " + length.getAsLong() + " announced bytes");
        }
    }

    private static OptionalLong length(UploadContent content) throws IOException {
        if (content instanceof UploadContent.Stream stream) {
            return stream.length();
        }
        return OptionalLong.of(
                content instanceof UploadContent.File file
                        ? Files.size(file.path())
                        : ((UploadContent.Bytes) content).bytes().length);
    }

    private void field(ByteArrayOutputStream out, String name, String value) {
        text(
                out,
                "--" + boundary + "\r\nContent-Disposition: form-data; name=\"" + name + "\"\r\n\r\n" + value + "\r\n");
    }

    private static void text(ByteArrayOutputStream out, String text) {
        out.writeBytes(text.getBytes(StandardCharsets.UTF_8));
    }
}
