package org.genaiconnector.testkit;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.BindException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import org.junit.jupiter.api.Test;

class ReservedPortTest {
    private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();

    @Test
    void refusesConnectionsUntilAServerListensThere() throws Exception {
        try (ReservedPort port = ReservedPort.any()) {
            assertThatThrownBy(() -> new Socket(LOOPBACK, port.number())).isInstanceOf(ConnectException.class);
            try (ServerSocket server = new ServerSocket(port.number(), 1, LOOPBACK)) {
                new Socket(LOOPBACK, server.getLocalPort()).close();
            }
            assertThatThrownBy(() -> new Socket(LOOPBACK, port.number())).isInstanceOf(ConnectException.class);
        }
    }

    @Test
    void isGivenToNoOtherProcess() throws Exception {
        try (ReservedPort port = ReservedPort.any();
                Socket other = new Socket()) {
            other.setReuseAddress(false);
            assertThatThrownBy(() -> other.bind(new InetSocketAddress(LOOPBACK, port.number())))
                    .isInstanceOf(BindException.class);
        }
    }

    @Test
    void isNotHadWhereAServerListens() throws Exception {
        try (ServerSocket server = new ServerSocket(0, 1, LOOPBACK)) {
            assertThatThrownBy(() -> ReservedPort.of(server.getLocalPort())).isInstanceOf(BindException.class);
        }
    }
}
