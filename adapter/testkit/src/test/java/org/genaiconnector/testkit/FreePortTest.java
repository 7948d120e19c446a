package org.genaiconnector.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class FreePortTest {
    @Test
    void reservesPortsThatCanBeListenedOn() throws Exception {
        int port = FreePort.reserve();

        try (ServerSocket server = new ServerSocket(port, 1, InetAddress.getByName("127.0.0.1"))) {
            assertThat(server.getLocalPort()).isEqualTo(port).isBetween(20_000, 29_999);
        }
    }

    @Test
    void neverReservesAPortTwice() {
        List<Integer> ports =
                IntStream.range(0, 500).parallel().map(i -> reserve()).boxed().toList();

        assertThat(ports).doesNotHaveDuplicates();
    }

    @Test
    void seesWhatAnotherProcessHasReserved() throws Exception {
        Process other = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Reserving.class.getName())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try {
            Set<Integer> theirs = new HashSet<>();
            for (String port :
                    other.inputReader(StandardCharsets.UTF_8).readLine().split(" ")) {
                theirs.add(Integer.parseInt(port));
            }
            assertThat(theirs).hasSize(Reserving.COUNT);

            assertThat(IntStream.range(0, Reserving.COUNT).mapToObj(i -> reserve()))
                    .doesNotContainAnyElementsOf(theirs);
        } finally {
            other.destroyForcibly();
        }
    }

    /** Another process with reserved ports, as many as make an overlap almost certain if it were possible. */
    static final class Reserving {
        static final int COUNT = 500;

        private Reserving() {}

        public static void main(String[] arguments) throws IOException {
            StringBuilder ports = new StringBuilder();
            for (int i = 0; i < COUNT; i++) {
                ports.append(FreePort.reserve()).append(' ');
            }
            System.out.println(ports.toString().strip());
            System.in.read(); // until it is destroyed
        }
    }

    private static int reserve() {
        try {
            return FreePort.reserve();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
