package org.genaiconnector.testkit.comfyui;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LifeCycleTest {

    @Test
    void leavesNoThreadBehindEvenIfClosedAtWork() throws IOException, InterruptedException {
        Set<Thread> before = Thread.getAllStackTraces().keySet();
        try (ComfyUiSimulator server = ComfyUiSimulator.builder().labNodes().start()) {
            TestClient client = new TestClient(server);
            client.socket("a").awaitText("sid");
            String id = client.submit(Graphs.endless(), "a");
            client.await("/api/jobs/" + id, job -> job.path("status").asText().equals("in_progress"));
        }
        for (Thread thread : Thread.getAllStackTraces().keySet()) {
            // The HTTP client's own threads are not the simulator's to end
            if (!before.contains(thread) && !thread.getName().startsWith("HttpClient")) {
                assertThat(List.of("Java2D Disposer", "process reaper", "Common-Cleaner"))
                        .contains(thread.getName());
            }
        }
    }

    @Test
    void removesItsOwnDirectoryAtTheEnd() throws IOException {
        Path output;
        try (ComfyUiSimulator server = ComfyUiSimulator.start()) {
            output = server.outputDirectory();
            new TestClient(server).awaitEnd(new TestClient(server).submit(Graphs.plain(1)));
            assertThat(output.resolve("it/plain_00001_.png")).exists();
        }
        assertThat(output.getParent()).doesNotExist();
    }

    @Test
    void keepsAGivenDirectoryButEmptiesTempAtTheStart(@TempDir Path directory) throws IOException {
        Files.createDirectories(directory.resolve("temp"));
        Files.writeString(directory.resolve("temp/old.txt"), "old");
        try (ComfyUiSimulator server =
                ComfyUiSimulator.builder().directory(directory).start()) {
            TestClient client = new TestClient(server);
            client.awaitEnd(client.submit(Graphs.plain(1)));
        }
        assertThat(directory.resolve("output/it/plain_00001_.png")).exists();
        assertThat(directory.resolve("temp")).isEmptyDirectory();
    }

    @Test
    void breaksSocketsAndRefusesConnectionsWhenKilled() {
        try (ComfyUiSimulator server = ComfyUiSimulator.start()) {
            TestClient client = new TestClient(server);
            TestSocket socket = client.socket("a");
            socket.awaitText("sid");
            server.kill();
            assertThat(socket.awaitClose()).isEqualTo(TestSocket.BROKEN);
            assertThatThrownBy(() -> client.get("/queue")).isInstanceOf(ConnectException.class);
        }
    }

    @Test
    void startsEmptyOnTheSamePortAfterARestart() throws IOException {
        try (ComfyUiSimulator server = ComfyUiSimulator.start()) {
            TestClient client = new TestClient(server);
            client.awaitEnd(client.submit(Graphs.TEXT));
            server.restart();
            assertThat(client.json("/history")).isEmpty();
            String again = client.submit(Graphs.TEXT);
            assertThat(client.awaitEnd(again).at("/prompt/0").intValue()).isZero();
            assertThat(client.awaitEnd(again).at("/status/messages/1/1/nodes")).isEmpty();
        }
    }

    @Test
    void saysSoIfThePortIsTaken() {
        try (ComfyUiSimulator server = ComfyUiSimulator.start()) {
            ComfyUiSimulator.Builder same =
                    ComfyUiSimulator.builder().port(server.uri().getPort());
            assertThatThrownBy(same::start).isInstanceOf(UncheckedIOException.class);
        }
    }

    @Test
    void recordsRequestsAndConnections() throws IOException {
        try (ComfyUiSimulator server = ComfyUiSimulator.start()) {
            TestClient client = new TestClient(server);
            client.send("POST", "/api/queue?x=1", "{\"clear\": true}", "X-Test", "yes");
            client.get("/api/queue");
            TestSocket socket = new TestClient(server).socket("a");
            socket.awaitText("sid");
            assertThat(server.openSockets()).containsExactly("a");
            socket.close();

            assertThat(server.requests())
                    .extracting(SeenRequest::toString)
                    .containsExactly("POST /api/queue?x=1", "GET /api/queue", "GET /ws?clientId=a");
            assertThat(server.requests().get(0).text()).isEqualTo("{\"clear\": true}");
            assertThat(server.requests().get(0).headers()).containsEntry("x-test", "yes");
            assertThat(server.connectionsOpened()).isEqualTo(2);
        }
    }

    @Test
    void letsAHandlerStandInFrontOfEverything() throws IOException {
        try (ComfyUiSimulator server =
                ComfyUiSimulator.builder().wrap(Teapot::new).start()) {
            assertThat(new TestClient(server).get("/queue").statusCode()).isEqualTo(418);
            assertThat(server.requests()).isEmpty();
        }
    }

    /** Answers everything itself. */
    private static final class Teapot extends Handler.Wrapper {
        Teapot(Handler handler) {
            super(handler);
        }

        @Override
        public boolean handle(Request request, Response response, Callback callback) {
            Response.writeError(request, response, callback, 418);
            return true;
        }
    }
}
