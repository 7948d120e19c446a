package org.genaiconnector.storyboard.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The listening sockets of the simulators' command, and a test that the check itself works. */
class ListeningIT {

    private static final List<ProcessHandle> THIS = List.of(ProcessHandle.current());

    @Test
    void theSimulatorsListenOnTheLoopbackAddressOnly() throws Exception {
        Process simulators = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        "org.genaiconnector.testkit.Main",
                        "0",
                        "0")
                .redirectErrorStream(true)
                .start();
        try (BufferedReader output = simulators.inputReader(StandardCharsets.UTF_8)) {
            String line = output.readLine();
            while (!line.startsWith("Ctrl-C")) {
                line = output.readLine();
            }

            assertThat(ListeningSockets.touch(List.of(simulators.toHandle()))
                            .assertOnLoopbackOnly(Duration.ofSeconds(1)))
                    .isEqualTo(2);
        } finally {
            simulators.destroy();
            simulators.waitFor();
        }
    }

    @Test
    void theCheckFindsASocketOnAllAddresses() throws Exception {
        try (ServerSocket open = new ServerSocket(0)) {
            assertThatThrownBy(() -> ListeningSockets.touch(THIS).assertOnLoopbackOnly(Duration.ZERO))
                    .isInstanceOf(AssertionError.class)
                    .hasMessageContaining(":" + open.getLocalPort());
        }
    }

    @Test
    void theCheckAcceptsASocketOnTheLoopbackAddress() throws Exception {
        try (ServerSocket closed = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            assertThat(closed.isBound()).isTrue();
            assertThat(ListeningSockets.touch(THIS).assertOnLoopbackOnly(Duration.ZERO))
                    .isPositive();
        }
    }
}
