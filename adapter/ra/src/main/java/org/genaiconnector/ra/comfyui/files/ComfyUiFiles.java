package org.genaiconnector.ra.comfyui.files;

import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import jakarta.json.spi.JsonProvider;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.genaiconnector.FailureCategory;
import org.genaiconnector.GenAiException;
import org.genaiconnector.comfyui.Download;
import org.genaiconnector.comfyui.DownloadOptions;
import org.genaiconnector.comfyui.FileDirectory;
import org.genaiconnector.comfyui.ServerFile;
import org.genaiconnector.comfyui.Upload;
import org.genaiconnector.comfyui.UploadedFile;
import org.genaiconnector.ra.comfyui.wire.Catalogue;
import org.genaiconnector.ra.comfyui.wire.ComfyUiBackend;
import org.genaiconnector.ra.http.HttpAnswer;
import org.genaiconnector.ra.http.HttpCall;
import org.genaiconnector.ra.http.HttpConnection;
import org.genaiconnector.ra.http.HttpResource;
import org.genaiconnector.ra.http.OpenAnswer;
import org.genaiconnector.ra.http.Repeatable;

/** Files by ComfyUI's own routes. */
public final class ComfyUiFiles implements FileTransfers {
    private static final JsonProvider JSON = JsonProvider.provider();

    /** No backend is known to take less, so smaller uploads need not know the limit. */
    private static final long SURELY_TAKEN = 1024 * 1024;

    private final ComfyUiBackend server;
    private final HttpConnection http;
    private final Catalogue catalogue;

    public ComfyUiFiles(ComfyUiBackend server, HttpConnection http, Catalogue catalogue) {
        this.server = server;
        this.http = http;
        this.catalogue = catalogue;
    }

    @Override
    public Download download(ServerFile file, DownloadOptions options, FileDownload.Source rest) throws GenAiException {
        FileRequest request = FileRequest.first(file, options);
        request.check();
        return FileDownload.of(request, open(request), rest, server.settings());
    }

    @Override
    public OpenAnswer open(FileRequest request) throws GenAiException {
        try {
            return http.open(request.call(FileRequest.resource(server.view, request.file())), request::accept);
        } catch (GenAiException e) {
            throw e.category() == FailureCategory.NOT_FOUND ? notFound(request.file(), e) : e;
        }
    }

    private GenAiException notFound(ServerFile file, GenAiException cause) {
        return new GenAiException(
                FailureCategory.NOT_FOUND,
                server.name() + " has no file " + file.filename() + " (folder \"" + file.subfolder() + "\" of "
                        + file.directory().type() + ")",
                cause,
                false,
                null,
                404,
                null);
    }

    @Override
    public OptionalLong sizeOf(ServerFile file) throws GenAiException {
        FileRequest.first(file, DownloadOptions.WHOLE).check();
        HttpCall head = new HttpCall("HEAD", FileRequest.resource(server.view, file), Map.of(), null, Repeatable.ALWAYS)
                .followingRedirects();
        try {
            return http.call(head, answer -> announced(answer, file));
        } catch (GenAiException e) {
            if (e.category() != FailureCategory.NOT_FOUND) {
                throw e;
            }
            return OptionalLong.empty();
        }
    }

    private static OptionalLong announced(HttpAnswer answer, ServerFile file) throws GenAiException {
        Optional<String> fault = FileRequest.faultOfType(file, answer.header("Content-Type"));
        if (fault.isPresent()) {
            throw answer.failure(FailureCategory.PROTOCOL, fault.get(), null);
        }
        String length = answer.header("Content-Length")
                .filter(text -> text.matches("\\d{1,18}"))
                .orElse(null);
        if (length == null) {
            throw answer.failure(FailureCategory.PROTOCOL, "does not tell the size of a file", null);
        }
        return OptionalLong.of(Long.parseLong(length));
    }

    @Override
    public UploadedFile uploadImage(Upload upload) throws GenAiException {
        return send(server.uploadImage, upload, Map.of());
    }

    /** Looks for the original first, because a backend that does not find it reports success and writes nothing. */
    @Override
    public UploadedFile uploadMask(Upload mask, ServerFile original) throws GenAiException {
        if (sizeOf(original).isEmpty()) {
            throw notFound(original, null);
        }
        JsonObject reference = JSON.createObjectBuilder()
                .add("filename", original.filename())
                .add("subfolder", original.subfolder())
                .add("type", original.directory().type())
                .build();
        return send(server.uploadMask, mask, Map.of("original_ref", reference.toString()));
    }

    private UploadedFile send(HttpResource route, Upload upload, Map<String, String> fields) throws GenAiException {
        UploadForm form = form(upload, fields);
        OptionalLong limit =
                form.size().orElse(Long.MAX_VALUE) <= SURELY_TAKEN ? OptionalLong.empty() : catalogue.maxUploadSize();
        if (limit.isPresent() && form.size().orElse(0) > limit.getAsLong()) {
            throw tooLarge(upload, limit.getAsLong(), null);
        }
        try {
            return http.call(form.call(route, limit), answer -> stored(answer, upload));
        } catch (GenAiException e) {
            if (isOverLimit(e)) {
                throw tooLarge(upload, limit.getAsLong(), e);
            }
            throw e;
        }
    }

    private static UploadForm form(Upload upload, Map<String, String> fields) throws GenAiException {
        Map<String, String> all = new LinkedHashMap<>();
        all.put("overwrite", Boolean.toString(upload.overwrite()));
        all.put("type", upload.directory().type());
        all.put("subfolder", upload.subfolder());
        all.putAll(fields);
        return UploadForm.of(upload, "image", all);
    }

    private static boolean isOverLimit(Throwable thrown) {
        for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
            if (cause instanceof UploadForm.OverLimitException) {
                return true;
            }
        }
        return false;
    }

    private GenAiException tooLarge(Upload upload, long limit, GenAiException cause) {
        return new GenAiException(
                FailureCategory.TOO_LARGE,
                server.name() + " takes uploads of at most " + limit + " bytes, and " + upload.filename()
                        + " is larger",
                cause);
    }

    /** The name counts that the backend gives: another content may have the wanted one already. */
    public static UploadedFile stored(HttpAnswer answer, Upload upload) throws GenAiException {
        JsonObject body = answer.jsonObject();
        if (body.get("name") instanceof JsonString name) {
            return new UploadedFile(
                    name.getString(),
                    body.getString("subfolder", ""),
                    FileDirectory.ofType(body.getString("type", "")).orElse(upload.directory()));
        }
        throw answer.failure(
                FailureCategory.PROTOCOL,
                "took the upload " + upload.filename() + " without telling its name: " + answer.excerpt(),
                null);
    }
}
