package org.genaiconnector.ra.exceptions;

import jakarta.resource.spi.LocalTransactionException;
import jakarta.resource.spi.ManagedConnection;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.UnaryOperator;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.genaiconnector.FailureCategory;
import org.genaiconnector.comfyui.ComfyUiConnection;
import org.genaiconnector.comfyui.ComfyUiConnectionFactory;
import org.genaiconnector.comfyui.DownloadOptions;
import org.genaiconnector.comfyui.FileDirectory;
import org.genaiconnector.comfyui.Job;
import org.genaiconnector.comfyui.JobStatus;
import org.genaiconnector.comfyui.OutputFile;
import org.genaiconnector.comfyui.PreviewFormat;
import org.genaiconnector.comfyui.Upload;
import org.genaiconnector.comfyui.Workflow;
import org.genaiconnector.comfyui.WorkflowRejectedException;
import org.genaiconnector.ra.comfyui.ComfyUiManagedConnectionFactory;
import org.genaiconnector.testkit.comfyui.ComfyUiSimulator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What calls about jobs and files of a ComfyUI fail with. */
@Timeout(60)
class JobAndFileExceptionsTest {
    private static final String COMFY_UI = "ComfyUI at ...";

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
                        "Not the id of a job: ...",
                        "Pass the id as `Job` has it, a UUID.",
                        use((factory, managed, connection) -> connection.findJob("../queue"))),
                ExceptionExample.of(
                        FailureCategory.DEADLINE,
                        "Job ... on ... has not ended within 1 ms; ...",
                        "Wait longer, or let a message-driven bean wait.",
                        use((factory, managed, connection) -> factory.awaitJob(
                                connection.queuePrompt(picture()).id(), Duration.ofMillis(1)))),
                ExceptionExample.of(
                        FailureCategory.INVALID_REQUEST,
                        "Job ... will be sent when its transaction is committed, so it cannot be awaited before: ...",
                        "Do one of the things that the message names ([transactions.md](transactions.md)).",
                        use((factory, managed, connection) -> {
                            managed.getLocalTransaction().begin();
                            Job job = connection.queuePrompt(picture());
                            factory.awaitJob(job.id(), Duration.ofSeconds(1));
                        })),
                ExceptionExample.of(
                        LocalTransactionException.class,
                        "The commit failed at ...: ...",
                        "The transaction was rolled back; the message says which job failed, and why. Mend that and repeat the"
                                + " transaction.",
                        use((factory, managed, connection) -> {
                            managed.getLocalTransaction().begin();
                            connection.queuePrompt(
                                    Workflow.parse("{\"1\": {\"class_type\": \"NoSuchNode\", \"inputs\": {}}}"));
                            managed.getLocalTransaction().commit();
                        })),
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
