package org.genaiconnector.ra.comfyui;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpURI;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.genaiconnector.comfyui.Cancellation;
import org.genaiconnector.comfyui.ComfyUiConnection;
import org.genaiconnector.comfyui.ComfyUiConnectionFactory;
import org.genaiconnector.comfyui.Download;
import org.genaiconnector.comfyui.Job;
import org.genaiconnector.comfyui.JobState;
import org.genaiconnector.comfyui.JobStatus;
import org.genaiconnector.comfyui.Submission;
import org.genaiconnector.comfyui.Upload;
import org.genaiconnector.comfyui.UploadedFile;
import org.genaiconnector.comfyui.Workflow;
import org.genaiconnector.ra.GenAiResourceAdapter;
import org.genaiconnector.ra.TestContainer;
import org.genaiconnector.ra.comfyui.jobs.JobTrackers;
import org.genaiconnector.ra.comfyui.jobs.RecordingObserver;
import org.genaiconnector.ra.connection.TestPool;
import org.genaiconnector.testkit.comfyui.ComfyUiSimulator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

@DisplayName("Several ComfyUI of different kinds behind one factory")
@Timeout(120)
class FleetInteropIT {
    private static final Duration LONG = Duration.ofSeconds(60);

    private final GenAiResourceAdapter adapter = new GenAiResourceAdapter();
    private final ComfyUiManagedConnectionFactory managed = new ComfyUiManagedConnectionFactory();
    private final List<ComfyUiSimulator> servers = new ArrayList<>();
    private final RecordingObserver heard = RecordingObserver.everything();
    private ComfyUiConnectionFactory factory;

    @AfterEach
    void stop() {
        adapter.stop();
        servers.forEach(ComfyUiSimulator::close);
    }

    private void begin(String serverUrl) {
        adapter.start(new TestContainer());
        JobTrackers.of(adapter).subscribe(heard);
        managed.setResourceAdapter(adapter);
        managed.setServerUrl(serverUrl);
        managed.setFailoverMillis(1_000);
        managed.setMaxRetries(0);
        factory = (ComfyUiConnectionFactory) managed.createConnectionFactory(new TestPool(20));
    }

    private Job queue(Submission submission) throws Exception {
        try (ComfyUiConnection connection = factory.getConnection()) {
            return connection.queuePrompt(submission);
        }
    }

    /** Two for each backend. */
    private List<Job> queueForAll() throws Exception {
        List<Job> jobs = new ArrayList<>();
        for (int i = 0; i < 2 * servers.size(); i++) {
            jobs.add(queue(Submission.of(picture(i)).withRequired("n" + i / 2)));
        }
        return jobs;
    }

    private static Workflow picture(int color) throws Exception {
        return SavedPictures.ofColor(color, "same");
    }

    private byte[] assertCompleted(Job job) throws Exception {
        JobStatus end = factory.awaitJob(job.id(), LONG);
        assertThat(end.state()).as(job.server().toString()).isEqualTo(JobState.COMPLETED);
        assertThat(end.id()).isEqualTo(job.id());
        try (ComfyUiConnection connection = factory.getConnection()) {
            assertThat(connection.findJob(job.id()).orElseThrow().state()).isEqualTo(JobState.COMPLETED);
        }
        try (Download download = factory.download(end.files().get(0))) {
            return download.content().readAllBytes();
        }
    }

    /** Uploads follow to each backend. */
    private void assertUploadsFollow(byte[] content) throws Exception {
        UploadedFile file;
        try (ComfyUiConnection connection = factory.getConnection()) {
            file = connection.uploadImage(Upload.of("source.png", content));
        }
        List<Job> jobs = new ArrayList<>();
        for (int i = 0; i < servers.size(); i++) {
            Submission copy = Submission.of(SavedPictures.copyOf(file.reference(), "c" + i));
            jobs.add(queue(copy.withRequired("n" + i)));
        }
        for (Job job : jobs) {
            assertCompleted(job);
        }
    }

    private void assertOneEnd(List<Job> jobs) throws Exception {
        Set<String> ids = jobs.stream().map(Job::id).collect(Collectors.toSet());
        Eventually.holds(
                "all ends are told",
                () -> heard.ends().stream()
                                .filter(end -> ids.contains(end.id()))
                                .count()
                        >= jobs.size());
        assertThat(heard.ends().stream().map(JobStatus::id).filter(ids::contains))
                .containsExactlyInAnyOrderElementsOf(ids);
    }

    private static Submission steps(int seconds, int color) throws Exception {
        return Submission.of(Workflow.parse("""
                {"1": {"class_type": "LabSteps", "inputs": {"steps": 10, "seconds": %d, "color": %d}},
                 "2": {"class_type": "SaveImage", "inputs": {"images": ["1", 0], "filename_prefix": "s"}}}""".formatted(seconds, color)));
    }

    /** Backends with tags {@code n0}, {@code n1} and so on; the first, the fifth and the last have {@code mortal}, too. */
    private void start(List<String> versions) {
        List<String> addresses = new ArrayList<>();
        for (String version : versions) {
            int number = servers.size();
            servers.add(ComfyUiSimulator.builder().version(version).labNodes().start());
            boolean mortal = number == 0 || number == 4 || number == versions.size() - 1;
            addresses.add(
                    servers.get(number).uri() + "|name=v" + version + "|tags=n" + number + (mortal ? ";mortal" : ""));
        }
        begin(String.join(",", addresses));
    }

    @Test
    @DisplayName("versions from 2024 to today do the same jobs, also those of one that dies")
    @EnabledIfSystemProperty(named = "slow", matches = "true")
    void unevenVersions() throws Exception {
        start(List.of("0.0.1", "0.3.10", "0.3.40", "0.3.64", "0.6.0", "0.20.0", "0.26.0", "0.45.2"));
        byte[] content = new byte[0];
        List<Job> jobs = queueForAll();
        for (Job job : jobs) {
            content = assertCompleted(job);
        }
        assertOneEnd(jobs);
        assertUploadsFollow(content);
        jobs.clear();
        for (int i = 0; i < 6; i++) {
            jobs.add(queue(steps(1, i).withRequired("mortal")));
        }
        servers.get(0).kill();
        servers.get(4).restart();
        for (Job job : jobs) {
            assertThat(factory.awaitJob(job.id(), LONG).state()).isEqualTo(JobState.COMPLETED);
        }
        assertOneEnd(jobs);
    }

    /** Which the oldest cannot interrupt, since that would interrupt whatever runs. */
    @Test
    @EnabledIfSystemProperty(named = "slow", matches = "true")
    void cancelsWhatWaitsOnAnyVersion() throws Exception {
        start(List.of("0.0.1", "0.3.45", "0.45.2"));
        List<Job> jobs = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            jobs.add(queue(steps(i % 2 == 0 ? 3 : 30, i).withRequired("n" + i / 2)));
        }
        try (ComfyUiConnection connection = factory.getConnection()) {
            for (int i = 1; i < 6; i += 2) {
                assertThat(connection.cancelJob(jobs.get(i).id())).isEqualTo(Cancellation.DEQUEUED);
            }
        }
        for (int i = 0; i < 6; i++) {
            assertThat(factory.awaitJob(jobs.get(i).id(), LONG).state())
                    .isEqualTo(i % 2 == 0 ? JobState.COMPLETED : JobState.CANCELLED);
        }
        assertOneEnd(jobs);
    }

    /** A reverse proxy before a ComfyUI. */
    private static final class Front extends Handler.Wrapper {
        private final String path;
        private final Predicate<Request> admits;
        private final Set<String> refused = ConcurrentHashMap.newKeySet();
        private final Set<String> credentials = ConcurrentHashMap.newKeySet();

        private Front(String path, Predicate<Request> admits) {
            this.path = path;
            this.admits = admits;
        }

        private Handler before(Handler inner) {
            setHandler(inner);
            return this;
        }

        @Override
        public boolean handle(Request request, Response response, Callback callback) throws Exception {
            HttpURI uri = request.getHttpURI();
            String authorization = request.getHeaders().get(HttpHeader.AUTHORIZATION);
            credentials.add(authorization == null ? "none" : authorization);
            if (uri.getQuery() != null && uri.getQuery().contains("token=")) {
                credentials.add("token");
            }
            if (!uri.getPath().startsWith(path + "/") || !admits.test(request)) {
                refused.add(request.getMethod() + " " + uri.getPath());
                Response.writeError(request, response, callback, uri.getPath().startsWith(path + "/") ? 401 : 404);
                return true;
            }
            HttpURI inner = HttpURI.build(uri)
                    .path(uri.getPath().substring(path.length()))
                    .asImmutable();
            return super.handle(Request.serveAs(request, inner), response, callback);
        }
    }

    private static Predicate<Request> header(String wanted) {
        return request -> wanted.equals(request.getHeaders().get(HttpHeader.AUTHORIZATION));
    }

    @Test
    @DisplayName(
            "sub-paths, tokens in the query, logins and keys of reverse proxies: each gets its own, with its WebSocket, and no other")
    void behindReverseProxies() throws Exception {
        String login = "Basic " + Base64.getEncoder().encodeToString("anna:s3cret".getBytes(StandardCharsets.UTF_8));
        List<Front> fronts = List.of(
                new Front("/studio/comfy", request -> true),
                new Front("", request -> ("&" + request.getHttpURI().getQuery() + "&").contains("&token=t0k%2Fen&")),
                new Front("", header(login)),
                new Front("/b", header("Bearer k-of-d")));
        for (Front front : fronts) {
            servers.add(ComfyUiSimulator.builder()
                    .nodeDelay(Duration.ofMillis(200))
                    .wrap(front::before)
                    .start());
        }
        managed.setServerCredentials("LOGIN=anna:s3cret,KEY=k-of-d");
        begin(servers.get(0).uri() + "/studio/comfy|tags=n0,"
                + servers.get(1).uri() + "/?token=t0k%2Fen|tags=n1,"
                + servers.get(2).uri() + "|tags=n2;mortal|credentials=LOGIN,"
                + servers.get(3).uri() + "/b/|tags=n3;mortal|credentials=KEY");
        List<Job> jobs = queueForAll();
        Eventually.holds(
                "all have a WebSocket",
                () -> servers.stream().allMatch(server -> server.openSockets().size() == 1));
        byte[] content = new byte[0];
        for (Job job : jobs) {
            content = assertCompleted(job);
        }
        assertOneEnd(jobs);
        assertUploadsFollow(content);
        jobs.clear();
        for (int i = 0; i < 4; i++) {
            jobs.add(queue(Submission.of(picture(i)).withRequired("mortal")));
        }
        servers.get(2).kill();
        for (Job job : jobs) {
            assertThat(factory.awaitJob(job.id(), LONG).state()).isEqualTo(JobState.COMPLETED);
        }
        assertOneEnd(jobs);
        assertThat(fronts).allSatisfy(front -> assertThat(front.refused).isEmpty());
        assertThat(fronts)
                .extracting(front -> front.credentials)
                .containsExactly(Set.of("none"), Set.of("none", "token"), Set.of(login), Set.of("Bearer k-of-d"));
    }
}
