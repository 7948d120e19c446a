package org.genaiconnector.ra.exceptions;

import jakarta.resource.spi.LocalTransactionException;
import jakarta.resource.spi.ManagedConnection;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.UnaryOperator;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.genaiconnector.FailureCategory;
import org.genaiconnector.comfyui.ComfyUiConnection;
import org.genaiconnector.comfyui.ComfyUiConnectionFactory;
import org.genaiconnector.comfyui.Download;
import org.genaiconnector.comfyui.DownloadOptions;
import org.genaiconnector.comfyui.FileDirectory;
import org.genaiconnector.comfyui.Job;
import org.genaiconnector.comfyui.JobStatus;
import org.genaiconnector.comfyui.OutputFile;
import org.genaiconnector.comfyui.PreviewFormat;
import org.genaiconnector.comfyui.Submission;
import org.genaiconnector.comfyui.Upload;
import org.genaiconnector.comfyui.Workflow;
import org.genaiconnector.comfyui.WorkflowRejectedException;
import org.genaiconnector.ra.comfyui.ComfyUiManagedConnectionFactory;
import org.genaiconnector.testkit.End;
import org.genaiconnector.testkit.Fault;
import org.genaiconnector.testkit.Faults;
import org.genaiconnector.testkit.Match;
import org.genaiconnector.testkit.comfyui.ComfyUiSimulator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What calls about jobs and files of a ComfyUI fail with. */
@Timeout(60)
class JobAndFileExceptionsTest {
    private static final String COMFY_UI = "ComfyUI at ...";
    private static final String NOT_COMFY_UI =
            "Look whether `serverUrl` leads to ComfyUI itself: another service or a gateway answers.";
    private static final Match VIEW = Match.path("/api/view");
    private static final Faults RESUMED = new Faults();

    static List<ExceptionExample> examples() {
        return List.of(
                ExceptionExample.of(
                        WorkflowRejectedException.class,
                        COMFY_UI + " rejected the workflow: ...",
                        "`nodeErrors()` names each node and what is wrong with it; install missing nodes and models on ComfyUI.",
                        use((factory, managed, connection) -> connection.queuePrompt(
                                Workflow.parse("{\"1\": {\"class_type\": \"NoSuchNode\", \"inputs\": {}}}")))),
                ExceptionExample.of(
                        FailureCategory.INVALID_REQUEST,
                        "Not the id of a job: '...'",
                        "Pass the id as `Job` has it, a UUID.",
                        use((factory, managed, connection) -> connection.findJob("../queue"))),
                ExceptionExample.of(
                        FailureCategory.DEADLINE,
                        "Job ... on ... has not ended within 1 ms; it continues",
                        "Wait longer, or let a message-driven bean wait.",
                        use((factory, managed, connection) -> factory.awaitJob(
                                connection.queuePrompt(picture()).id(), Duration.ofMillis(1)))),
                ExceptionExample.of(
                        FailureCategory.INVALID_REQUEST,
                        "Job ... will be sent when its transaction is committed, so it cannot be awaited before: await it after the"
                                + " transaction, queue it in one of its own (REQUIRES_NEW), or set the pool's transaction-support to"
                                + " NoTransaction",
                        "Do one of the things that the message names ([transactions.md](transactions.md)).",
                        use((factory, managed, connection) -> {
                            managed.getLocalTransaction().begin();
                            Job job = connection.queuePrompt(picture());
                            factory.awaitJob(job.id(), Duration.ofSeconds(1));
                        })),
                ExceptionExample.of(
                        LocalTransactionException.class,
                        "The commit failed at ...: ...; nothing else of the transaction has been done",
                        "The transaction was rolled back; the message says which job failed, and why. Mend that and repeat the"
                                + " transaction.",
                        use((factory, managed, connection) -> {
                            managed.getLocalTransaction().begin();
                            connection.queuePrompt(
                                    Workflow.parse("{\"1\": {\"class_type\": \"NoSuchNode\", \"inputs\": {}}}"));
                            managed.getLocalTransaction().commit();
                        })),
                ExceptionExample.of(
                        LocalTransactionException.class,
                        "The commit failed at ...: The backend keeps no ids of its clients (ComfyUI before 0.3.45), so it cannot be"
                                + " used in transactions: set the pool's transaction-support to NoTransaction; nothing else of the"
                                + " transaction has been done",
                        "Do what the message says, or update ComfyUI.",
                        use(server -> server.version("0.3.40"), (factory, managed, connection) -> {
                            managed.getLocalTransaction().begin();
                            connection.queuePrompt(picture());
                            managed.getLocalTransaction().commit();
                        })),
                ExceptionExample.of(
                        LocalTransactionException.class,
                        "The connection was destroyed before its transaction was committed: nothing was sent",
                        "Repeat the transaction. The application server discarded the connection; its log says why.",
                        use((factory, managed, connection) -> {
                            managed.getLocalTransaction().begin();
                            connection.queuePrompt(picture());
                            managed.destroy();
                            managed.getLocalTransaction().commit();
                        })),
                ExceptionExample.of(
                        WorkflowRejectedException.class,
                        COMFY_UI + " can run only a part of the workflow, so job ... was cancelled (node 3: ...)",
                        "`nodeErrors()` names the nodes that cannot run. If the part is enough, submit it without `withPartial(false)`.",
                        use((factory, managed, connection) ->
                                connection.queuePrompt(Submission.of(inPart()).withPartial(false)))),
                ExceptionExample.of(
                        FailureCategory.COMMUNICATION,
                        COMFY_UI + " ...; it is not known whether job ... was accepted, so it is not sent again",
                        "Ask for the job of that id later, with `findJob` or `awaitJob`. If its end is `LOST`, sending it again is"
                                + " safe.",
                        faulty(
                                Match.path("/api/prompt"),
                                Fault.closeBeforeResponse(),
                                (factory, managed, connection) -> connection.queuePrompt(picture()))),
                ExceptionExample.of(
                        FailureCategory.PROTOCOL,
                        COMFY_UI + " accepted a workflow without telling its prompt_id: ...",
                        NOT_COMFY_UI,
                        faulty(
                                Match.path("/api/prompt"),
                                Fault.status(200).json("{}"),
                                (factory, managed, connection) -> connection.queuePrompt(picture()))),
                ExceptionExample.of(
                        IllegalArgumentException.class,
                        "maxItems must be 1 or more: ...",
                        "Give 1 or more, or no number for all.",
                        use((factory, managed, connection) -> connection.getHistory(0))),
                ExceptionExample.of(
                        IllegalArgumentException.class,
                        "A page has at least 1 item and an offset that is not negative: ...",
                        "Give numbers in these ranges.",
                        use((factory, managed, connection) -> connection.getHistoryPage(0, 0))),
                ExceptionExample.of(
                        FailureCategory.NOT_FOUND,
                        COMFY_UI + " has no folder of models named \"...\"",
                        "Use one of the folders that `getModelFolders()` lists.",
                        use((factory, managed, connection) -> connection.getModels("no-such-folder"))),
                ExceptionExample.of(
                        FailureCategory.UNSUPPORTED,
                        COMFY_UI + " is too old to tell its folders of models",
                        "Update ComfyUI.",
                        faulty(
                                Match.path("/api/models"),
                                Fault.status(404),
                                (factory, managed, connection) -> connection.getModelFolders())),
                ExceptionExample.of(
                        FailureCategory.PROTOCOL,
                        COMFY_UI + " answered ... with something else than a list: ...",
                        NOT_COMFY_UI,
                        faulty(
                                Match.path("/api/embeddings"),
                                Fault.status(200).json("{}"),
                                (factory, managed, connection) -> connection.getEmbeddings())),
                ExceptionExample.of(
                        FailureCategory.INVALID_REQUEST,
                        "The file is not asked for: ... is not a plain file name: ...",
                        "Name the file as the job's outputs do. Folders that lead out of the directory are refused likewise.",
                        use((factory, managed, connection) -> connection.download(file("../a.png")))),
                ExceptionExample.of(
                        IOException.class,
                        "The transfer of big.png broke off after ... of 1000000 bytes and cannot be resumed: ...",
                        "Download the file again, unless the cause says that it is gone or has changed.",
                        use(server -> server.wrap(RESUMED::wrap), (factory, managed, connection) -> {
                            connection.uploadImage(Upload.of("big.png", new byte[1_000_000]));
                            RESUMED.next(VIEW, Fault.resetAfter(100_000)).next(VIEW, Fault.status(404));
                            try (Download download = connection.download(
                                    new OutputFile("2", "images", "big.png", "", FileDirectory.INPUT))) {
                                download.content().readAllBytes();
                            }
                        })),
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
                                connection.uploadImage(Upload.of(Path.of("/no/such/missing.png"))))));
    }

    @FunctionalInterface
    private interface Use {
        void of(ComfyUiConnectionFactory factory, ManagedConnection managed, ComfyUiConnection connection)
                throws Exception;
    }

    private static ThrowingCallable use(Use use) {
        return use(server -> server.nodeDelay(Duration.ofMillis(300)), use);
    }

    /** The next matching request meets a fault. */
    private static ThrowingCallable faulty(Match match, Fault fault, Use use) {
        Faults faults = new Faults().next(match, fault);
        return use(server -> server.wrap(faults::wrap), use);
    }

    private static ThrowingCallable use(UnaryOperator<ComfyUiSimulator.Builder> settings, Use use) {
        return () -> {
            try (ComfyUiSimulator server =
                    settings.apply(ComfyUiSimulator.builder()).start()) {
                ComfyUiManagedConnectionFactory pool = new ComfyUiManagedConnectionFactory();
                pool.setServerUrl(server.uri().toString());
                pool.setProbeOnCreate(false);
                ManagedConnection managed = pool.createManagedConnection(null, null);
                use.of((ComfyUiConnectionFactory) pool.createConnectionFactory(), managed, (ComfyUiConnection)
                        managed.getConnection(null, null));
            }
        };
    }

    private static Workflow picture() throws Exception {
        return Workflow.parse("""
                {"1": {"class_type": "EmptyImage", "inputs": {"width": 8, "height": 8, "batch_size": 1, "color": 1}},
                 "2": {"class_type": "PreviewImage", "inputs": {"images": ["1", 0]}}}""");
    }

    /** Two pictures, the second of which is too small. */
    private static Workflow inPart() throws Exception {
        return Workflow.parse("""
                {"1": {"class_type": "EmptyImage", "inputs": {"width": 8, "height": 8, "batch_size": 1, "color": 1}},
                 "2": {"class_type": "PreviewImage", "inputs": {"images": ["1", 0]}},
                 "3": {"class_type": "EmptyImage", "inputs": {"width": 0, "height": 8, "batch_size": 1, "color": 1}},
                 "4": {"class_type": "PreviewImage", "inputs": {"images": ["3", 0]}}}""");
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
        ExceptionExample.assertDocumented("jobs and files", examples());
    }
}
