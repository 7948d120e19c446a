package org.genaiconnector.ra.comfyui.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.genaiconnector.ra.comfyui.Eventually;
import org.genaiconnector.ra.comfyui.wire.EventClient;
import org.genaiconnector.ra.comfyui.wire.HeartbeatSocket;
import org.genaiconnector.ra.http.Transport;
import org.genaiconnector.ra.messages.OperatorMessage;
import org.genaiconnector.ra.messages.Produces;
import org.junit.jupiter.api.Test;

/** A WebSocket server that says what no server should. */
class HostileWebSocketTest {
    private static final String GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

    /** What a server does after the handshake. */
    @FunctionalInterface
    private interface Talk {
        void to(OutputStream out) throws IOException;
    }

    private static final class Recorder implements EventClient.Listener {
        private final List<String> heard = new CopyOnWriteArrayList<>();

        @Override
        public void opened() {
            heard.add("opened");
        }

        @Override
        public void text(String message) {
            heard.add(message);
        }

        @Override
        public void binary(ByteBuffer frame) {
            heard.add(frame.remaining() + " bytes");
        }
    }

    private final Recorder recorder = new Recorder();

    /** Connects to such a server and returns the client when the connection has ended. */
    private EventClient talk(Talk talk) throws Exception {
        try (ServerSocket listening = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            AtomicReference<Throwable> failure = new AtomicReference<>();
            Thread server = new Thread(() -> {
                try (Socket socket = listening.accept()) {
                    shakeHands(socket);
                    talk.to(socket.getOutputStream());
                    socket.shutdownOutput();
                    while (socket.getInputStream().read() >= 0) {
                        // until the client has closed it as well
                    }
                } catch (IOException e) {
                    // it has closed before
                } catch (Exception e) {
                    failure.set(e);
                }
            });
            server.start();
            URI address = URI.create("ws://127.0.0.1:" + listening.getLocalPort() + "/ws?clientId=x");
            EventClient client = new EventClient(address, Map.of(), recorder);
            try (Socket socket = new Socket("127.0.0.1", listening.getLocalPort())) {
                socket.setSoTimeout(10_000);
                client.run(new HeartbeatSocket(socket, client::ping), Duration.ofSeconds(10));
            } catch (IOException e) {
                client.failed(e);
            }
            server.join();
            assertThat(failure.get()).isNull();
            return client;
        }
    }

    private static void shakeHands(Socket socket) throws Exception {
        InputStream in = socket.getInputStream();
        StringBuilder head = new StringBuilder();
        while (!head.toString().endsWith("\r\n\r\n")) {
            head.append((char) in.read());
        }
        String key = head.toString()
                .lines()
                .filter(line -> line.toLowerCase(java.util.Locale.ROOT).startsWith("sec-websocket-key:"))
                .map(line -> line.substring(line.indexOf(':') + 1).strip())
                .findFirst()
                .orElseThrow();
        byte[] digest = MessageDigest.getInstance("SHA-1").digest((key + GUID).getBytes(StandardCharsets.US_ASCII));
        socket.getOutputStream()
                .write(("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                                + "Sec-WebSocket-Accept: " + Base64.getEncoder().encodeToString(digest) + "\r\n\r\n")
                        .getBytes(StandardCharsets.US_ASCII));
    }

    private static byte[] frame(int first, byte[] payload) {
        ByteBuffer frame = ByteBuffer.allocate(10 + payload.length);
        return frame.put((byte) first)
                .put((byte) 127)
                .putLong(payload.length)
                .put(payload)
                .array();
    }

    @Test
    void joinsFragmentsToOneMessage() throws Exception {
        talk(out -> {
            out.write(frame(0x01, "one ".getBytes(StandardCharsets.UTF_8)));
            out.write(frame(0x00, "message".getBytes(StandardCharsets.UTF_8)));
            out.write(frame(0x80, "!".getBytes(StandardCharsets.UTF_8)));
        });
        assertThat(recorder.heard).containsExactly("opened", "one message!");
    }

    @Test
    void endsAMessageOfEndlessFragments() throws Exception {
        byte[] piece = new byte[64 * 1024];
        long[] written = new long[1];
        EventClient client = talk(out -> {
            out.write(frame(0x02, piece));
            while (written[0] < 4L * EventClient.MAX_MESSAGE) {
                out.write(frame(0x00, piece));
                written[0] += piece.length;
            }
        });
        assertThat(recorder.heard).containsExactly("opened");
        assertThat(client.failure()).contains("more than " + EventClient.MAX_MESSAGE + " bytes");
        assertThat(written[0]).isLessThan(2L * EventClient.MAX_MESSAGE + (16 << 20));
    }

    @Test
    void endsAFrameThatAnnouncesTooMuch() throws Exception {
        EventClient client = talk(out -> {
            out.write(ByteBuffer.allocate(10)
                    .put((byte) 0x82)
                    .put((byte) 127)
                    .putLong(Integer.MAX_VALUE - 10L)
                    .array());
            out.write(new byte[100]);
        });
        assertThat(client.failure()).isNotEqualTo("connection closed");
        assertThat(recorder.heard).containsExactly("opened");
    }

    @Test
    void endsWhatIsNoFrameAndSaysWhy() throws Exception {
        EventClient client = talk(out -> out.write(frame(0x83, new byte[] {1, 2})));
        assertThat(client.wasOpened()).isTrue();
        assertThat(client.failure()).isNotEqualTo("connection closed");
    }

    @Test
    @Produces(OperatorMessage.NO_EVENTS)
    void isTriedEverMoreSeldomAndMentionedOnce() throws Exception {
        AtomicInteger connections = new AtomicInteger();
        List<LogRecord> records = new CopyOnWriteArrayList<>();
        Handler log = new Handler() {
            @Override
            public void publish(LogRecord entry) {
                records.add(entry);
            }

            @Override
            public void flush() {}

            @Override
            public void close() {}
        };
        Logger logger = Logger.getLogger("org");
        logger.addHandler(log);
        try (ServerSocket listening = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Thread server = new Thread(() -> {
                while (!listening.isClosed()) {
                    try (Socket socket = listening.accept()) {
                        connections.incrementAndGet();
                        shakeHands(socket);
                        socket.getOutputStream().write(frame(0x83, new byte[] {1, 2}));
                        while (socket.getInputStream().read() >= 0) {
                            // until the client has closed it
                        }
                    } catch (Exception e) {
                        // it is over
                    }
                }
            });
            server.start();
            URI address = URI.create("ws://127.0.0.1:" + listening.getLocalPort() + "/ws");
            EventSocket socket = new EventSocket(
                    "the server",
                    () -> new BackendAccess.Key(address, Map.of(), List.of(), List.of()),
                    Transport.DEFAULT,
                    null, // it receives nothing
                    Duration.ofSeconds(10));
            Thread work = new Thread(socket);
            work.start();
            Eventually.holds("it is tried a third time", () -> connections.get() >= 3);
            work.join(3_000);
            socket.close();
            work.join();
            assertThat(connections.get()).as("after 1 s, 2 s, 4 s, 8 s").isLessThanOrEqualTo(4);
            assertThat(records).singleElement().satisfies(entry -> {
                assertThat(entry.getMessage()).contains("GENAI-1301");
                assertThat(entry.getThrown()).isNull();
            });
        } finally {
            logger.removeHandler(log);
        }
    }

    @Test
    void answersPingsOnItsOwnThread() throws Exception {
        long before = threads();
        talk(out -> out.write(frame(0x89, new byte[] {1, 2, 3})));
        assertThat(threads()).isEqualTo(before);
        assertThat(recorder.heard).containsExactly("opened");
    }

    private static long threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("WebSocket"))
                .count();
    }
}
