package org.genaiconnector.tests.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jakarta.resource.ResourceException;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import javax.imageio.ImageIO;
import org.genaiconnector.comfyui.ComfyUiConnection;
import org.genaiconnector.comfyui.ComfyUiConnectionFactory;
import org.genaiconnector.comfyui.Download;
import org.genaiconnector.comfyui.Job;
import org.genaiconnector.comfyui.JobStatus;
import org.genaiconnector.comfyui.OutputFile;
import org.genaiconnector.comfyui.Upload;
import org.genaiconnector.comfyui.UploadedFile;
import org.genaiconnector.comfyui.Workflow;
import org.genaiconnector.llm.CompletionRequest;
import org.genaiconnector.llm.LlmConnection;
import org.genaiconnector.ra.comfyui.ComfyUiManagedConnectionFactory;
import org.genaiconnector.testkit.Fault;
import org.genaiconnector.testkit.Match;
import org.genaiconnector.testkit.RecordedRequest;
import org.genaiconnector.testkit.comfyui.ComfyUiSimulator;
import org.genaiconnector.tests.Eventually;
import org.genaiconnector.tests.Secrets;
import org.junit.jupiter.api.Test;

/**
 * Defects of the hand-written pool that this adapter replaces. This class has the tests that no other class
 * has; the table lists all of them.
 *
 * <table>
 * <caption>Its defects, and the tests of the contrary</caption>
 * <tr><th>it</th><th>test</th></tr>
 * <tr><td>waited in vain when it had to grow, then hung</td><td>{@link GrowthTest}</td></tr>
 * <tr><td>hung when a health check refilled it</td><td>{@link ValidationTest}</td></tr>
 * <tr><td>lent connections that it had closed</td><td>{@link ShrinkingTest}</td></tr>
 * <tr><td>closed idle connections also below its minimum</td><td>{@link ShrinkingTest}, here, and in an application server {@code server.PoolMaintenanceChecks}</td></tr>
 * <tr><td>sent a request at every return</td><td>{@link GrowthTest}</td></tr>
 * <tr><td>took broken connections back</td><td>{@link BrokenConnectionTest}</td></tr>
 * <tr><td>could not be shut down with a connection in use</td><td>{@link ShrinkingTest}</td></tr>
 * <tr><td>ignored retries, delays and further settings, and knew no TLS</td><td>here; TLS in the adapter's own tests</td></tr>
 * <tr><td>treated zero as absent</td><td>{@link ZeroSettingsTest}</td></tr>
 * <tr><td>could not chat with local servers</td><td>here</td></tr>
 * <tr><td>blocked all callers during a health check</td><td>{@link ValidationTest}</td></tr>
 * <tr><td>counted wrongly</td><td>{@link FiguresTest}</td></tr>
 * <tr><td>let one slow backend block all pools, and did not report a failed start</td><td>here</td></tr>
 * <tr><td>could queue a job, but not track it</td><td>here; progress in the adapter's own tests</td></tr>
 * </table>
 */
class HandWrittenPoolDefectsTest {
    private static final Duration DELAY = Duration.ofMillis(200);

    @Test
    void keepsItsMinimumHoweverOftenIdleConnectionsAreRemoved() throws Exception {
        try (PooledLlm llm = PooledLlm.configured(pooling -> {
            pooling.setMinSize(2);
            pooling.setMaxSize(4);
        })) {
            llm.open(4);

            Eventually.isTrue(PooledLlm.LONG, () -> {
                llm.pool().removeIdle();
                assertThat(llm.pool().size()).isGreaterThanOrEqualTo(2);
                return llm.pool().size() == 2;
            });
            llm.pool().removeIdle();

            assertThat(llm.pool().size()).isEqualTo(2);
            llm.open(2);
        }
    }

    @Test
    void repeatsAsOftenAndAsLateAsConfigured() throws Exception {
        try (PooledLlm llm = PooledLlm.ofOne(managed -> {
            managed.setMaxRetries(2);
            managed.setRetryDelayMillis((int) DELAY.toMillis());
        })) {
            llm.faults().next(3, PooledLlm.CHAT, Fault.status(503));

            assertThatThrownBy(llm::chat).hasMessageContaining("503");

            List<RecordedRequest> attempts = llm.traffic().requests(PooledLlm.CHAT);
            assertThat(attempts).hasSize(3);
            assertThat(between(attempts, 0)).isGreaterThanOrEqualTo(leastOf(DELAY));
            assertThat(between(attempts, 1)).isGreaterThanOrEqualTo(leastOf(DELAY.multipliedBy(2)));
        }
    }

    private static Duration between(List<RecordedRequest> attempts, int index) {
        return Duration.between(
                attempts.get(index).receivedAt(), attempts.get(index + 1).receivedAt());
    }

    /** Up to a quarter is subtracted at random. */
    private static Duration leastOf(Duration delay) {
        return delay.multipliedBy(3).dividedBy(4);
    }

    @Test
    void sendsAllOtherConfiguredHeaders() throws Exception {
        try (PooledLlm llm = PooledLlm.ofOne(managed -> managed.setExtraHeaders("X-Team=painters,X-Cost=42"))) {
            llm.chat();

            assertThat(llm.traffic().requests(PooledLlm.CHAT)).singleElement().satisfies(request -> {
                assertThat(request.header("X-Team")).contains("painters");
                assertThat(request.header("X-Cost")).contains("42");
            });
        }
    }

    @Test
    void chatsAndCompletesWithLocalServersAndShowsThemTheKey() throws Exception {
        try (PooledLlm llm = PooledLlm.ofOne(managed -> {
                    managed.setProvider("LOCAL");
                    managed.setApiKey(Secrets.KEY);
                });
                LlmConnection connection = llm.factory().getConnection()) {
            assertThat(PooledLlm.chat(connection)).isNotBlank();
            assertThat(connection
                            .complete(CompletionRequest.of("Once upon a time"))
                            .text())
                    .isNotBlank();

            assertThat(llm.requests(PooledLlm.CHAT)).isEqualTo(1);
            assertThat(llm.requests(Match.path("/v1/completions"))).isEqualTo(1);
            assertThat(llm.traffic().requests())
                    .allSatisfy(request ->
                            assertThat(request.header("Authorization")).contains("Bearer " + Secrets.KEY));
        }
    }

    @Test
    void creatingAPoolMakesNoRequest() throws Exception {
        try (PooledLlm llm = PooledLlm.ofMaximum(2)) {
            assertThat(llm.factory().statistics().connections().total()).isZero();
            assertThat(llm.traffic().connectionsOpened()).isZero();
        }
    }

    @Test
    void silentBackendBlocksNoOtherPool() throws Exception {
        try (PooledLlm silent = PooledLlm.ofMaximum(1);
                PooledLlm well = PooledLlm.ofMaximum(1)) {
            silent.faults().always(Fault.silence());
            CompletableFuture<Object> borrower = CompletableFuture.supplyAsync(() -> outcome(silent));
            Eventually.isTrue(PooledLlm.LONG, () -> silent.requests(Match.any()) > 0);

            assertThat(well.chat()).isNotBlank();

            assertThat(borrower).isNotDone();
            silent.faults().clear();
            assertThat(borrower).succeedsWithin(PooledLlm.LONG);
        }
    }

    private static Object outcome(PooledLlm llm) {
        try {
            return llm.chat();
        } catch (ResourceException e) {
            return e;
        }
    }

    @Test
    void failedStartIsReportedToBorrowersUntilTheBackendIsUp() throws Exception {
        try (PooledLlm llm = PooledLlm.configured(pooling -> {
            pooling.setMinSize(2);
            pooling.setMaxSize(2);
        })) {
            llm.faults().stopListening();
            llm.pool().prefill();

            assertThatThrownBy(llm::chat).hasStackTraceContaining("Connection refused");
            Eventually.isTrue(
                    PooledLlm.LONG,
                    () -> llm.factory().statistics().connections().total() == 0);

            llm.faults().listen();
            Eventually.isTrue(PooledLlm.LONG, () -> outcome(llm) instanceof String);
        }
    }

    @Test
    void jobIsTrackedFromItsInputPictureToItsOutputPicture() throws Exception {
        try (ComfyUiSimulator server = ComfyUiSimulator.start()) {
            ComfyUiManagedConnectionFactory managed = new ComfyUiManagedConnectionFactory();
            managed.setServerUrl(server.uri().toString());
            try (WildFlyPool pool = new WildFlyPool(managed, WildFlyPool.patient())) {
                ComfyUiConnectionFactory factory =
                        (ComfyUiConnectionFactory) managed.createConnectionFactory(pool.manager());
                Job job = queue(factory);

                JobStatus status = factory.awaitJob(job.id(), PooledLlm.LONG);

                assertThat(picture(factory, (OutputFile) status.outputs().get(0)))
                        .satisfies(picture -> assertThat(picture.getWidth()).isEqualTo(12))
                        .satisfies(picture -> assertThat(picture.getHeight()).isEqualTo(8));
            }
        }
    }

    private static Job queue(ComfyUiConnectionFactory factory) throws ResourceException, IOException {
        ByteArrayOutputStream png = new ByteArrayOutputStream();
        ImageIO.write(new BufferedImage(12, 8, BufferedImage.TYPE_INT_RGB), "png", png);
        try (ComfyUiConnection connection = factory.getConnection()) {
            UploadedFile uploaded = connection.uploadImage(Upload.of("start.png", png.toByteArray()));
            return connection.queuePrompt(Workflow.parse("""
                    {"1": {"class_type": "LoadImage", "inputs": {"image": "%s"}},
                     "2": {"class_type": "SaveImage", "inputs": {"images": ["1", 0], "filename_prefix": "end"}}}""".formatted(uploaded.filename())));
        }
    }

    private static BufferedImage picture(ComfyUiConnectionFactory factory, OutputFile file)
            throws ResourceException, IOException {
        try (ComfyUiConnection connection = factory.getConnection();
                Download download = connection.download(file)) {
            return ImageIO.read(new ByteArrayInputStream(download.content().readAllBytes()));
        }
    }
}
