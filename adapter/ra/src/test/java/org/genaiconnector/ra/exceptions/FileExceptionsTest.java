package org.genaiconnector.ra.exceptions;

import static org.genaiconnector.ra.exceptions.ComfyUiCalls.COMFY_UI;
import static org.genaiconnector.ra.exceptions.ComfyUiCalls.NOT_COMFY_UI;
import static org.genaiconnector.ra.exceptions.ComfyUiCalls.faulty;
import static org.genaiconnector.ra.exceptions.ComfyUiCalls.picture;
import static org.genaiconnector.ra.exceptions.ComfyUiCalls.use;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.genaiconnector.FailureCategory;
import org.genaiconnector.comfyui.ComfyUiConnection;
import org.genaiconnector.comfyui.ComfyUiConnectionFactory;
import org.genaiconnector.comfyui.Download;
import org.genaiconnector.comfyui.DownloadOptions;
import org.genaiconnector.comfyui.FileDirectory;
import org.genaiconnector.comfyui.JobStatus;
import org.genaiconnector.comfyui.OutputFile;
import org.genaiconnector.comfyui.PreviewFormat;
import org.genaiconnector.comfyui.Upload;
import org.genaiconnector.testkit.End;
import org.genaiconnector.testkit.Fault;
import org.genaiconnector.testkit.Faults;
import org.genaiconnector.testkit.Match;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What calls about files of a ComfyUI fail with. */
@Timeout(60)
class FileExceptionsTest {
    private static final Match VIEW = Match.path("/api/view");

    static List<ExceptionExample> examples() {
        return List.of(
                ExceptionExample.of(
                        FailureCategory.INVALID_REQUEST,
                        "The file is not asked for: ... is not a plain file name: ...",
                        "Name the file as the job's outputs do. Folders that lead out of the directory are refused likewise.",
                        use((factory, managed, connection) -> connection.download(file("../a.png")))),
                ExceptionExample.of(
                        IOException.class,
                        "The transfer of big.png broke off after ... of 1000000 bytes and cannot be resumed: ...",
                        "Download the file again, unless the cause says that it is gone or has changed.",
                        breaking(Fault.status(404))),
                ExceptionExample.of(
                        IOException.class,
                        "The transfer of big.png broke off after ... of 1000000 bytes and cannot be resumed: "
                                + COMFY_UI + " has another file big.png now than when its transfer began",
                        "Download the file from its beginning again: it has changed.",
                        breaking(Fault.status(200).body("image/png", "another picture"))),
                ExceptionExample.of(
                        FailureCategory.PROTOCOL,
                        COMFY_UI + " does not tell the size of a file",
                        "Download the file: a proxy omits the length.",
                        faulty(
                                VIEW,
                                Fault.raw("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n", End.CLOSE),
                                (factory, managed, connection) -> connection.sizeOf(file("a.png")))),
                ExceptionExample.of(
                        FailureCategory.PROTOCOL,
                        COMFY_UI + " took the upload a.png without telling its name: ...",
                        NOT_COMFY_UI,
                        faulty(
                                Match.path("/api/upload/image"),
                                Fault.status(200).json("{}"),
                                (factory, managed, connection) ->
                                        connection.uploadImage(Upload.of("a.png", new byte[10])))),
                ExceptionExample.of(
                        FailureCategory.NOT_FOUND,
                        COMFY_UI + " has no file ... (folder \"\" of output)",
                        "The file was deleted, or never written: list the outputs of the job again.",
                        use((factory, managed, connection) -> connection.download(file("gone.png")))),
                ExceptionExample.of(
                        FailureCategory.PROTOCOL,
                        COMFY_UI
                                + " answered /api/view with status 302 (to ...): ... -- this redirect is not followed: that is no"
                                + " address of HTTP",
                        "Correct what redirects, a proxy or the storage. Redirects to a place that is less protected or nearer than"
                                + " ComfyUI's address are refused likewise.",
                        faulty(
                                VIEW,
                                Fault.redirect(302, "ftp://storage/a.png"),
                                (factory, managed, connection) -> connection.download(file("a.png")))),
                ExceptionExample.of(
                        FailureCategory.INVALID_REQUEST,
                        "There are previews of pictures only, and film.mp4 is ...",
                        "Download the file without `withPreview`.",
                        use((factory, managed, connection) -> connection.download(
                                file("film.mp4"), DownloadOptions.WHOLE.withPreview(PreviewFormat.jpeg(50))))),
                ExceptionExample.of(
                        FailureCategory.TOO_LARGE,
                        "The file ... has ..., and at most 1 are wanted",
                        "Raise `maxBytes` of the download, if the file may be that large.",
                        use((factory, managed, connection) -> connection.download(
                                first(factory, connection), DownloadOptions.WHOLE.withMaxBytes(1)))),
                ExceptionExample.of(
                        FailureCategory.TOO_LARGE,
                        COMFY_UI + " takes uploads of at most ... bytes, and large.png is larger",
                        "Start ComfyUI with a larger `--max-upload-size`, or upload a smaller file.",
                        use(
                                server -> server.maxUploadBytes(1 << 20),
                                (factory, managed, connection) ->
                                        connection.uploadImage(Upload.of("large.png", new byte[1 << 20])))),
                ExceptionExample.of(
                        FailureCategory.INVALID_REQUEST,
                        "The file missing.png cannot be read for its upload: ...",
                        "Correct the path, or its permissions.",
                        use((factory, managed, connection) ->
                                connection.uploadImage(Upload.of(Path.of("/no/such/missing.png"))))),
                ExceptionExample.of(
                        FailureCategory.INVALID_REQUEST,
                        "What was to be sent to " + COMFY_UI + " cannot be read: it ended after 1 of 2 announced bytes",
                        "Give `Upload.of` the length that the stream has, or none.",
                        use((factory, managed, connection) -> connection.uploadImage(
                                Upload.of("short.png", new ByteArrayInputStream(new byte[1]), 2)))),
                ExceptionExample.of(
                        FailureCategory.INVALID_REQUEST,
                        "What was to be sent to " + COMFY_UI
                                + " cannot be read: more came than the 2 bytes that were announced",
                        "Give `Upload.of` the length that the stream has, or none.",
                        use((factory, managed, connection) -> connection.uploadImage(
                                Upload.of("long.png", new ByteArrayInputStream(new byte[3]), 2)))),
                ExceptionExample.of(
                        FileSystemException.class,
                        "...: ComfyUI's file name \"a:b.png\" is refused: on some systems a colon leads elsewhere",
                        "Write the content under a name of your own: `content()` has it. Other reasons are folders and control characters.",
                        use((factory, managed, connection) -> {
                            connection.uploadImage(Upload.of("a:b.png", new byte[1]));
                            try (Download download = connection.download(
                                    new OutputFile("2", "images", "a:b.png", "", FileDirectory.INPUT))) {
                                download.saveTo(Files.createTempDirectory("saved"));
                            }
                        })));
    }

    /** Reads a large picture, whose transfer breaks off; the request for its rest meets a fault, too. */
    private static ThrowingCallable breaking(Fault second) {
        Faults faults = new Faults();
        return use(server -> server.wrap(faults::wrap), (factory, managed, connection) -> {
            connection.uploadImage(Upload.of("big.png", new byte[1_000_000]));
            faults.next(VIEW, Fault.resetAfter(100_000)).next(VIEW, second);
            try (Download download =
                    connection.download(new OutputFile("2", "images", "big.png", "", FileDirectory.INPUT))) {
                download.content().readAllBytes();
            }
        });
    }

    private static OutputFile file(String name) {
        return new OutputFile("2", "images", name, "", FileDirectory.OUTPUT);
    }

    /** Runs a job and gives its picture. */
    private static OutputFile first(ComfyUiConnectionFactory factory, ComfyUiConnection connection) throws Exception {
        JobStatus end = factory.awaitJob(connection.queuePrompt(picture()).id(), Duration.ofSeconds(30));
        return (OutputFile) end.outputs().get(0);
    }

    @ParameterizedTest
    @MethodSource("examples")
    void isThrown(ExceptionExample example) {
        example.check();
    }

    @Test
    void isDocumented() throws Exception {
        ExceptionExample.assertDocumented("files", examples());
    }
}
