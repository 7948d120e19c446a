package org.genaiconnector.ra.comfyui.cloud;

import jakarta.json.JsonNumber;
import jakarta.json.JsonString;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalLong;
import org.genaiconnector.FailureCategory;
import org.genaiconnector.GenAiException;
import org.genaiconnector.comfyui.Download;
import org.genaiconnector.comfyui.DownloadOptions;
import org.genaiconnector.comfyui.FileDirectory;
import org.genaiconnector.comfyui.ServerFile;
import org.genaiconnector.comfyui.Upload;
import org.genaiconnector.comfyui.UploadedFile;
import org.genaiconnector.ra.comfyui.files.FileDownload;
import org.genaiconnector.ra.comfyui.files.FileRequest;
import org.genaiconnector.ra.comfyui.files.FileTransfers;
import org.genaiconnector.ra.comfyui.files.UploadForm;
import org.genaiconnector.ra.comfyui.wire.ComfyUiBackend;
import org.genaiconnector.ra.http.HttpAnswer;
import org.genaiconnector.ra.http.HttpCall;
import org.genaiconnector.ra.http.HttpConnection;
import org.genaiconnector.ra.http.HttpResource;
import org.genaiconnector.ra.http.OpenAnswer;

/** Files by {@code /api/v2/assets}. Their contents come from storage of another origin. */
public final class CloudFiles implements FileTransfers {
    private final ComfyUiBackend server;
    private final HttpConnection http;

    public CloudFiles(ComfyUiBackend server, HttpConnection http) {
        this.server = server;
        this.http = http;
    }

    @Override
    public Download download(ServerFile file, DownloadOptions options, FileDownload.Source rest) throws GenAiException {
        if (options.preview().isPresent()) {
            throw CloudDialect.lacks(server, "a download with a preview");
        }
        FileRequest request = FileRequest.first(file, options);
        request.check();
        return FileDownload.of(request, open(request), rest, server.settings());
    }

    @Override
    public OpenAnswer open(FileRequest request) throws GenAiException {
        HttpResource content = asset(request.file()).sub("content");
        try {
            return http.open(request.call(content), request::accept);
        } catch (GenAiException e) {
            throw CloudFailures.isUnknown(e) ? notFound(request.file(), e) : e;
        }
    }

    private HttpResource asset(ServerFile file) throws GenAiException {
        AssetName asset = AssetName.of(file).orElseThrow(() -> notFound(file, null));
        return server.resource("/v2/assets").sub(asset.id());
    }

    private GenAiException notFound(ServerFile file, GenAiException cause) {
        return new GenAiException(
                FailureCategory.NOT_FOUND,
                server.name() + " has no file " + file.filename() + " (folder \"" + file.subfolder()
                        + "\", and the assets" + " of Comfy Cloud are in folders named assets/ID)",
                cause,
                false,
                null,
                404,
                null);
    }

    @Override
    public OptionalLong sizeOf(ServerFile file) throws GenAiException {
        FileRequest.first(file, DownloadOptions.WHOLE).check();
        if (AssetName.of(file).isEmpty()) {
            return OptionalLong.empty();
        }
        try {
            return OptionalLong.of(http.call(HttpCall.get(asset(file)), CloudFiles::size));
        } catch (GenAiException e) {
            if (CloudFailures.isUnknown(e)) {
                return OptionalLong.empty();
            }
            throw e;
        }
    }

    private static long size(HttpAnswer answer) throws GenAiException {
        if (answer.jsonObject().get("size_bytes") instanceof JsonNumber size) {
            return size.longValue();
        }
        throw answer.failure(FailureCategory.PROTOCOL, "does not tell the size of a file: " + answer.excerpt(), null);
    }

    /** Content that the account has already is not stored twice, so a repeated upload does no harm. */
    @Override
    public UploadedFile uploadImage(Upload upload) throws GenAiException {
        if (upload.directory() != FileDirectory.INPUT) {
            throw CloudDialect.lacks(
                    server, "an upload into the directory " + upload.directory().type());
        }
        String path = upload.subfolder().isEmpty() ? upload.filename() : upload.subfolder() + "/" + upload.filename();
        Map<String, String> fields = new LinkedHashMap<>();
        fields.put("content_type", new UploadedFile(upload.filename(), "", FileDirectory.INPUT).mediaType());
        fields.put("file_path", path);
        UploadForm form = UploadForm.of(upload, "file", fields);
        return http.call(
                form.call(server.resource("/v2/assets"), OptionalLong.empty()), answer -> stored(answer, upload));
    }

    private static UploadedFile stored(HttpAnswer answer, Upload upload) throws GenAiException {
        if (answer.jsonObject().get("id") instanceof JsonString id) {
            AssetName asset = new AssetName(id.getString(), upload.filename());
            return new UploadedFile(asset.filename(), asset.subfolder(), FileDirectory.INPUT);
        }
        throw answer.failure(
                FailureCategory.PROTOCOL,
                "took the upload " + upload.filename() + " without telling its id: " + answer.excerpt(),
                null);
    }

    @Override
    public UploadedFile uploadMask(Upload mask, ServerFile original) throws GenAiException {
        throw CloudDialect.lacks(server, "uploadMask");
    }
}
