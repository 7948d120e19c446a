package org.genaiconnector.testkit.comfyui;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class MisbehaviourTest extends LabServer {
    @Test
    void reportsSuccessBeforeTheHistoryKnows() throws IOException {
        server.delayHistory(Duration.ofHours(1));
        TestSocket socket = client.socket("a");
        socket.awaitText("sid");
        String id = client.submit(Graphs.TEXT, "a");
        socket.awaitText("execution_success");

        assertThat(client.json("/history/" + id)).isEmpty();
        assertThat(client.json("/queue").get("queue_running")).hasSize(1);
        assertThat(socket.messages()).noneMatch(m -> m.toString().contains("\"node\": null"));
    }

    @Test
    void answersAPromptAfterItsEvents() throws IOException {
        server.answerPromptsLate();
        TestSocket socket = client.socket("a");
        socket.awaitText("sid");
        String id = client.submit(Graphs.TEXT, "a");
        assertThat(client.json("/history/" + id)).hasSize(1);

        server.answerPromptsPromptly();
        String running = client.submit(Graphs.endless(), "a");
        assertThat(client.json("/history/" + running)).isEmpty();
    }

    @Test
    void holdsEventsBackWhileJobsGoOn() throws IOException {
        server.stallEvents();
        TestSocket socket = client.socket("a");
        socket.awaitText("sid");
        client.awaitEnd(client.submit(Graphs.TEXT, "a"));
        assertThat(socket.messages()).hasSize(1);

        server.resumeEvents();
        socket.awaitText("\"node\": null");
    }

    @Test
    void leavesOpenSocketsHalfOpenAndServesNewOnes() throws IOException {
        TestSocket old = client.socket("a");
        old.awaitText("sid");
        old.ping();
        old.awaitText("pong");
        server.silenceSockets();
        int before = old.messages().size();
        old.ping();
        TestSocket fresh = client.socket("b");
        fresh.awaitText("sid");
        client.awaitEnd(client.submit(Graphs.TEXT, "b"));
        fresh.awaitText("\"node\": null");

        assertThat(old.messages()).hasSize(before);
        assertThat(server.openSockets()).containsExactlyInAnyOrder("a", "b");
    }

    @Test
    void runsNoJobWithoutAWorkerUntilARestart() throws IOException {
        server.killWorker();
        TestSocket socket = client.socket("a");
        socket.awaitText("sid");
        String stuck = client.submit(Graphs.TEXT, "a");
        socket.awaitText("execution_start");
        String waiting = client.submit(Graphs.TEXT);

        assertThat(client.post("/api/jobs/" + stuck + "/cancel", "")
                        .get("cancelled")
                        .booleanValue())
                .isTrue();
        assertThat(client.json("/api/jobs/" + stuck).get("status").textValue()).isEqualTo("in_progress");
        assertThat(client.json("/api/jobs/" + waiting).get("status").textValue())
                .isEqualTo("pending");

        server.restart();
        client.awaitEnd(client.submit(Graphs.TEXT));
    }

    @Test
    void forgetsPendingRunningAndFinishedJobs() throws IOException {
        String finished = client.submit(Graphs.TEXT);
        client.awaitEnd(finished);
        String running = client.submit(Graphs.endless());
        client.await("/queue", queue -> queue.get("queue_running").size() == 1);
        String pending = client.submit(Graphs.TEXT);
        for (String id : new String[] {finished, running, pending}) {
            server.forget(id);
            assertThat(client.get("/api/jobs/" + id).statusCode()).isEqualTo(404);
        }
        assertThat(client.json("/history")).isEmpty();
        assertThat(client.json("/queue").toString()).isEqualTo("{\"queue_running\":[],\"queue_pending\":[]}");
    }

    @Test
    void losesASavedFile() throws IOException {
        String id = client.submit(Graphs.plain(3));
        client.awaitEnd(id);
        server.deleteOutput("it/plain_00001_.png");
        assertThat(client.get("/view?filename=plain_00001_.png&subfolder=it").statusCode())
                .isEqualTo(404);
        assertThatThrownBy(() -> server.deleteOutput("it/plain_00001_.png")).isInstanceOf(UncheckedIOException.class);
        assertThatThrownBy(() -> server.deleteOutput("../input")).isInstanceOf(UncheckedIOException.class);
    }

    @Test
    void sendsForeignAndUnknownMessagesToAllClients() {
        TestSocket one = client.socket("a");
        TestSocket two = client.socket("b");
        one.awaitText("sid");
        two.awaitText("sid");
        server.broadcastForeignProgress();
        server.broadcast("crystools.monitor", "{\"cpu\": 0.5}");
        server.broadcastFrame(99, new byte[] {1, 2});
        for (TestSocket socket : new TestSocket[] {one, two}) {
            socket.awaitText("{\"type\": \"progress\"");
            socket.awaitText("{\"type\": \"crystools.monitor\", \"data\": {\"cpu\": 0.5}}");
            assertThat(socket.await(all -> all.get(all.size() - 1) instanceof byte[]))
                    .isTrue();
            assertThat((byte[]) socket.messages().get(3)).containsExactly(0, 0, 0, 99, 1, 2);
        }
    }

    @Test
    void fallsOverAClientIdThatIsNoText() {
        String prompt = "{\"client_id\": [1], \"prompt\": " + Graphs.TEXT + "}";
        assertThatThrownBy(() -> {
                    while (true) {
                        client.send("POST", "/prompt", prompt);
                    }
                })
                .isInstanceOf(IOException.class);
        assertThatThrownBy(() -> {
                    while (true) {
                        client.get("/queue");
                    }
                })
                .isInstanceOf(ConnectException.class);
    }

    @Test
    void stallsAllClientsIfOneDoesNotRead() throws IOException {
        TestSocket reader = client.socket("reader");
        reader.awaitText("sid");
        try (UnreadSocket unread = UnreadSocket.open(server.uri(), "unread")) {
            assertThat(unread.socket().isConnected()).isTrue();
            String noise = """
                    {"1": {"class_type": "LabNoise", "inputs": {"px": 1024, "seed": 1}},
                     "2": {"class_type": "RepeatImageBatch", "inputs": {"image": ["1", 0], "amount": 8}},
                     "3": {"class_type": "SaveImageWebsocket", "inputs": {"images": ["2", 0]}}}""";
            client.awaitEnd(client.submit(noise, "unread"));
            client.awaitEnd(client.submit(Graphs.TEXT, "reader"));
            assertThat(reader.messages()).noneMatch(m -> m.toString().contains("execution_success"));
        }
        reader.awaitText("execution_success");
    }
}
