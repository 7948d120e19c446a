package org.genaiconnector.ra.comfyui.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.genaiconnector.ra.comfyui.files.FileSetup.assertFails;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.management.ManagementFactory;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import javax.imageio.ImageIO;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.genaiconnector.FailureCategory;
import org.genaiconnector.GenAiException;
import org.genaiconnector.comfyui.ComfyUiConnection;
import org.genaiconnector.comfyui.ComfyUiConnectionFactory;
import org.genaiconnector.comfyui.Download;
import org.genaiconnector.comfyui.DownloadOptions;
import org.genaiconnector.comfyui.FileDirectory;
import org.genaiconnector.comfyui.OutputFile;
import org.genaiconnector.comfyui.PreviewFormat;
import org.genaiconnector.comfyui.ServerFile;
import org.genaiconnector.comfyui.UploadedFile;
import org.genaiconnector.ra.comfyui.ComfyUiManagedConnectionFactory;
import org.genaiconnector.ra.http.RawServer;
import org.genaiconnector.testkit.End;
import org.genaiconnector.testkit.Fault;
import org.genaiconnector.testkit.Match;
import org.genaiconnector.testkit.comfyui.SeenRequest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Files coming from a server that breaks off, changes them, or names what it should not. */
@Timeout(60)
class FileDownloadTest {
    private static final Match VIEW = Match.path("/api/view");
    private static final byte[] CONTENT = FileSetup.noise(300_000);

    @RegisterExtension
    private static final FileSetup setup = new FileSetup();

    private byte[] read(ServerFile file) throws Exception {
        try (Download download = setup.connection.download(file)) {
            return download.content().readAllBytes();
        }
    }

    private static void assertBreaks(ThrowingCallable reading, FailureCategory category, String words) {
        assertThatThrownBy(reading)
                .isInstanceOf(IOException.class)
                .satisfies(e -> assertThat(e.getCause())
                        .isInstanceOfSatisfying(
                                GenAiException.class,
                                cause -> assertThat(cause.category()).isEqualTo(category)))
                .hasMessageContaining(words);
    }

    @Test
    void goesOnWhereTheServerBrokeOff() throws Exception {
        OutputFile file = setup.output("broken.bin", CONTENT);
        setup.faults.next(VIEW, Fault.resetAfter(100_000)).next(VIEW, Fault.closeAfter(150_000));

        assertThat(read(file)).isEqualTo(CONTENT);

        List<SeenRequest> requests = setup.requests("/api/view");
        assertThat(requests).hasSize(3);
        assertThat(requests.get(0).headers()).doesNotContainKey("range");
        assertThat(offset(requests.get(1))).isBetween(50_000, 100_000);
        assertThat(offset(requests.get(2))).isGreaterThan(offset(requests.get(1)));
        assertThat(setup.connection.getQueue().running()).isEmpty();
    }

    private static int offset(SeenRequest request) {
        return Integer.parseInt(request.headers().get("range").replaceAll("\\D", ""));
    }

    @Test
    void goesOnAsOftenAsItGetsOn() throws Exception {
        byte[] content = FileSetup.noise(1_000_000);
        OutputFile file = setup.output("shaky.bin", content);
        setup.faults.always(VIEW, Fault.resetAfter(200_000));

        assertThat(read(file)).isEqualTo(content);

        assertThat(setup.requests("/api/view")).hasSizeGreaterThan(FileSetup.RETRIES + 1);
    }

    @Test
    void givesUpOnATransferThatDoesNotGetOn() throws Exception {
        OutputFile file = setup.output("stuck.bin", CONTENT);
        setup.faults.always(VIEW, Fault.closeAfter(1_000));

        try (Download download = setup.connection.download(file)) {
            assertBreaks(() -> download.content().readAllBytes(), FailureCategory.TRUNCATED, "broke off");
        }

        assertThat(setup.requests("/api/view")).hasSize(1 + FileSetup.RETRIES);
    }

    @Test
    void doesNotMixAFileWithTheOneThatReplacedIt() throws Exception {
        OutputFile file = setup.output("changing.bin", CONTENT);
        setup.faults.next(VIEW, Fault.resetAfter(100_000));
        try (Download download = setup.connection.download(file)) {
            setup.output("changing.bin", FileSetup.noise(CONTENT.length + 1));

            assertBreaks(
                    () -> download.content().readAllBytes(), FailureCategory.CONFLICT, "another file changing.bin");
        }
        assertThat(setup.requests("/api/view")).hasSize(2);
    }

    @Test
    void tellsThatTheFileIsGoneMeanwhile() throws Exception {
        OutputFile file = setup.output("going.bin", CONTENT);
        setup.faults.next(VIEW, Fault.resetAfter(100_000));
        try (Download download = setup.connection.download(file)) {
            setup.server.deleteOutput("going.bin");

            assertBreaks(() -> download.content().readAllBytes(), FailureCategory.NOT_FOUND, "has no file going.bin");
        }
    }

    @Test
    void acceptsNoOtherPartThanTheOneItAskedFor() throws Exception {
        OutputFile file = setup.output("odd.bin", CONTENT);
        setup.faults
                .next(VIEW, Fault.resetAfter(100_000))
                .next(VIEW, Fault.status(206).body("image/png", "whatever"));
        try (Download download = setup.connection.download(file)) {
            assertBreaks(() -> download.content().readAllBytes(), FailureCategory.CONFLICT, "another file");
        }
    }

    @Test
    void breaksRatherThanEndsWhereNothingCanBeResumed() throws Exception {
        setup.faults.next(
                VIEW, Fault.raw("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nonly the beginning", End.CLOSE));
        try (Download download = setup.connection.download(setup.output("plain.bin", CONTENT))) {
            assertBreaks(() -> download.content().readAllBytes(), FailureCategory.TRUNCATED, "broke off");
        }
        assertThat(setup.requests("/api/view")).isEmpty();
    }

    @Test
    void resumesAfterSilence() throws Exception {
        ComfyUiManagedConnectionFactory managed = new ComfyUiManagedConnectionFactory();
        managed.setServerUrl(setup.server.uri().toString());
        managed.setResponseTimeoutMillis(500);
        ComfyUiConnectionFactory factory = (ComfyUiConnectionFactory) managed.createConnectionFactory();
        OutputFile file = setup.output("silent.txt", "all of the text".getBytes(StandardCharsets.US_ASCII));
        setup.faults.next(VIEW, beginningOf("silent.txt", "all of"));
        try (ComfyUiConnection impatient = factory.getConnection();
                Download download = impatient.download(file)) {
            assertThat(download.content()).hasContent("all of the text");
        }
        assertThat(setup.requests("/api/view").stream()
                        .map(request -> request.headers().get("range")))
                .contains("bytes=6-");
    }

    /** The head that ComfyUI would send for a whole file, a few characters, and then nothing more. */
    private static Fault beginningOf(String filename, String text) throws Exception {
        HttpResponse<String> whole = HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(setup.server.uri().resolve("/api/view?filename=" + filename))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
        return Fault.raw(
                "HTTP/1.1 200 OK\r\nAccept-Ranges: bytes\r\nETag: "
                        + whole.headers().firstValue("ETag").orElseThrow() + "\r\nContent-Length: "
                        + whole.body().length() + "\r\n\r\n" + text,
                End.KEEP);
    }

    @Test
    void checksTheFileAlsoIfNothingOfItHasCome() throws Exception {
        OutputFile file = setup.output("empty-handed.txt", "old".getBytes(StandardCharsets.US_ASCII));
        setup.faults.next(VIEW, beginningOf("empty-handed.txt", ""));
        try (Download download = setup.connection.download(file)) {
            setup.output("empty-handed.txt", "newer".getBytes(StandardCharsets.US_ASCII));
            setup.faults.killConnections();

            assertBreaks(() -> download.content().readAllBytes(), FailureCategory.CONFLICT, "another file");
        }
    }

    @Test
    void previewsPictures() throws Exception {
        OutputFile picture = setup.output("picture.png", png());
        try (Download webp =
                setup.connection.download(picture, DownloadOptions.WHOLE.withPreview(PreviewFormat.webp(80)))) {
            assertThat(webp.content().readNBytes(12))
                    .startsWith('R', 'I', 'F', 'F')
                    .endsWith('W', 'E', 'B', 'P');
            assertThat(webp.mediaType()).isEqualTo("image/webp");
            assertThat(webp.filename()).isEqualTo("picture.webp");
        }
        try (Download jpeg =
                setup.connection.download(picture, DownloadOptions.WHOLE.withPreview(PreviewFormat.jpeg(50)))) {
            assertThat(ImageIO.read(jpeg.content()).getWidth()).isEqualTo(64);
            assertThat(jpeg.mediaType()).isEqualTo("image/jpeg");
            assertThat(jpeg.filename()).isEqualTo("picture.jpg");
        }
    }

    @Test
    void doesNotResumePreviews() throws Exception {
        OutputFile picture = setup.output("picture.png", png());
        setup.faults.next(VIEW, Fault.contentLength(10, End.CLOSE));
        try (Download preview =
                setup.connection.download(picture, DownloadOptions.WHOLE.withPreview(PreviewFormat.webp(80)))) {
            assertBreaks(() -> preview.content().readAllBytes(), FailureCategory.TRUNCATED, "broke off");
        }
        assertThat(setup.requests("/api/view")).hasSize(1);
    }

    @Test
    void asksForNoPreviewOfWhatIsNoPicture() {
        OutputFile video = new OutputFile("9", "images", "film.mp4", "", FileDirectory.OUTPUT);
        assertFails(
                () -> setup.connection.download(video, DownloadOptions.WHOLE.withPreview(PreviewFormat.webp(80))),
                FailureCategory.INVALID_REQUEST,
                "film.mp4",
                "video/mp4");
        assertThat(setup.requests("/")).isEmpty();
    }

    @Test
    void refusesAFileThatIsLargerThanWanted() throws Exception {
        OutputFile file = setup.output("large.bin", CONTENT);
        assertFails(
                () -> setup.connection.download(file, DownloadOptions.WHOLE.withMaxBytes(299_999)),
                FailureCategory.TOO_LARGE,
                "large.bin",
                "300000",
                "299999");
        try (Download download = setup.connection.download(file, DownloadOptions.WHOLE.withMaxBytes(300_000))) {
            assertThat(download.content().readAllBytes()).isEqualTo(CONTENT);
        }
    }

    @Test
    void stopsReadingWhatTurnsOutLargerThanWanted() throws Exception {
        setup.faults.next(
                VIEW,
                Fault.raw(
                        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n5\r\nworld\r\n0\r\n\r\n",
                        End.KEEP));
        try (Download download =
                setup.connection.download(setup.output("x.bin", CONTENT), DownloadOptions.WHOLE.withMaxBytes(9))) {
            assertThat(download.length()).isEmpty();
            assertThatThrownBy(() -> download.content().readAllBytes())
                    .cause()
                    .isInstanceOfSatisfying(
                            GenAiException.class, e -> assertThat(e.category()).isEqualTo(FailureCategory.TOO_LARGE));
        }
        assertThat(setup.connection.getQueue().running()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "../x.png, '', plain file name",
        "it/x.png, '', plain file name",
        "it\\x.png, '', plain file name",
        "'', '', empty",
        ".., '', is a folder",
        "'a\nb', '', control character",
        "x.png, ../.., folder below the output directory",
        "x.png, it/../../y, folder below",
        "x.png, it\\..\\y, folder below",
        "x.png, /etc, absolute",
        "x.png, C:\\Users, absolute",
        "x.png, 'a\tb', control character",
    })
    void asksForNothingOutsideTheServersDirectories(String filename, String subfolder, String words) {
        OutputFile file = new OutputFile("9", "images", filename, subfolder, FileDirectory.OUTPUT);
        assertFails(() -> setup.connection.download(file), FailureCategory.INVALID_REQUEST, words);
        assertFails(() -> setup.connection.sizeOf(file), FailureCategory.INVALID_REQUEST, words);
        assertThat(setup.requests("/")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "a.png, text/html",
        "a.png, Text/HTML; charset=utf-8",
        "a.glb, text/html",
        "a, application/xhtml+xml",
        "a.mp4, application/json",
        "a.flac, text/plain",
        "html.png, text/html"
    })
    void takesNoPageForAFile(String filename, String type) throws Exception {
        OutputFile file = new OutputFile("9", "images", filename, "", FileDirectory.OUTPUT);
        setup.faults.next(VIEW, Fault.status(200).body(type, "<html>Sign on</html>"));
        assertFails(() -> setup.connection.download(file), FailureCategory.PROTOCOL, filename, "sign-on");
        setup.faults.next(VIEW, Fault.status(200).body(type, "<html>Sign on</html>"));
        assertFails(() -> setup.connection.sizeOf(file), FailureCategory.PROTOCOL, filename, "sign-on");
    }

    @ParameterizedTest
    @CsvSource({"a.html, text/html", "a.txt, text/plain", "a.json, application/json", "a.png, application/octet-stream"
    })
    void acceptsTypesThatFitTheFile(String filename, String type) throws Exception {
        setup.faults.next(VIEW, Fault.status(200).body(type, "content"));

        assertThat(read(new OutputFile("9", "files", filename, "", FileDirectory.OUTPUT)))
                .isEqualTo("content".getBytes(StandardCharsets.US_ASCII));
    }

    @Test
    void followsRedirectsToStorage() throws Exception {
        byte[] stored = FileSetup.noise(1_000);
        try (RawServer storage =
                storage("HTTP/1.1 200 OK\r\nContent-Type: image/png\r\nContent-Length: 1000\r\n\r\n", stored)) {
            OutputFile file = new OutputFile("9", "images", "a.png", "", FileDirectory.OUTPUT);
            Fault away = Fault.status(302).header("Location", storage.uri("http") + "/a.png?sig=1");
            setup.faults.next(VIEW, away).next(VIEW, away).next(VIEW, away);

            assertThat(read(file)).isEqualTo(stored);
            assertThat(setup.connection.sizeOf(file)).hasValue(1_000);
            assertFails(
                    () -> setup.connection.download(file, DownloadOptions.WHOLE.withMaxBytes(999)),
                    FailureCategory.TOO_LARGE,
                    "999");
        }
    }

    @Test
    void asksAgainForAFileThatBreaksOffInStorage() throws Exception {
        byte[] stored = FileSetup.noise(1_000);
        String head = "HTTP/1.1 200 OK\r\nETag: \"1\"\r\nAccept-Ranges: bytes\r\nContent-Length: 1000\r\n\r\n";
        String rest =
                "HTTP/1.1 206 X\r\nETag: \"1\"\r\nContent-Range: bytes 400-999/1000\r\nContent-Length: 600\r\n\r\n";
        try (RawServer broken = storage(head, Arrays.copyOf(stored, 400));
                RawServer storage = storage(rest, Arrays.copyOfRange(stored, 400, 1_000))) {
            setup.faults
                    .next(VIEW, Fault.status(302).header("Location", broken.uri("http") + "/"))
                    .next(VIEW, Fault.status(302).header("Location", storage.uri("http") + "/"));

            assertThat(read(new OutputFile("9", "images", "a.png", "", FileDirectory.OUTPUT)))
                    .isEqualTo(stored);
        }
    }

    /** Answers one request of each connection. */
    private static RawServer storage(String head, byte[] content) {
        return RawServer.start(socket -> {
            boolean get = RawServer.head(socket.getInputStream()).startsWith("GET");
            socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
            socket.getOutputStream().write(get ? content : new byte[0]);
        });
    }

    @Test
    void saysWhereALoginPageIs() throws Exception {
        try (RawServer login = storage(
                "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 5\r\n\r\n",
                "hello".getBytes(StandardCharsets.US_ASCII))) {
            setup.faults.next(VIEW, Fault.status(302).header("Location", login.uri("http") + "/login?ticket=1"));

            assertFails(
                    () -> setup.connection.download(new OutputFile("9", "images", "a.png", "", FileDirectory.OUTPUT)),
                    FailureCategory.PROTOCOL,
                    "redirects, at " + login.uri("http"),
                    "want a sign-on");
        }
    }

    @Test
    void findsFilesInFoldersThatLeadNowhere() throws Exception {
        Files.createDirectories(setup.server.outputDirectory().resolve("sub"));
        setup.output("sub/here.bin", CONTENT);

        assertThat(read(new OutputFile("9", "images", "here.bin", "./sub", FileDirectory.OUTPUT)))
                .isEqualTo(CONTENT);
    }

    @Test
    void tellsSizeAndAbsence() throws Exception {
        OutputFile file = setup.output("sized.bin", CONTENT);
        assertThat(setup.connection.sizeOf(file)).hasValue(300_000);
        assertThat(setup.connection.sizeOf(new UploadedFile("sized.bin", "", FileDirectory.TEMP)))
                .isEmpty();
        assertThat(setup.requests("/api/view"))
                .allMatch(request -> request.method().equals("HEAD"));
    }

    @Test
    void readsNamesOfAllLanguages() throws Exception {
        assertThat(read(setup.output("猫 ü \"q\" {x}.png", CONTENT))).isEqualTo(CONTENT);
    }

    @Test
    void waitsForAServerThatIsSlow() throws Exception {
        OutputFile file = setup.output("slow.bin", FileSetup.noise(20_000));
        setup.faults.next(VIEW, Fault.drip(4_000, Duration.ofMillis(50)));

        assertThat(read(file)).isEqualTo(FileSetup.noise(20_000));

        assertThat(setup.requests("/api/view")).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource({"400, INVALID_REQUEST", "403, PERMISSION", "404, NOT_FOUND", "500, SERVER"})
    void tellsHowTheServerRefused(int status, FailureCategory category) throws Exception {
        setup.faults.next(FileSetup.RETRIES + 1, VIEW, Fault.status(status));
        OutputFile file = setup.output("refused.bin", CONTENT);

        assertFails(() -> setup.connection.download(file), category);

        setup.faults.clear();
        assertThat(read(file)).isEqualTo(CONTENT);
    }

    @Test
    void readsHundredsOfMegabytesInConstantMemory() throws Exception {
        Path large = setup.server.outputDirectory().resolve("huge.bin");
        long size = 256L << 20;
        try (RandomAccessFile sparse = new RandomAccessFile(large.toFile(), "rw")) {
            sparse.setLength(size);
        }
        com.sun.management.ThreadMXBean threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        long allocated = threads.getCurrentThreadAllocatedBytes();
        try (Download download =
                setup.connection.download(new OutputFile("9", "images", "huge.bin", "", FileDirectory.OUTPUT))) {
            byte[] buffer = new byte[64 * 1024];
            long read = 0;
            for (int n = download.content().read(buffer);
                    n >= 0;
                    n = download.content().read(buffer)) {
                read += n;
            }
            assertThat(read).isEqualTo(size);
        }
        assertThat(threads.getCurrentThreadAllocatedBytes() - allocated).isLessThan(16 << 20);
    }

    @Test
    void endsAReadThatAnotherThreadDoesNotWantAnyMore() throws Exception {
        OutputFile file = setup.output("slow.bin", CONTENT);
        setup.faults.next(VIEW, Fault.contentLength(10, End.KEEP));
        Download download = setup.connection.download(file);
        CountDownLatch reading = new CountDownLatch(1);
        CompletableFuture<Throwable> ended = new CompletableFuture<>();
        Thread reader = new Thread(() -> {
            try {
                download.content().readNBytes(CONTENT.length);
                reading.countDown();
                ended.complete(new AssertionError("read " + download.content().read()));
            } catch (IOException e) {
                ended.complete(e);
            }
        });
        reader.start();
        reading.await();

        download.close();

        assertThat(ended.get(4, TimeUnit.SECONDS))
                .isInstanceOf(IOException.class)
                .cause()
                .isInstanceOfSatisfying(
                        GenAiException.class, e -> assertThat(e.category()).isEqualTo(FailureCategory.CANCELLED));
        assertThat(setup.connection.getQueue().running()).isEmpty();
        assertThat(setup.requests("/api/view")).hasSize(1);
    }

    @Test
    void resumesNothingOnceItsHandleIsClosed() throws Exception {
        OutputFile file = setup.output("late.bin", CONTENT);
        setup.faults.next(VIEW, Fault.resetAfter(100_000));
        Download download = setup.connection.download(file);
        setup.connection.close();

        assertThatThrownBy(() -> download.content().readAllBytes()).isInstanceOf(IOException.class);

        assertThat(setup.requests("/api/view")).hasSize(1);
    }

    @Test
    void savesUnderTheNameOfTheFile(@TempDir Path directory) throws Exception {
        Files.writeString(directory.resolve("kept.bin"), "old");
        setup.faults.next(VIEW, Fault.resetAfter(100_000));
        try (Download download = setup.connection.download(setup.output("kept.bin", CONTENT))) {
            assertThat(download.saveTo(directory)).isEqualTo(directory.resolve("kept.bin"));
        }
        assertThat(directory.resolve("kept.bin")).hasBinaryContent(CONTENT);
        assertThat(directory).isDirectoryNotContaining("glob:**.part");
    }

    @Test
    void leavesNothingBehindOfAFileThatBreaksOff(@TempDir Path directory) throws Exception {
        setup.faults.always(VIEW, Fault.closeAfter(1_000));
        try (Download download = setup.connection.download(setup.output("half.bin", CONTENT))) {
            assertThatThrownBy(() -> download.saveTo(directory)).isInstanceOf(IOException.class);
        }
        assertThat(directory).isEmptyDirectory();
    }

    private static byte[] png() throws IOException {
        ByteArrayOutputStream png = new ByteArrayOutputStream();
        ImageIO.write(new BufferedImage(64, 48, BufferedImage.TYPE_INT_RGB), "png", png);
        return png.toByteArray();
    }
}
