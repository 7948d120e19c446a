package org.genaiconnector.ra.comfyui.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jakarta.resource.ResourceException;
import jakarta.resource.spi.ResourceAllocationException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Duration;
import org.genaiconnector.FailureCategory;
import org.genaiconnector.GenAiException;
import org.genaiconnector.comfyui.ComfyUiConnection;
import org.genaiconnector.comfyui.ComfyUiConnectionFactory;
import org.genaiconnector.comfyui.Download;
import org.genaiconnector.comfyui.DownloadOptions;
import org.genaiconnector.comfyui.FileDirectory;
import org.genaiconnector.comfyui.OutputFile;
import org.genaiconnector.comfyui.Submission;
import org.genaiconnector.comfyui.Upload;
import org.genaiconnector.comfyui.Workflow;
import org.genaiconnector.ra.comfyui.ComfyUiManagedConnectionFactory;
import org.genaiconnector.ra.connection.TestPool;
import org.genaiconnector.testkit.Fault;
import org.genaiconnector.testkit.Match;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Downloads of a factory, out of a pool of one connection, and the timeouts of single requests. */
@Timeout(60)
class BorrowedDownloadTest {
    private static final byte[] CONTENT = FileSetup.noise(1_000_000);
    private static final Match VIEW = Match.path("/api/view");
    private static final Duration SHORT = Duration.ofMillis(200);

    @RegisterExtension
    static final FileSetup files = new FileSetup();

    private ComfyUiConnectionFactory factory;
    private OutputFile file;

    @BeforeEach
    void pool() throws Exception {
        ComfyUiManagedConnectionFactory managed = new ComfyUiManagedConnectionFactory();
        managed.setServerUrl(files.server.uri().toString());
        managed.setMaxRetries(0);
        managed.setProbeOnCreate(false);
        managed.setCircuitFailures(0);
        factory = (ComfyUiConnectionFactory) managed.createConnectionFactory(new TestPool(1));
        file = files.output("picture.bin", CONTENT);
    }

    private void connectionIsBack() throws ResourceException {
        try (ComfyUiConnection connection = factory.getConnection()) {
            assertThat(connection.sizeOf(file)).hasValue(CONTENT.length);
        }
        assertThat(factory.statistics().connections().active()).isZero();
    }

    @Test
    void givesTheConnectionBackWhenItIsClosed(@TempDir Path directory) throws Exception {
        try (Download download = factory.download(file)) {
            assertThat(download.length()).hasValue(CONTENT.length);
            assertThat(download.saveTo(directory)).hasBinaryContent(CONTENT);
            assertThatThrownBy(factory::getConnection).isInstanceOf(ResourceAllocationException.class);
        }
        connectionIsBack();
    }

    @Test
    void givesTheConnectionBackWhenItsContentIsClosed() throws Exception {
        Download download = factory.download(file);
        try (InputStream content = download.content()) {
            assertThat(content.readAllBytes()).isEqualTo(CONTENT);
        }
        connectionIsBack();
        download.close();
    }

    @Test
    void givesTheConnectionBackIfItIsNeverRead() throws Exception {
        Download download = factory.download(file);
        download.close();
        connectionIsBack();
        try (ComfyUiConnection other = factory.getConnection()) {
            download.close();
            assertThat(other.sizeOf(file)).isPresent();
        }
    }

    @Test
    void givesTheConnectionBackIfItCannotBegin() throws Exception {
        OutputFile gone = new OutputFile("9", "images", "gone.png", "", FileDirectory.OUTPUT);
        assertThatThrownBy(() -> factory.download(gone))
                .isInstanceOfSatisfying(
                        GenAiException.class,
                        failure -> assertThat(failure.category()).isEqualTo(FailureCategory.NOT_FOUND));
        connectionIsBack();
    }

    @Test
    void givesTheConnectionBackIfItBreaks() throws Exception {
        files.faults.next(VIEW, Fault.resetAfter(1000));
        try (Download download = factory.download(file)) {
            assertThatThrownBy(() -> download.content().readAllBytes()).isInstanceOf(IOException.class);
        }
        connectionIsBack();
    }

    @Test
    void failsIfThePoolIsExhausted() throws Exception {
        try (ComfyUiConnection held = factory.getConnection()) {
            assertThatThrownBy(() -> factory.download(file)).isInstanceOf(ResourceAllocationException.class);
            assertThat(held.sizeOf(file)).isPresent();
        }
        connectionIsBack();
    }

    @Test
    void endsAtTheTimeoutOfItsRequest() throws Exception {
        files.faults.next(VIEW, Fault.drip(10, Duration.ofMillis(20)));
        try (Download download = factory.download(file, DownloadOptions.WHOLE.withTimeout(Duration.ofSeconds(3)))) {
            assertThatThrownBy(() -> download.content().readAllBytes())
                    .isInstanceOf(IOException.class)
                    .cause()
                    .isInstanceOfSatisfying(
                            GenAiException.class,
                            failure -> assertThat(failure.category()).isEqualTo(FailureCategory.DEADLINE));
        }
        connectionIsBack();
    }

    @Test
    void uploadsAndSubmissionsEndAtTheirTimeouts() throws Exception {
        try (ComfyUiConnection connection = factory.getConnection()) {
            files.faults.next(Match.path("/api/upload/image"), Fault.silence());
            assertThatThrownBy(() -> connection.uploadImage(
                            Upload.of("a.bin", new byte[] {1}).withTimeout(SHORT)))
                    .isInstanceOfSatisfying(
                            GenAiException.class,
                            failure -> assertThat(failure.category()).isEqualTo(FailureCategory.DEADLINE));
        }
        try (ComfyUiConnection connection = factory.getConnection()) {
            files.faults.next(Match.path("/api/prompt"), Fault.silence());
            Workflow workflow = Workflow.parse("""
                    {"1": {"class_type": "EmptyImage", "inputs": {"width": 8, "height": 8, "batch_size": 1, "color": 9}},
                     "2": {"class_type": "PreviewImage", "inputs": {"images": ["1", 0]}}}""");
            long start = System.nanoTime();
            assertThatThrownBy(
                            () -> connection.queuePrompt(Submission.of(workflow).withTimeout(SHORT)))
                    .isInstanceOfSatisfying(
                            GenAiException.class,
                            failure -> assertThat(failure.category()).isEqualTo(FailureCategory.DEADLINE));
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(20));
        }
    }
}
