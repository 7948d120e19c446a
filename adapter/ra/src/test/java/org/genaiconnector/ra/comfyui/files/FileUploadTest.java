package org.genaiconnector.ra.comfyui.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.genaiconnector.ra.comfyui.files.FileSetup.assertFails;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import javax.imageio.ImageIO;
import org.genaiconnector.FailureCategory;
import org.genaiconnector.GenAiException;
import org.genaiconnector.comfyui.ComfyUiConnection;
import org.genaiconnector.comfyui.Download;
import org.genaiconnector.comfyui.FileDirectory;
import org.genaiconnector.comfyui.OutputFile;
import org.genaiconnector.comfyui.Upload;
import org.genaiconnector.comfyui.UploadedFile;
import org.genaiconnector.ra.Traces;
import org.genaiconnector.ra.comfyui.wire.ComfyUiFailures;
import org.genaiconnector.testkit.Fault;
import org.genaiconnector.testkit.Match;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Files going to a server, from all sources and up to its limit. */
@Timeout(60)
class FileUploadTest {
    private static final Match UPLOAD = Match.path("/api/upload/image");
    private static final int LIMIT = 3 << 20;
    private static final byte[] CONTENT = FileSetup.noise(200_000);

    @RegisterExtension
    private static final FileSetup setup = new FileSetup(server -> server.maxUploadBytes(LIMIT));

    private static InputStream stream(byte[] bytes) {
        return new ByteArrayInputStream(bytes);
    }

    @Test
    void takesStreamsWithAndWithoutLengthBytesAndFiles(@TempDir Path directory) throws Exception {
        Path local = Files.write(directory.resolve("from-file.mp4"), CONTENT);
        for (Upload upload : new Upload[] {
            Upload.of("from-stream.bin", stream(CONTENT)),
            Upload.of("from-known-stream.bin", stream(CONTENT), CONTENT.length),
            Upload.of("from-bytes.bin", CONTENT),
            Upload.of(local)
        }) {
            UploadedFile stored = setup.connection.uploadImage(upload);

            assertThat(stored).isEqualTo(new UploadedFile(upload.filename(), "", FileDirectory.INPUT));
            assertThat(setup.input(upload.filename())).hasBinaryContent(CONTENT);
        }
    }

    @Test
    void putsFilesWhereTheyAreWanted() throws Exception {
        UploadedFile temp = setup.connection.uploadImage(
                Upload.of("t.bin", CONTENT).withDirectory(FileDirectory.TEMP).withSubfolder("a/b"));

        assertThat(temp.reference()).isEqualTo("a/b/t.bin [temp]");
        try (Download download = setup.connection.download(temp)) {
            assertThat(download.content().readAllBytes()).isEqualTo(CONTENT);
        }
    }

    @Test
    void usesTheNameThatTheServerChose() throws Exception {
        setup.connection.uploadImage(Upload.of("猫 \"ü\".png", new byte[] {1}));

        UploadedFile second = setup.connection.uploadImage(Upload.of("猫 \"ü\".png", new byte[] {2}));
        UploadedFile same = setup.connection.uploadImage(Upload.of("猫 \"ü\".png", new byte[] {1}));
        UploadedFile over = setup.connection.uploadImage(
                Upload.of("猫 \"ü\".png", new byte[] {3}).withOverwrite(true));

        assertThat(second.filename()).isEqualTo("猫 \"ü\" (1).png");
        assertThat(same.filename()).isEqualTo("猫 \"ü\".png");
        assertThat(over.filename()).isEqualTo("猫 \"ü\".png");
        assertThat(setup.input("猫 \"ü\".png")).hasBinaryContent(new byte[] {3});
    }

    @Test
    void sendsNothingThatTheServerWouldFindTooLarge() {
        assertFails(
                () -> setup.connection.uploadImage(Upload.of("huge.bin", new byte[LIMIT])),
                FailureCategory.TOO_LARGE,
                "huge.bin",
                String.valueOf(LIMIT));
        assertThat(setup.requests("/api/upload")).isEmpty();
    }

    @Test
    void stopsAStreamAtTheServersLimit() throws Exception {
        assertFails(
                () -> setup.connection.uploadImage(Upload.of("endless.bin", stream(new byte[2 * LIMIT]))),
                FailureCategory.TOO_LARGE,
                "endless.bin",
                String.valueOf(LIMIT));
    }

    @Test
    void tellsWhatAnOldServerWithoutFeaturesFindsTooLarge() throws Exception {
        FileSetup old = new FileSetup(server -> server.maxUploadBytes(LIMIT).version("0.3.40"));
        try (old;
                ComfyUiConnection connection = old.start().factory.getConnection()) {
            assertFails(
                    () -> connection.uploadImage(Upload.of("huge.bin", new byte[LIMIT])),
                    FailureCategory.TOO_LARGE,
                    "413",
                    "Maximum request body size " + LIMIT + " exceeded");
        }
    }

    @Test
    void asksForTheLimitOnlyOnce() throws Exception {
        setup.connection.getFeatures();
        int asked = setup.requests("/api/features", 0).size();

        setup.connection.uploadImage(Upload.of("two.bin", new byte[2 << 20]));

        assertThat(setup.requests("/api/features", 0)).hasSize(asked);
    }

    @Test
    void noticesAStreamThatIsNotAsLongAsAnnounced() {
        assertFails(
                () -> setup.connection.uploadImage(Upload.of("short.bin", stream(CONTENT), CONTENT.length + 1)),
                FailureCategory.INVALID_REQUEST,
                "ended after 200000 of 200001 announced bytes");
        assertThat(setup.input("short.bin")).doesNotExist();
    }

    @Test
    void noticesAStreamThatIsLongerThanAnnounced() throws Exception {
        assertFails(
                () -> setup.connection.uploadImage(Upload.of("long.bin", stream(CONTENT), CONTENT.length - 1)),
                FailureCategory.INVALID_REQUEST,
                "more came than the 199999 bytes");
        assertThat(setup.input("long.bin")).doesNotExist();
    }

    @Test
    void namesAFileThatCannotBeRead(@TempDir Path directory) {
        assertFails(
                () -> setup.connection.uploadImage(Upload.of(directory.resolve("missing.png"))),
                FailureCategory.INVALID_REQUEST,
                "missing.png");
        assertThat(setup.requests("/")).isEmpty();
    }

    @Test
    void sendsAgainWhatCanBeReadAgain(@TempDir Path directory) throws Exception {
        Path local = Files.write(directory.resolve("again.bin"), CONTENT);
        setup.faults.next(UPLOAD, Fault.loseAnswer());

        assertThat(setup.connection.uploadImage(Upload.of(local)).filename()).isEqualTo("again.bin");

        assertThat(setup.requests("/api/upload")).hasSize(2);
    }

    @Test
    void doesNotSendTheRestOfAStreamForTheWhole() {
        setup.faults.next(UPLOAD, Fault.loseAnswer());

        assertFails(
                () -> setup.connection.uploadImage(Upload.of("once.bin", stream(CONTENT))),
                FailureCategory.COMMUNICATION,
                "broke the connection off");

        assertThat(setup.requests("/api/upload")).hasSize(1);
    }

    @Test
    void tellsHowTheServerRefused() {
        setup.faults
                .next(UPLOAD, Fault.status(400))
                .next(UPLOAD, Fault.status(403))
                .next(UPLOAD, Fault.status(413).body("text/plain", "Maximum request body size 7 exceeded."))
                .next(
                        3,
                        UPLOAD,
                        Fault.status(500)
                                .body("text/plain", "500 Internal Server Error\n\nServer got itself in trouble"));
        Upload upload = Upload.of("refused.bin", CONTENT);

        assertFails(
                () -> setup.connection.uploadImage(upload),
                FailureCategory.INVALID_REQUEST,
                "/api/upload/image",
                "400");
        assertFails(() -> setup.connection.uploadImage(upload), FailureCategory.PERMISSION, "403");
        assertFails(() -> setup.connection.uploadImage(upload), FailureCategory.TOO_LARGE, "size 7 exceeded");
        assertFails(() -> setup.connection.uploadImage(upload), FailureCategory.SERVER, "got itself in trouble");
    }

    @Test
    void refusesAnAnswerWithoutAName() {
        setup.faults.next(UPLOAD, Fault.status(200).json("{\"stored\": true}"));
        assertFails(
                () -> setup.connection.uploadImage(Upload.of("nameless.bin", CONTENT)),
                FailureCategory.PROTOCOL,
                "nameless.bin");
    }

    @Test
    void readsAllRecordedAnswers() throws Exception {
        List<Traces.Exchange> uploads = Traces.exchanges("comfyui").stream()
                .filter(exchange -> exchange.path().contains("/upload/"))
                .toList();
        assertThat(uploads).hasSizeGreaterThan(10);
        for (Traces.Exchange upload : uploads) {
            if (upload.answer().status() == 200) {
                UploadedFile stored = ComfyUiFiles.stored(upload.answer(), Upload.of("asked.png", CONTENT));
                assertThat(stored.filename()).as(upload.toString()).isNotEqualTo("asked.png");
                assertThat(stored.fault()).isEmpty();
            } else {
                assertThat(ComfyUiFailures.read(upload.answer()).category())
                        .as(upload.toString())
                        .isIn(FailureCategory.INVALID_REQUEST, FailureCategory.SERVER, FailureCategory.TOO_LARGE);
            }
        }
    }

    @Test
    void masksAPicture() throws Exception {
        OutputFile original = setup.output("original.png", png(0xff336699));

        UploadedFile masked = setup.connection.uploadMask(Upload.of("masked.png", png(0x00000000)), original);

        BufferedImage picture = ImageIO.read(setup.input(masked.filename()).toFile());
        assertThat(picture.getRGB(0, 0) >>> 24).isZero();
    }

    @Test
    void sendsNoMaskForAPictureThatIsNotThere() {
        assertFails(
                () -> setup.connection.uploadMask(
                        Upload.of("mask.png", CONTENT), new UploadedFile("nobody.png", "", FileDirectory.INPUT)),
                FailureCategory.NOT_FOUND,
                "nobody.png");
        assertThat(setup.requests("/api/upload")).isEmpty();
    }

    @Test
    void endsWhenAnotherThreadClosesTheConnection() throws Exception {
        setup.faults.next(UPLOAD, Fault.silence());
        ComfyUiConnection connection = setup.factory.getConnection();
        CompletableFuture<UploadedFile> upload = new CompletableFuture<>();
        new Thread(() -> {
                    try {
                        upload.complete(connection.uploadImage(Upload.of("cut.bin", CONTENT)));
                    } catch (GenAiException e) {
                        upload.completeExceptionally(e);
                    }
                })
                .start();
        while (setup.faults.pending() > 0) { // until the simulator has it
            Thread.onSpinWait();
        }

        connection.close();

        assertThatThrownBy(() -> upload.get(4, TimeUnit.SECONDS))
                .cause()
                .isInstanceOfSatisfying(
                        GenAiException.class, e -> assertThat(e.category()).isEqualTo(FailureCategory.CANCELLED));
    }

    @Test
    void sendsLargeStreamsInConstantMemory() throws Exception {
        setup.faults.next(Match.path("/api/features"), Fault.status(404));
        setup.faults.next(UPLOAD, Fault.status(200).json("{\"name\": \"big.bin\"}"));
        setup.connection.getFeatures(); // no limit is known from now on
        com.sun.management.ThreadMXBean threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        long allocated = threads.getCurrentThreadAllocatedBytes();

        setup.connection.uploadImage(Upload.of("big.bin", new Zeros(64L << 20)));

        assertThat(threads.getCurrentThreadAllocatedBytes() - allocated).isLessThan(8 << 20);
        setup.connection.getFeatures();
    }

    /** So many bytes out of nothing. */
    private static final class Zeros extends InputStream {
        private long left;

        Zeros(long size) {
            left = size;
        }

        @Override
        public int read() {
            return left-- > 0 ? 0 : -1;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) {
            if (left <= 0) {
                return -1;
            }
            int n = (int) Math.min(left, length);
            left -= n;
            return n;
        }
    }

    private static byte[] png(int color) throws IOException {
        BufferedImage picture = new BufferedImage(8, 8, BufferedImage.TYPE_INT_ARGB);
        for (int i = 0; i < 64; i++) {
            picture.setRGB(i % 8, i / 8, color);
        }
        ByteArrayOutputStream png = new ByteArrayOutputStream();
        ImageIO.write(picture, "png", png);
        return png.toByteArray();
    }
}
