package org.genaiconnector.ra.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import jakarta.resource.spi.ManagedConnection;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.genaiconnector.ConnectionStatistics.Requests;
import org.genaiconnector.FailureCategory;
import org.genaiconnector.comfyui.ComfyUiConnection;
import org.genaiconnector.comfyui.Download;
import org.genaiconnector.comfyui.FileDirectory;
import org.genaiconnector.comfyui.OutputFile;
import org.genaiconnector.ra.comfyui.ComfyUiManagedConnectionFactory;
import org.genaiconnector.ra.http.RawServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Downloads are counted when they end, by how they end. The file has ten bytes; the backend sends five of them first. */
@Timeout(60)
class DownloadFiguresTest {
    private static final String TAG = "ETag: \"a\"\r\nAccept-Ranges: bytes\r\n";

    private final RawServer server = RawServer.start(this::serve);
    private final ComfyUiManagedConnectionFactory factory = new ComfyUiManagedConnectionFactory();
    private ManagedConnection managed;

    /** Follows the five bytes in the same answer. */
    private volatile String rest = "";

    private volatile String restLater = "HTTP/1.1 503 No\r\nContent-Length: 0\r\n\r\n";

    /** Answers one request for each connection. */
    private void serve(Socket socket) throws IOException {
        String head = RawServer.head(socket.getInputStream());
        String answer = head.contains("Range: ")
                ? restLater
                : "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n" + TAG + "\r\nhello" + rest;
        socket.getOutputStream().write(answer.getBytes(StandardCharsets.UTF_8));
    }

    @AfterEach
    void close() throws Exception {
        managed.destroy();
        server.close();
    }

    @Test
    void countsWhenItWasReadToItsEnd() throws Exception {
        rest = "world";
        try (Download download = open(1)) {
            assertThat(download.content().readAllBytes()).asString().isEqualTo("helloworld");
            assertThat(figures().total()).as("while it is open").isZero();
        }
        assertCounted(1, Map.of());
        assertThat(figures().streams()).as("of language models").isZero();
    }

    @Test
    void isASuccessIfItsReaderClosesItBeforeItsEnd() throws Exception {
        try (Download download = open(1)) {
            assertThat(download.content().readNBytes(2)).asString().isEqualTo("he");
        }
        assertCounted(1, Map.of());
    }

    @Test
    void isAFailureIfItBreaks() throws Exception {
        try (Download download = open(0)) {
            assertThat(catchThrowable(() -> download.content().readAllBytes())).isInstanceOf(IOException.class);
        }
        assertCounted(0, Map.of(FailureCategory.TRUNCATED, 1L));
    }

    @Test
    void isASuccessIfItIsResumed() throws Exception {
        restLater = "HTTP/1.1 206 Partial\r\nContent-Range: bytes 5-9/10\r\nContent-Length: 5\r\n" + TAG + "\r\nworld";
        try (Download download = open(1)) {
            assertThat(download.content().readAllBytes()).asString().isEqualTo("helloworld");
        }
        assertCounted(2, Map.of());
    }

    @Test
    void isAFailureIfItCannotBeResumed() throws Exception {
        try (Download download = open(1)) {
            assertThat(catchThrowable(() -> download.content().readAllBytes())).isInstanceOf(IOException.class);
        }
        assertCounted(0, Map.of(FailureCategory.UNAVAILABLE, 2L));
    }

    private Download open(int maxRetries) throws Exception {
        factory.setServerUrl(server.uri("http").toString());
        factory.setProbeOnCreate(false);
        factory.setMaxRetries(maxRetries);
        factory.setRetryDelayMillis(1);
        managed = factory.createManagedConnection(null, null);
        return ((ComfyUiConnection) managed.getConnection(null, null))
                .download(new OutputFile("9", "images", "picture.png", "", FileDirectory.OUTPUT));
    }

    private Requests figures() {
        return factory.statistics().requests();
    }

    private void assertCounted(int successful, Map<FailureCategory, Long> failures) {
        assertThat(figures().failuresByCategory()).isEqualTo(failures);
        assertThat(figures().successful()).isEqualTo(successful);
    }
}
