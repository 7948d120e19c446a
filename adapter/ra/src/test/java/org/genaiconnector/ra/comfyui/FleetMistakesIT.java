package org.genaiconnector.ra.comfyui;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.genaiconnector.GenAiException;
import org.genaiconnector.comfyui.ComfyUiConnection;
import org.genaiconnector.comfyui.ComfyUiConnectionFactory;
import org.genaiconnector.comfyui.Download;
import org.genaiconnector.comfyui.Job;
import org.genaiconnector.comfyui.JobState;
import org.genaiconnector.comfyui.JobStatus;
import org.genaiconnector.comfyui.Submission;
import org.genaiconnector.comfyui.Workflow;
import org.genaiconnector.ra.GenAiResourceAdapter;
import org.genaiconnector.ra.TestContainer;
import org.genaiconnector.ra.comfyui.jobs.JobTrackers;
import org.genaiconnector.ra.comfyui.jobs.RecordingObserver;
import org.genaiconnector.ra.connection.TestPool;
import org.genaiconnector.ra.http.RawServer;
import org.genaiconnector.ra.inflow.CapturedLog;
import org.genaiconnector.ra.messages.OperatorMessage;
import org.genaiconnector.ra.messages.Produces;
import org.genaiconnector.testkit.comfyui.ComfyUiSimulator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

@DisplayName("Several ComfyUI with mistakes in their configuration")
@Timeout(120)
class FleetMistakesIT {
    private static final Duration LONG = Duration.ofSeconds(60);

    private final GenAiResourceAdapter adapter = new GenAiResourceAdapter();
    private final ComfyUiManagedConnectionFactory managed = new ComfyUiManagedConnectionFactory();
    private final List<AutoCloseable> open = new ArrayList<>();
    private final RecordingObserver heard = RecordingObserver.everything();
    private ComfyUiConnectionFactory factory;

    @AfterEach
    void stop() throws Exception {
        adapter.stop();
        for (AutoCloseable each : open) {
            each.close();
        }
    }

    private ComfyUiSimulator start(ComfyUiSimulator.Builder builder) {
        ComfyUiSimulator server = builder.start();
        open.add(server);
        return server;
    }

    private void begin(String... addresses) {
        adapter.start(new TestContainer());
        JobTrackers.of(adapter).subscribe(heard);
        managed.setResourceAdapter(adapter);
        managed.setServerUrl(String.join(",", addresses));
        managed.setFailoverMillis(30_000);
        managed.setMaxRetries(0);
        factory = (ComfyUiConnectionFactory) managed.createConnectionFactory(new TestPool(20));
    }

    private Job queue(Submission submission) throws Exception {
        try (ComfyUiConnection connection = factory.getConnection()) {
            return connection.queuePrompt(submission);
        }
    }

    private static Submission steps(double seconds, int color) throws Exception {
        return Submission.of(Workflow.parse("""
                {"1": {"class_type": "LabSteps", "inputs": {"steps": 10, "seconds": %s, "color": %d}},
                 "2": {"class_type": "SaveImage", "inputs": {"images": ["1", 0], "filename_prefix": "s"}}}""".formatted(seconds, color)));
    }

    private void assertCompletedOnce(List<Job> jobs, ComfyUiSimulator... servers) throws Exception {
        for (Job job : jobs) {
            assertThat(factory.awaitJob(job.id(), LONG).state()).isEqualTo(JobState.COMPLETED);
        }
        Eventually.holds("all ends are told", () -> heard.ends().size() >= jobs.size());
        assertThat(heard.ends())
                .extracting(JobStatus::id)
                .containsExactlyInAnyOrderElementsOf(jobs.stream().map(Job::id).toList());
        int runs = 0;
        for (ComfyUiSimulator server : servers) {
            runs += server.completed().size();
        }
        assertThat(runs).as("runs").isEqualTo(jobs.size());
    }

    @Test
    @Produces(OperatorMessage.SAME_COMFYUI)
    @DisplayName("one ComfyUI by two host names is noticed; each job runs once, and it gets no more than its share")
    void oneUnderTwoNames() throws Exception {
        ComfyUiSimulator one = start(ComfyUiSimulator.builder().labNodes());
        ComfyUiSimulator other = start(ComfyUiSimulator.builder().labNodes());
        begin(
                one.uri() + "|name=one",
                "http://localhost:" + one.uri().getPort() + "|name=again",
                other.uri() + "|name=other");
        try (CapturedLog log = CapturedLog.of("org.genaiconnector.ra.comfyui.jobs.JobPoller")) {
            List<Job> jobs = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                jobs.add(queue(steps(0.5, i)));
            }
            assertCompletedOnce(jobs, one, other);
            assertThat(log.messages())
                    .filteredOn(line -> line.startsWith(OperatorMessage.SAME_COMFYUI.id()))
                    .singleElement()
                    .asString()
                    .contains(one.uri().toString(), "http://localhost:");
        }
        assertThat(other.completed()).as("jobs of the other one").hasSizeBetween(2, 6);
    }

    @Test
    @DisplayName("clocks that are hours apart change nothing: jobs are spread, end once, and their run times are known")
    void clocksApart() throws Exception {
        ComfyUiSimulator early = start(ComfyUiSimulator.builder().labNodes().clock(ahead(Duration.ofHours(-3))));
        ComfyUiSimulator late = start(ComfyUiSimulator.builder().labNodes().clock(ahead(Duration.ofHours(3))));
        begin(early.uri() + "|name=early", late.uri() + "|name=late");
        List<Job> jobs = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            jobs.add(queue(steps(0.2, i)));
        }

        assertCompletedOnce(jobs, early, late);

        assertThat(early.completed()).as("jobs of one").hasSizeBetween(2, 6);
        List<JobStatus> seen = new CopyOnWriteArrayList<>();
        factory.awaitJob(queue(steps(0.5, 99)).id(), LONG, seen::add);
        assertThat(seen)
                .flatExtracting(status -> status.remaining().stream().toList())
                .isNotEmpty()
                .allSatisfy(left -> assertThat(left).isBetween(Duration.ZERO, Duration.ofSeconds(10)));
    }

    private static Clock ahead(Duration time) {
        return Clock.offset(Clock.systemUTC(), time);
    }

    /** An address that leads to one ComfyUI or to another one. */
    private static final class Switch implements AutoCloseable {
        private final List<Socket> sockets = new CopyOnWriteArrayList<>();
        private final RawServer server = RawServer.start(this::tunnel);
        private volatile ComfyUiSimulator target;
        private volatile boolean cut;

        private Switch(ComfyUiSimulator target) {
            this.target = target;
        }

        private URI uri() {
            return server.uri("http");
        }

        private void leadTo(ComfyUiSimulator next) throws IOException {
            target = next;
            cut = false;
            for (Socket socket : sockets) {
                socket.close();
            }
        }

        /** Leads nowhere for now. */
        private void cut() throws IOException {
            leadTo(target);
            cut = true;
        }

        private void tunnel(Socket client) throws IOException {
            if (cut) {
                client.close();
                return;
            }
            try (Socket inner =
                    new Socket(InetAddress.getLoopbackAddress(), target.uri().getPort())) {
                sockets.add(client);
                sockets.add(inner);
                Thread back = new Thread(() -> copy(inner, client), "back");
                back.setDaemon(true);
                back.start();
                copy(client, inner);
            }
        }

        private static void copy(Socket from, Socket to) {
            try {
                from.getInputStream().transferTo(to.getOutputStream());
                to.shutdownOutput();
            } catch (IOException closed) {
                // by one of both, or by the switch: that is the end of the tunnel
            }
        }

        @Override
        public void close() throws IOException {
            leadTo(target);
            server.close();
        }
    }

    @Test
    @DisplayName("two ComfyUI swap their addresses: their jobs are followed where they are, and none runs twice")
    @EnabledIfSystemProperty(named = "slow", matches = "true")
    void swappedAddresses() throws Exception {
        ComfyUiSimulator one = start(ComfyUiSimulator.builder().labNodes());
        ComfyUiSimulator other = start(ComfyUiSimulator.builder().labNodes());
        Switch first = new Switch(one);
        Switch second = new Switch(other);
        open.add(0, first);
        open.add(0, second);
        begin(first.uri() + "|name=first", second.uri() + "|name=second");
        List<Job> jobs = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            jobs.add(queue(steps(6, i)));
        }
        assertThat(jobs).extracting(Job::server).contains(first.uri(), second.uri());
        first.leadTo(other);
        second.leadTo(one);
        assertCompletedOnce(jobs, one, other);
    }

    @Test
    @DisplayName(
            "a job that ends while two ComfyUI swap their addresses is not begun again: its end is found where it is now")
    void endsWhileAddressesAreSwapped() throws Exception {
        ComfyUiSimulator one = start(ComfyUiSimulator.builder().labNodes());
        ComfyUiSimulator other = start(ComfyUiSimulator.builder().labNodes());
        Switch first = new Switch(one);
        Switch second = new Switch(other);
        open.add(0, first);
        open.add(0, second);
        begin(first.uri() + "|name=first|tags=first", second.uri() + "|name=second");
        Job job = queue(steps(0.5, 1).withRequired("first"));
        first.cut();
        Eventually.holds("it ends unseen", () -> one.completed().size() == 1);
        second.leadTo(one);
        first.leadTo(other);

        assertCompletedOnce(List.of(job), one, other);

        JobStatus end = factory.awaitJob(job.id(), LONG);
        assertThat(end.files().get(0).server()).contains(second.uri());
        try (Download picture = factory.download(end.files().get(0))) {
            assertThat(picture.content().readAllBytes()).startsWith(0x89, 'P', 'N', 'G');
        }
    }

    private static Submission special() throws Exception {
        return Submission.of(Workflow.parse("{\"1\": {\"class_type\": \"Special\", \"inputs\": {\"text\": \"x\"}}}"));
    }

    @Test
    @DisplayName(
            "a wrong address, a broken TLS, a missing custom node: the rest works, and an error says what is wrong with each")
    void wrongOnesAmongRightOnes() throws Exception {
        ComfyUiSimulator plain = start(ComfyUiSimulator.builder());
        ComfyUiSimulator right = start(
                ComfyUiSimulator.builder().node("Special", Map.of("text", "STRING"), List.of(), "{\"text\": [1]}"));
        ComfyUiSimulator gone = ComfyUiSimulator.start();
        gone.close();
        begin(
                gone.uri() + "|name=wrong",
                "https://127.0.0.1:" + plain.uri().getPort() + "/tls|name=tls",
                plain.uri() + "|name=plain",
                right.uri() + "|name=right");
        for (int i = 0; i < 4; i++) {
            assertThat(queue(special()).server()).isEqualTo(right.uri());
        }
        right.kill();
        assertThatThrownBy(() -> {
                    queue(special()); // which finds out that it is dead
                    queue(special());
                })
                .isInstanceOf(GenAiException.class)
                .hasMessageContaining("no backend can run this workflow now: ")
                .hasMessageContaining("wrong does not answer")
                .hasMessageContaining("tls does not answer")
                .hasMessageContaining("plain lacks node class Special")
                .hasMessageContaining("right ");
        plain.kill();
        assertThatThrownBy(() -> {
                    while (true) { // until it is not known any more that one was alive just now
                        managed.createManagedConnection(null, null).destroy();
                    }
                })
                .hasMessageContaining("None of the 4 backends can be used: ")
                .hasMessageContaining("wrong: ComfyUI at " + gone.uri() + " cannot be connected to")
                .hasMessageContaining("tls: ComfyUI at https://127.0.0.1:")
                .hasMessageContaining("plain: ComfyUI at " + plain.uri())
                .hasMessageContaining("right: ComfyUI at " + right.uri());
    }
}
