package org.genaiconnector.storyboard.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import org.genaiconnector.testkit.FreePort;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SimulatorsTest {

    @TempDir
    private Path work;

    private URI start() {
        return new Simulators().apply("COMFYUI", work);
    }

    @Test
    void keepsTheAddressToWhichTheJobsOfAJobStoreBelong() throws Exception {
        int before = FreePort.reserve();
        Files.writeString(work.resolve("comfyui.port"), Integer.toString(before));

        assertThat(start().getPort()).isEqualTo(before);
    }

    @Test
    void takesAnotherAddressIfThatIsInUseAndKeepsIt() throws Exception {
        try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Files.writeString(work.resolve("comfyui.port"), Integer.toString(other.getLocalPort()));

            int port = start().getPort();

            assertThat(port).isNotEqualTo(other.getLocalPort());
            assertThat(work.resolve("comfyui.port")).hasContent(Integer.toString(port));
        }
    }
}
