package org.genaiconnector.ra.comfyui;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jakarta.resource.ResourceException;
import jakarta.resource.spi.LocalTransaction;
import jakarta.resource.spi.ManagedConnection;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import javax.management.JMX;
import javax.management.ObjectName;
import org.genaiconnector.FailureCategory;
import org.genaiconnector.GenAiException;
import org.genaiconnector.comfyui.Cancellation;
import org.genaiconnector.comfyui.ComfyUiConnection;
import org.genaiconnector.comfyui.ComfyUiConnectionFactory;
import org.genaiconnector.comfyui.Download;
import org.genaiconnector.comfyui.Job;
import org.genaiconnector.comfyui.JobState;
import org.genaiconnector.comfyui.JobStatus;
import org.genaiconnector.comfyui.OutputFile;
import org.genaiconnector.comfyui.Submission;
import org.genaiconnector.comfyui.Upload;
import org.genaiconnector.comfyui.UploadedFile;
import org.genaiconnector.comfyui.Workflow;
import org.genaiconnector.ra.GenAiResourceAdapter;
import org.genaiconnector.ra.TestContainer;
import org.genaiconnector.ra.comfyui.fleet.BackendMXBean;
import org.genaiconnector.ra.connection.TestPool;
import org.genaiconnector.testkit.comfyui.ComfyUiSimulator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Several ComfyUI behind one factory")
class SeveralComfyUiIT {
    private static final Duration LONG = Duration.ofSeconds(60);

    private final GenAiResourceAdapter adapter = new GenAiResourceAdapter();
    private final ComfyUiManagedConnectionFactory managed = new ComfyUiManagedConnectionFactory();
    private final TestPool pool = new TestPool(20);
    private final List<ComfyUiSimulator> servers = new ArrayList<>();
    private ComfyUiConnectionFactory factory;

    /** @param parts of the addresses, such as {@code |name=a} */
    private void start(ComfyUiSimulator.Builder builder, String... parts) {
        for (int i = 0; i < parts.length; i++) {
            servers.add(builder.start());
        }
        begin(parts);
    }

    private void begin(String... parts) {
        List<String> addresses = new ArrayList<>();
        for (int i = 0; i < parts.length; i++) {
            addresses.add(servers.get(i).uri() + parts[i]);
        }
        adapter.start(new TestContainer());
        managed.setResourceAdapter(adapter);
        managed.setServerUrl(String.join(",", addresses));
        managed.setMaxRetries(0);
        factory = (ComfyUiConnectionFactory) managed.createConnectionFactory(pool);
    }

    @AfterEach
    void stop() {
        adapter.stop();
        servers.forEach(ComfyUiSimulator::close);
    }

    private static Workflow picture(int color) throws ResourceException {
        return SavedPictures.ofColor(color, "same");
    }

    private static Workflow copyOf(String reference) throws ResourceException {
        return SavedPictures.copyOf(reference, "copy");
    }

    private byte[] content(OutputFile file) throws Exception {
        try (Download download = factory.download(file)) {
            return download.content().readAllBytes();
        }
    }

    private List<Job> queue(int jobs) throws ResourceException {
        List<Job> queued = new ArrayList<>();
        for (int i = 0; i < jobs; i++) {
            try (ComfyUiConnection connection = factory.getConnection()) {
                queued.add(connection.queuePrompt(picture(i * 40)));
            }
        }
        return queued;
    }

    private Set<URI> uris() {
        return servers.stream().map(ComfyUiSimulator::uri).collect(Collectors.toSet());
    }

    @Test
    @DisplayName(
            "jobs spread; status, end and files of each come from its own backend, though their files have the same names")
    void usesAllBackends() throws Exception {
        start(ComfyUiSimulator.builder().nodeDelay(Duration.ofMillis(100)), "", "", "");
        List<Job> jobs = queue(6);
        assertThat(jobs).extracting(Job::server).containsAll(uris());
        Set<String> pictures = new HashSet<>();
        for (Job job : jobs) {
            JobStatus end = factory.awaitJob(job.id(), LONG);
            assertThat(end.state()).isEqualTo(JobState.COMPLETED);
            OutputFile file = end.files().get(0);
            assertThat(file.server()).hasValue(job.server());
            pictures.add(new String(content(file), StandardCharsets.ISO_8859_1));
            try (ComfyUiConnection connection = factory.getConnection()) {
                assertThat(connection.findJob(job.id()).orElseThrow().state()).isEqualTo(JobState.COMPLETED);
                assertThat(connection
                                .getHistory(job.id())
                                .orElseThrow()
                                .files()
                                .get(0)
                                .server())
                        .hasValue(job.server());
                assertThat(connection.getRawOutputs(job.id())).isPresent();
            }
        }
        assertThat(pictures).as("different pictures").hasSize(6);
        try (ComfyUiConnection connection = factory.getConnection()) {
            assertThat(connection.getHistory()).hasSize(6);
        }
    }

    @Test
    @DisplayName("a job of which the adapter knows nothing is searched on all backends")
    void findsJobsOfOthers() throws Exception {
        start(ComfyUiSimulator.builder().nodeDelay(Duration.ofSeconds(1)), "|name=a", "|name=b");
        ComfyUiManagedConnectionFactory other = new ComfyUiManagedConnectionFactory();
        other.setServerUrl(servers.get(1).uri().toString());
        ComfyUiConnectionFactory direct = (ComfyUiConnectionFactory) other.createConnectionFactory();
        Job foreign;
        Job waiting;
        try (ComfyUiConnection connection = direct.getConnection()) {
            foreign = connection.queuePrompt(picture(1));
            waiting = connection.queuePrompt(picture(2));
        }
        try (ComfyUiConnection connection = factory.getConnection()) {
            assertThat(connection.findJob(waiting.id())).isPresent();
            assertThat(connection.getQueue().pending()).contains(waiting.id());
            assertThat(connection.cancelJob(waiting.id())).isEqualTo(Cancellation.DEQUEUED);
            assertThat(connection.findJob(UUID.randomUUID().toString())).isEmpty();
        }
        assertThat(factory.awaitJob(foreign.id(), LONG).state()).isEqualTo(JobState.COMPLETED);
        servers.get(0).kill();
        try (ComfyUiConnection connection = factory.getConnection()) {
            assertThatThrownBy(() -> connection.findJob(UUID.randomUUID().toString()))
                    .isInstanceOf(GenAiException.class)
                    .hasMessageContaining("is on none of the backends that answered; not asked: a (");
        }
    }

    @Test
    @DisplayName("jobs that others have sent count where a job goes")
    void countsJobsOfOthers() throws Exception {
        start(ComfyUiSimulator.builder().nodeDelay(Duration.ofSeconds(5)), "|name=a", "|name=b");
        ComfyUiManagedConnectionFactory other = new ComfyUiManagedConnectionFactory();
        other.setServerUrl(servers.get(0).uri().toString());
        ComfyUiConnectionFactory direct = (ComfyUiConnectionFactory) other.createConnectionFactory();
        for (int i = 0; i < 3; i++) {
            try (ComfyUiConnection connection = direct.getConnection()) {
                connection.queuePrompt(picture(i));
            }
        }
        managed.setPoolName("others");
        assertThat(queue(3)).extracting(Job::server).containsOnly(servers.get(1).uri());
        assertThat(ManagementFactory.getPlatformMBeanServer()
                        .getAttribute(
                                new ObjectName("org.genaiconnector:type=Backend,factory=\"others\",name=\"a\""),
                                "OtherJobs"))
                .isEqualTo(3L);
    }

    @Test
    @DisplayName("uploads follow the jobs that name them, once for each backend")
    void bringsUploads() throws Exception {
        start(ComfyUiSimulator.builder().nodeDelay(Duration.ofMillis(100)), "", "", "");
        byte[] source =
                content(factory.awaitJob(queue(1).get(0).id(), LONG).files().get(0));
        UploadedFile file;
        try (ComfyUiConnection connection = factory.getConnection()) {
            file = connection.uploadImage(Upload.of("cat.png", source));
            assertThat(file.server()).isPresent();
            assertThat(connection.sizeOf(file)).hasValue(source.length);
        }
        List<Job> jobs = new ArrayList<>();
        for (int i = 0; i < 9; i++) {
            try (ComfyUiConnection connection = factory.getConnection()) {
                jobs.add(connection.queuePrompt(copyOf(file.reference())));
            }
        }
        assertThat(jobs).extracting(Job::server).containsAll(uris());
        for (Job job : jobs) {
            assertThat(factory.awaitJob(job.id(), LONG).state()).isEqualTo(JobState.COMPLETED);
        }
        for (ComfyUiSimulator server : servers) {
            assertThat(server.requests().stream().filter(seen -> seen.path().contains("upload/image")))
                    .hasSize(1);
        }
    }

    @Test
    @DisplayName(
            "an upload whose name is taken on another backend gets another one there, which its jobs are sent with")
    void bringsUploadsUnderOtherNames() throws Exception {
        start(ComfyUiSimulator.builder(), "|tags=n0", "|tags=n1");
        byte[] content =
                content(factory.awaitJob(queue(1).get(0).id(), LONG).files().get(0));
        UploadedFile file;
        try (ComfyUiConnection connection = factory.getConnection()) {
            file = connection.uploadImage(Upload.of("cat.png", content));
            int other = file.server().equals(Optional.of(servers.get(0).uri())) ? 1 : 0;
            Path directory = servers.get(other).inputDirectory();
            Files.write(directory.resolve("cat.png"), new byte[] {2});
            for (int i = 0; i < 2; i++) {
                Job job = connection.queuePrompt(
                        Submission.of(copyOf(file.reference())).withRequired("n" + other));
                assertThat(factory.awaitJob(job.id(), LONG).state()).isEqualTo(JobState.COMPLETED);
            }
            assertThat(directory.resolve("cat.png")).hasBinaryContent(new byte[] {2});
            assertThat(directory.resolve("cat (1).png")).hasBinaryContent(content);
            assertThat(directory.resolve("cat (2).png")).doesNotExist();
        }
    }

    @Test
    void saysWhereALostUploadWas() throws Exception {
        start(ComfyUiSimulator.builder(), "|name=a", "|name=b");
        UploadedFile file;
        try (ComfyUiConnection connection = factory.getConnection()) {
            file = connection.uploadImage(Upload.of("dog.png", new byte[] {1, 2, 3}));
        }
        ComfyUiSimulator holder = servers.stream()
                .filter(server -> file.server().orElseThrow().equals(server.uri()))
                .findFirst()
                .orElseThrow();
        holder.kill();
        try (ComfyUiConnection connection = factory.getConnection()) {
            assertThatThrownBy(() -> connection.queuePrompt(copyOf(file.reference())))
                    .isInstanceOf(GenAiException.class)
                    .hasMessageContaining("dog.png")
                    .hasMessageContaining("upload it again");
        }
    }

    @Test
    @DisplayName("a job goes to the next backend if the first one is dead; if all are, one error names each")
    void goesElsewhere() throws Exception {
        start(ComfyUiSimulator.builder(), "|name=a", "|name=b", "|name=c");
        try (ComfyUiConnection connection = factory.getConnection()) {
            servers.get(0).kill();
            servers.get(1).kill();
            Job job = connection.queuePrompt(picture(1));
            assertThat(job.server()).isEqualTo(servers.get(2).uri());
            assertThat(factory.awaitJob(job.id(), LONG).state()).isEqualTo(JobState.COMPLETED);
            servers.get(2).kill();
            assertThatThrownBy(() -> connection.queuePrompt(picture(2)))
                    .isInstanceOfSatisfying(
                            GenAiException.class, e -> assertThat(e.category()).isEqualTo(FailureCategory.UNAVAILABLE))
                    .hasMessageContaining("no backend can run this workflow now: a ")
                    .hasMessageContaining("b ")
                    .hasMessageContaining("c ");
        }
    }

    @Test
    void requiresTags() throws Exception {
        start(ComfyUiSimulator.builder(), "|name=a|tags=gpu=8g", "|name=b|tags=gpu=24g;fp8");
        try (ComfyUiConnection connection = factory.getConnection()) {
            for (int i = 0; i < 4; i++) {
                Submission large = Submission.of(picture(i)).withRequired("gpu=24g");
                assertThat(connection.queuePrompt(large).server())
                        .isEqualTo(servers.get(1).uri());
            }
            assertThatThrownBy(() ->
                            connection.queuePrompt(Submission.of(picture(1)).withRequired("gpu=80g")))
                    .isInstanceOfSatisfying(
                            GenAiException.class, e -> assertThat(e.category()).isEqualTo(FailureCategory.UNSUPPORTED))
                    .hasMessageContaining("a has no tag gpu=80g; b has no tag gpu=80g");
        }
    }

    @Test
    @DisplayName("one address may have tags, too")
    void requiresTagsOfTheOnlyBackend() throws Exception {
        start(ComfyUiSimulator.builder(), "|tags=fp8");
        try (ComfyUiConnection connection = factory.getConnection()) {
            assertThat(connection
                            .queuePrompt(Submission.of(picture(1)).withRequired("fp8"))
                            .id())
                    .isNotEmpty();
            assertThatThrownBy(() ->
                            connection.queuePrompt(Submission.of(picture(1)).withRequired("fp4")))
                    .hasMessageContaining("has no tag fp4");
        }
    }

    @Test
    @DisplayName("a backend without the node class is not asked; if none has it, the error says which lacks what")
    void knowsWhatBackendsLack() throws Exception {
        servers.add(ComfyUiSimulator.start());
        servers.add(ComfyUiSimulator.builder()
                .node("Special", Map.of("text", "STRING"), List.of(), "{\"text\": [1]}")
                .start());
        begin("|name=plain", "|name=special");
        Workflow special = Workflow.parse("{\"1\": {\"class_type\": \"Special\", \"inputs\": {\"text\": \"x\"}}}");
        Workflow nobody = Workflow.parse("{\"1\": {\"class_type\": \"Nobody\", \"inputs\": {\"text\": \"x\"}}}");
        try (ComfyUiConnection connection = factory.getConnection()) {
            for (int i = 0; i < 4; i++) {
                assertThat(connection.queuePrompt(special).server())
                        .isEqualTo(servers.get(1).uri());
            }
            assertThat(servers.get(0).requests().stream()
                            .filter(seen -> seen.method().equals("POST")))
                    .isEmpty();
            assertThatThrownBy(() -> connection.queuePrompt(nobody))
                    .isInstanceOfSatisfying(
                            GenAiException.class, e -> assertThat(e.category()).isEqualTo(FailureCategory.UNSUPPORTED))
                    .hasMessageContaining("plain lacks node class Nobody; special lacks node class Nobody");
        }
    }

    @Test
    void sendsAtTheCommit() throws Exception {
        start(ComfyUiSimulator.builder(), "", "");
        ManagedConnection physical = managed.createManagedConnection(null, null);
        LocalTransaction transaction = physical.getLocalTransaction();
        transaction.begin();
        ComfyUiConnection connection = (ComfyUiConnection) physical.getConnection(null, null);
        List<Job> jobs = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            jobs.add(connection.queuePrompt(picture(i)));
        }
        assertThat(jobs).extracting(Job::server).containsAll(uris());
        transaction.commit();
        for (Job job : jobs) {
            assertThat(factory.awaitJob(job.id(), LONG).state()).isEqualTo(JobState.COMPLETED);
        }
        physical.destroy();
    }

    @Test
    @DisplayName(
            "a job of a transaction whose backend dies before the commit goes to another; if none is left, the commit fails")
    void choosesAgainAtTheCommit() throws Exception {
        managed.setPoolName("fleet");
        start(ComfyUiSimulator.builder(), "|name=a", "|name=b");
        ManagedConnection physical = managed.createManagedConnection(null, null);
        LocalTransaction transaction = physical.getLocalTransaction();
        ComfyUiConnection connection = (ComfyUiConnection) physical.getConnection(null, null);
        transaction.begin();
        List<Job> jobs = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            jobs.add(connection.queuePrompt(picture(i)));
        }
        assertThat(jobs).extracting(Job::server).containsAll(uris());
        servers.get(0).kill();
        transaction.commit();
        for (Job job : jobs) {
            JobStatus end = factory.awaitJob(job.id(), LONG);
            assertThat(end.state()).isEqualTo(JobState.COMPLETED);
            assertThat(end.files().get(0).server()).hasValue(servers.get(1).uri());
        }
        assertThat(servers.get(1).completed()).hasSize(4);
        transaction.begin();
        Job last = connection.queuePrompt(picture(9));
        servers.get(1).kill();
        assertThatThrownBy(transaction::commit)
                .hasMessageContaining(
                        "no backend can run this workflow now: a does not answer; b did not take it -- the last one:");
        assertThat(factory.awaitJob(last.id(), LONG).state()).isEqualTo(JobState.REJECTED);
        assertThat(attribute("a", "Jobs")).isEqualTo(0L);
        assertThat(attribute("b", "Jobs")).isEqualTo(0L);
        physical.destroy();
    }

    @Test
    @DisplayName("backends come and go in the properties of a pool; the jobs of one that goes end")
    void changesAtRunTime() throws Exception {
        start(ComfyUiSimulator.builder().nodeDelay(Duration.ofMillis(150)), "|name=a", "|name=b");
        managed.setPoolName("fleet");
        List<Job> jobs = new ArrayList<>(queue(4));
        assertThat(jobs).extracting(Job::server).containsAll(uris());
        servers.add(ComfyUiSimulator.start());
        managed.setServerUrl(servers.get(1).uri() + "|name=b," + servers.get(2).uri() + "|name=c|tags=new");
        for (int i = 0; i < 3; i++) {
            try (ComfyUiConnection connection = factory.getConnection()) {
                Job job = connection.queuePrompt(Submission.of(picture(i)).withRequired("new"));
                assertThat(job.server()).isEqualTo(servers.get(2).uri());
                jobs.add(job);
            }
        }
        assertThat(attribute("c", "Jobs")).isNotNull();
        assertThat(ManagementFactory.getPlatformMBeanServer().isRegistered(bean("a")))
                .isFalse();
        OutputFile left = null;
        for (Job job : jobs) {
            JobStatus end = factory.awaitJob(job.id(), LONG);
            assertThat(end.state()).as(job.server().toString()).isEqualTo(JobState.COMPLETED);
            OutputFile file = end.files().get(0);
            left = job.server().equals(servers.get(0).uri()) ? file : left;
        }
        OutputFile gone = left;
        assertThatThrownBy(() -> content(gone)).hasMessageContaining("is none of the addresses in serverUrl");
        managed.setServerUrl(servers.get(0).uri() + "," + servers.get(2).uri());
        assertThat(content(gone)).isNotEmpty();
    }

    @Test
    @DisplayName("60 jobs over 6 models on 3 backends load hardly any model twice")
    void keepsModelsInMemory() throws Exception {
        start(
                ComfyUiSimulator.builder()
                        .node("Model", Map.of("name", "STRING", "seed", "INT"), List.of(), "{\"text\": [1]}")
                        .modelLoading(Duration.ofMillis(600), 3),
                "",
                "",
                "");
        List<Job> jobs = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            int model = i < 12 ? i / 2 : (i * 7 + i / 6) % 6;
            Workflow workflow = Workflow.parse(
                    "{\"1\": {\"class_type\": \"Model\", \"inputs\": {\"name\": \"%d.safetensors\", \"seed\": %d}}}"
                            .formatted(model, i));
            try (ComfyUiConnection connection = factory.getConnection()) {
                jobs.add(connection.queuePrompt(workflow));
            }
            if (i < 12) { // experience: each model once cold, once warm
                factory.awaitJob(jobs.get(i).id(), LONG);
            }
        }
        for (Job job : jobs) {
            assertThat(factory.awaitJob(job.id(), LONG).state()).isEqualTo(JobState.COMPLETED);
        }
        assertThat(jobs).extracting(Job::server).containsAll(uris());
        assertThat(servers.stream().mapToInt(ComfyUiSimulator::coldLoads).sum()).isBetween(6, 7);
    }

    @Test
    @DisplayName("a backend that was called no more because it failed gets jobs again when it is back")
    void comesBack() throws Exception {
        managed.setCircuitOpenMillis(200);
        managed.setCircuitFailures(1);
        managed.setPoolName("fleet");
        start(ComfyUiSimulator.builder(), "|name=a|tags=a", "|name=b");
        queue(2);
        servers.get(0).kill();
        assertThatThrownBy(() -> queueOnA(1)).isInstanceOf(GenAiException.class);
        assertThat(attribute("a", "State")).isEqualTo("DOWN");
        servers.get(0).restart();
        Eventually.holds("it is called again", () -> {
            try {
                return queueOnA(2).server().equals(servers.get(0).uri());
            } catch (GenAiException e) {
                assertThat(e).hasMessageContaining("a does not answer");
                return false;
            }
        });
    }

    private Job queueOnA(int color) throws Exception {
        try (ComfyUiConnection connection = factory.getConnection()) {
            return connection.queuePrompt(
                    Submission.of(SavedPictures.ofColor(color, "a")).withRequired("a"));
        }
    }

    @Test
    void drainsABackend() throws Exception {
        start(ComfyUiSimulator.builder(), "|name=a", "|name=b");
        managed.setPoolName("fleet");
        queue(1);
        backend("a").drain();
        List<Job> jobs = queue(4);
        assertThat(jobs).extracting(Job::server).containsOnly(servers.get(1).uri());
        assertThat(attribute("a", "State")).isEqualTo("DRAINED");
        assertThat(attribute("b", "State")).isEqualTo("LIVE");
        backend("a").resume();
        backend("b").drain();
        assertThat(queue(1)).extracting(Job::server).containsOnly(servers.get(0).uri());
        assertThat(attribute("a", "Server")).isEqualTo(servers.get(0).uri().toString());
        for (Job job : jobs) {
            factory.awaitJob(job.id(), LONG);
        }
        assertThat(attribute("b", "CompletedJobs")).isEqualTo(4L);
        assertThat(attribute("b", "Jobs")).isEqualTo(0L);
        assertThat((long) attribute("b", "Requests")).isPositive();
        assertThat(attribute("b", "Drained")).isEqualTo(true);
        assertThat(attribute("b", "CircuitState")).isEqualTo("CLOSED");
        adapter.stop();
        assertThat(ManagementFactory.getPlatformMBeanServer().isRegistered(bean("a")))
                .isFalse();
    }

    private static ObjectName bean(String backend) throws Exception {
        return new ObjectName("org.genaiconnector:type=Backend,factory=\"fleet\",name=\"" + backend + "\"");
    }

    private static BackendMXBean backend(String name) throws Exception {
        return JMX.newMXBeanProxy(ManagementFactory.getPlatformMBeanServer(), bean(name), BackendMXBean.class);
    }

    private static Object attribute(String backend, String name) throws Exception {
        return ManagementFactory.getPlatformMBeanServer().getAttribute(bean(backend), name);
    }
}
