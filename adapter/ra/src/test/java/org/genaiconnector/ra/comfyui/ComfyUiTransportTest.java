package org.genaiconnector.ra.comfyui;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.genaiconnector.FailureCategory;
import org.genaiconnector.GenAiException;
import org.genaiconnector.comfyui.ComfyUiConnection;
import org.genaiconnector.comfyui.ComfyUiConnectionFactory;
import org.genaiconnector.comfyui.Download;
import org.genaiconnector.comfyui.FileDirectory;
import org.genaiconnector.comfyui.Job;
import org.genaiconnector.comfyui.JobState;
import org.genaiconnector.comfyui.JobStatus;
import org.genaiconnector.comfyui.OutputFile;
import org.genaiconnector.comfyui.Upload;
import org.genaiconnector.comfyui.UploadedFile;
import org.genaiconnector.comfyui.Workflow;
import org.genaiconnector.ra.GenAiResourceAdapter;
import org.genaiconnector.ra.TestContainer;
import org.genaiconnector.ra.http.Certificates;
import org.genaiconnector.ra.http.RawServer;
import org.genaiconnector.ra.http.TestProxy;
import org.genaiconnector.testkit.comfyui.ComfyUiSimulator;
import org.genaiconnector.testkit.comfyui.SeenRequest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The way to a ComfyUI server is the same for calls, uploads, downloads and the WebSocket. */
@Timeout(60)
class ComfyUiTransportTest {
    private static final Duration LONG = Duration.ofSeconds(20);

    @TempDir
    static Path directory;

    private static Certificates certificate;

    private final TestContainer container = new TestContainer();
    private final GenAiResourceAdapter adapter = new GenAiResourceAdapter();
    private final ComfyUiManagedConnectionFactory managed = new ComfyUiManagedConnectionFactory();
    private final List<AutoCloseable> open = new ArrayList<>();
    private ComfyUiSimulator server;

    @BeforeAll
    static void makeCertificate() throws Exception {
        certificate = Certificates.make(directory, "here", "ip:127.0.0.1");
    }

    @BeforeEach
    void configure() {
        adapter.start(container);
        managed.setResourceAdapter(adapter);
        managed.setMaxRetries(0);
    }

    @AfterEach
    void close() throws Exception {
        adapter.stop();
        for (AutoCloseable resource : open) {
            resource.close();
        }
        assertThat(container.awaitIdle(5_000)).as("works end").isTrue();
    }

    @Test
    void headersGoWithEveryRequest() throws Exception {
        start(ComfyUiSimulator.builder());
        managed.setExtraHeaders("X-Team=blue, X-Empty=, CF-Access-Client-Id=abc.access");
        managed.setUserAgent("studio/1.0");
        useEverything();
        assertThat(server.requests())
                .allSatisfy(request -> assertThat(request.headers())
                        .containsEntry("x-team", "blue")
                        .containsEntry("x-empty", "")
                        .containsEntry("cf-access-client-id", "abc.access")
                        .containsEntry("user-agent", "studio/1.0"));
    }

    @Test
    void anExtraHeaderCanBeTheUserAgent() throws Exception {
        start(ComfyUiSimulator.builder());
        managed.setExtraHeaders("user-agent=mine");
        useEverything();
        assertThat(server.requests())
                .allSatisfy(request -> assertThat(request.headers()).containsEntry("user-agent", "mine"));
    }

    @Test
    void anApiKeyGoesWithEveryRequest() throws Exception {
        start(guarded("Authorization", "Bearer key-123"));
        managed.setApiKey("key-123\n");
        useEverything();
    }

    @Test
    void aPasswordGoesWithEveryRequest() throws Exception {
        start(guarded("Authorization", "Basic bWU6c2VzYW1l"));
        managed.setUser("me");
        managed.setPassword("sesame");
        useEverything();
    }

    @Test
    void anApiKeyGoesBareInTheConfiguredHeader() throws Exception {
        start(guarded("X-Api-Key", "key-123"));
        managed.setApiKey("key-123");
        managed.setApiKeyHeader(" X-Api-Key ");
        useEverything();
        assertThat(server.requests())
                .allSatisfy(request -> assertThat(request.headers()).doesNotContainKey("authorization"));
    }

    @Test
    void whoeverHasNoKeyIsRefused() throws Exception {
        start(guarded("Authorization", "Bearer key-123"));
        managed.setProbeOnCreate(false);
        try (ComfyUiConnection connection = factory().getConnection()) {
            assertThat(failure(connection::getQueue)).isEqualTo(FailureCategory.AUTHENTICATION);
        }
        assertThat(server.requests()).isEmpty();
    }

    @Test
    void everythingGoesOverTls() throws Exception {
        start(ComfyUiSimulator.builder().tls(certificate.server()));
        managed.setTrustStoreFile(certificate.trustStore());
        managed.setTrustStorePassword(Certificates.PASSWORD);
        useEverything();
    }

    @Test
    void sendsAForwardProxyThePasswordWithEveryRequest() throws Exception {
        start(ComfyUiSimulator.builder());
        TestProxy proxy = proxy().authorize("me", "sesame");
        useEverything();
        assertThat(proxy.heads())
                .allSatisfy(head -> assertThat(head).contains("Proxy-Authorization: Basic bWU6c2VzYW1l\r\n"));
        assertThat(proxy.lines())
                .anyMatch(line -> line.startsWith("CONNECT 127.0.0.1:"))
                .anyMatch(line -> line.startsWith("POST http://") && line.contains("/upload/image"));
        assertThat(server.requests())
                .allSatisfy(request -> assertThat(request.headers()).doesNotContainKey("proxy-authorization"));
    }

    @Test
    void aForwardProxyTunnelsTls() throws Exception {
        start(ComfyUiSimulator.builder().tls(certificate.server()));
        managed.setTrustStoreFile(certificate.trustStore());
        managed.setTrustStorePassword(Certificates.PASSWORD);
        TestProxy proxy = proxy().authorize("me", "sesame");
        useEverything();
        assertThat(proxy.lines()).allMatch(line -> line.startsWith("CONNECT 127.0.0.1:"));
        assertThat(proxy.heads())
                .allSatisfy(head -> assertThat(head).contains("Proxy-Authorization: Basic bWU6c2VzYW1l\r\n"));
    }

    @Test
    void aRefusedUploadThroughAProxyIsTheProxysFault() throws Exception {
        start(ComfyUiSimulator.builder());
        proxy().authorize("me", "something else");
        managed.setProbeOnCreate(false);
        try (ComfyUiConnection connection = factory().getConnection()) {
            assertThat(failure(() -> upload(connection, new byte[300_000]))).isEqualTo(FailureCategory.PROXY);
        }
        assertThat(server.requests()).isEmpty();
    }

    @Test
    void jobsAreFollowedWithoutEventsIfTheWebSocketIsRefused() throws Exception {
        start(ComfyUiSimulator.builder()
                .wrap(inner -> new Guard(
                        inner, request -> request.getHttpURI().getPath().endsWith("/ws"))));
        Job job;
        try (ComfyUiConnection connection = factory().getConnection()) {
            job = connection.queuePrompt(Workflow.parse(ComfyUiConnectionTest.PAINTING));
        }
        assertThat(factory().awaitJob(job.id(), LONG).state()).isEqualTo(JobState.COMPLETED);
        assertThat(server.openSockets()).isEmpty();
    }

    @Test
    void stopsWhileAServerDoesNotAnswerTheWebSocketsHandshake() throws Exception {
        for (String scheme : List.of("http", "https")) {
            RawServer silent =
                    RawServer.start(socket -> socket.getInputStream().transferTo(OutputStream.nullOutputStream()));
            open.add(silent);
            ComfyUiManagedConnectionFactory factory = new ComfyUiManagedConnectionFactory();
            factory.setResourceAdapter(adapter);
            factory.setServerUrl(silent.uri(scheme).toString());
            factory.setProbeOnCreate(false);
            factory.setResponseTimeoutMillis(100);
            factory.setConnectTimeoutMillis(100);
            factory.setMaxRetries(0);
            try (ComfyUiConnection connection =
                    ((ComfyUiConnectionFactory) factory.createConnectionFactory()).getConnection()) {
                failure(() -> connection.queuePrompt(Workflow.parse(ComfyUiConnectionTest.PAINTING)));
            }
            await(() -> silent.connections() > 1);
        }
        adapter.stop();
        assertThat(container.awaitIdle(1_000)).isTrue();
    }

    @Test
    void leavesNoSocketOpenWhereTheWebSocketIsRefused() throws Exception {
        RawServer unknown = RawServer.mutualTls(
                certificate.server(),
                "TLSv1.3",
                socket -> socket.getInputStream().read());
        open.add(unknown);
        managed.setServerUrl(unknown.uri("https").toString());
        managed.setProbeOnCreate(false);
        try (ComfyUiConnection connection = factory().getConnection()) {
            assertThat(failure(() -> connection.queuePrompt(Workflow.parse(ComfyUiConnectionTest.PAINTING))))
                    .isEqualTo(FailureCategory.TLS);
        }
        await(() -> unknown.connections() > 1);
        await(() -> unknown.openConnections() == 0);
    }

    @Test
    void theClientCertificateStaysWithTheBackend() throws Exception {
        RawServer storage = RawServer.mutualTls(
                certificate.server(), "TLSv1.2", RawServer.answers("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nx"));
        RawServer backend = RawServer.mutualTls(
                certificate.server(),
                "TLSv1.2",
                RawServer.answers(
                        "HTTP/1.1 302 X\r\nLocation: " + storage.uri("https") + "/x\r\nContent-Length: 0\r\n\r\n"));
        open.addAll(List.of(storage, backend));
        managed.setTrustStoreFile(certificate.trustStore());
        managed.setTrustStorePassword(Certificates.PASSWORD);
        managed.setKeyStoreFile(certificate.keyStore());
        managed.setKeyStorePassword(Certificates.PASSWORD);
        managed.setProbeOnCreate(false);
        managed.setServerUrl(backend.uri("https").toString());

        try (ComfyUiConnection connection = factory().getConnection()) {
            assertThatThrownBy(() -> connection.sizeOf(new OutputFile("9", "files", "x", "", FileDirectory.OUTPUT)))
                    .hasMessageContaining("redirects, at " + storage.uri("https") + ": no TLS connection");
        }
    }

    /** Calls, an upload, a download, and the WebSocket. */
    private void useEverything() throws Exception {
        byte[] picture = new byte[300_000];
        try (ComfyUiConnection connection = factory().getConnection()) {
            connection.getSystemStats();
            UploadedFile uploaded = upload(connection, picture);
            Job job = connection.queuePrompt(Workflow.parse(ComfyUiConnectionTest.PAINTING));
            await(() -> !server.openSockets().isEmpty());
            try (Download download = connection.download(output(connection, job))) {
                assertThat(download.content().readAllBytes()).startsWith(0x89, 'P', 'N', 'G');
            }
            assertThat(server.inputDirectory().resolve(uploaded.filename())).hasBinaryContent(picture);
        }
        assertThat(server.requests().stream()
                        .map(SeenRequest::path)
                        .map(path -> path.replaceFirst("\\?.*", "").replaceFirst("/jobs/.*", "/jobs"))
                        .collect(Collectors.toSet()))
                .contains("/api/system_stats", "/api/upload/image", "/api/prompt", "/api/jobs", "/api/view", "/api/ws");
    }

    private static OutputFile output(ComfyUiConnection connection, Job job) throws GenAiException {
        long end = System.nanoTime() + LONG.toNanos();
        while (System.nanoTime() < end) {
            Optional<JobStatus> status = connection.findJob(job.id());
            if (status.isPresent() && status.get().state().isFinal()) {
                return (OutputFile) status.get().outputs().get(0);
            }
        }
        throw new AssertionError("The job does not end");
    }

    private static UploadedFile upload(ComfyUiConnection connection, byte[] content) throws GenAiException {
        return connection.uploadImage(Upload.of("picture.png", new ByteArrayInputStream(content)));
    }

    private void start(ComfyUiSimulator.Builder builder) {
        server = builder.stepDelay(Duration.ofMillis(1)).start();
        open.add(server);
        managed.setServerUrl(server.uri().toString());
    }

    private TestProxy proxy() {
        TestProxy proxy = TestProxy.start();
        open.add(proxy);
        managed.setProxyHost("127.0.0.1");
        managed.setProxyPort(proxy.port());
        managed.setProxyUser("me");
        managed.setProxyPassword("sesame");
        return proxy;
    }

    private ComfyUiConnectionFactory factory() {
        return (ComfyUiConnectionFactory) managed.createConnectionFactory();
    }

    /** A simulator behind a proxy that passes only requests with the right header. */
    private static ComfyUiSimulator.Builder guarded(String header, String value) {
        return ComfyUiSimulator.builder()
                .wrap(inner -> new Guard(
                        inner, request -> !value.equals(request.getHeaders().get(header))));
    }

    private static final class Guard extends Handler.Wrapper {
        private final Predicate<Request> refuses;

        Guard(Handler inner, Predicate<Request> refuses) {
            super(inner);
            this.refuses = refuses;
        }

        @Override
        public boolean handle(Request request, Response response, Callback callback) throws Exception {
            if (refuses.test(request)) {
                Response.writeError(request, response, callback, 401);
                return true;
            }
            return super.handle(request, response, callback);
        }
    }

    @FunctionalInterface
    private interface Call {
        void make() throws GenAiException;
    }

    private static FailureCategory failure(Call call) {
        try {
            call.make();
            return null;
        } catch (GenAiException e) {
            return e.category();
        }
    }

    private static void await(BooleanSupplier condition) {
        long end = System.nanoTime() + LONG.toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("in time").isLessThan(end);
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(2));
        }
    }
}
