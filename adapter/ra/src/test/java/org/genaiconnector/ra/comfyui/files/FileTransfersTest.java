package org.genaiconnector.ra.comfyui.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.genaiconnector.FailureCategory;
import org.genaiconnector.GenAiException;
import org.genaiconnector.comfyui.Download;
import org.genaiconnector.comfyui.DownloadOptions;
import org.genaiconnector.comfyui.OutputFile;
import org.genaiconnector.ra.comfyui.wire.ComfyUiBackend;
import org.genaiconnector.ra.connection.StreamedResult;
import org.genaiconnector.ra.http.CircuitPolicy;
import org.genaiconnector.ra.http.HttpBackend;
import org.genaiconnector.ra.http.HttpConnection;
import org.genaiconnector.ra.http.HttpSettings;
import org.genaiconnector.ra.http.RetryPolicy;
import org.genaiconnector.ra.http.TestBackends;
import org.genaiconnector.ra.http.Transport;
import org.genaiconnector.testkit.Fault;
import org.genaiconnector.testkit.Match;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A download whose rest cannot even be asked for, because of an error within the adapter. */
@Timeout(60)
class FileTransfersTest {
    @RegisterExtension
    private static final FileSetup files = new FileSetup();

    private static HttpSettings settings() {
        return new HttpSettings(
                "ComfyUI",
                files.server.uri(),
                Duration.ofSeconds(5),
                Duration.ofSeconds(5),
                Duration.ofSeconds(30),
                new RetryPolicy(2, Duration.ZERO),
                new CircuitPolicy(0, Duration.ofSeconds(1)),
                Transport.DEFAULT);
    }

    @Test
    void anErrorInAskingForTheRestEndsTheDownloadOnce() throws Exception {
        OutputFile file = files.output("broken.bin", FileSetup.noise(300_000));
        files.faults.next(Match.path("/api/view"), Fault.resetAfter(100_000));
        List<Optional<GenAiException>> ends = new ArrayList<>();
        try (HttpBackend backend = TestBackends.with(settings());
                HttpConnection connection = backend.connect(Map.of(), List.of())) {
            FileTransfers transfers = new ComfyUiFiles(new ComfyUiBackend(backend, "/api"), connection, null);
            Download download = transfers.download(file, DownloadOptions.WHOLE, rest -> {
                throw new IllegalStateException("as the test wants");
            });
            ((StreamedResult) download).whenEnded(ends::add);

            assertThatThrownBy(() -> download.content().readAllBytes())
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage("as the test wants");
            download.close();

            assertThat(ends)
                    .singleElement()
                    .satisfies(end -> assertThat(end.orElseThrow().category()).isEqualTo(FailureCategory.PROTOCOL));
            assertThat(connection.isBroken()).isTrue();
        }
        assertThat(files.requests("/api/view")).hasSize(1);
    }
}
