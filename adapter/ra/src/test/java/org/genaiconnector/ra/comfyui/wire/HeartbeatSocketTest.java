package org.genaiconnector.ra.comfyui.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class HeartbeatSocketTest {
    private static final Duration SILENCE = Duration.ofMillis(50);

    @Test
    void givesUpAPeerThatIsSilentAlsoWhenItIsAsked() throws Exception {
        AtomicInteger pings = new AtomicInteger();
        try (ServerSocket listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                Socket plain = new Socket(listener.getInetAddress(), listener.getLocalPort());
                HeartbeatSocket socket = new HeartbeatSocket(plain, pings::incrementAndGet)) {
            socket.watch(SILENCE);

            assertThatThrownBy(() -> socket.getInputStream().read(new byte[8], 0, 8))
                    .isInstanceOf(IOException.class)
                    .hasMessage("no sign of life");
            assertThat(pings).hasValue(1);
        }
    }

    @Test
    void readsOnFromAPeerThatAnswers() throws Exception {
        try (ServerSocket listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                Socket plain = new Socket(listener.getInetAddress(), listener.getLocalPort());
                Socket peer = listener.accept();
                HeartbeatSocket socket = new HeartbeatSocket(plain, () -> answer(peer))) {
            socket.watch(SILENCE);

            var in = socket.getInputStream();
            for (int i = 0; i < 3; i++) {
                assertThat(in.read(new byte[8], 0, 8)).isEqualTo(1);
            }
        }
    }

    private static void answer(Socket peer) {
        try {
            peer.getOutputStream().write('!');
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void endsAtTheFirstSilenceUntilItWatches() throws Exception {
        AtomicInteger pings = new AtomicInteger();
        try (ServerSocket listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                Socket plain = new Socket(listener.getInetAddress(), listener.getLocalPort());
                HeartbeatSocket socket = new HeartbeatSocket(plain, pings::incrementAndGet)) {
            plain.setSoTimeout(50);

            assertThatThrownBy(() -> socket.getInputStream().read(new byte[8], 0, 8))
                    .isInstanceOf(SocketTimeoutException.class);
            assertThat(pings).hasValue(0);
        }
    }
}
