package org.genaiconnector.tests.docs;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.lang.reflect.Field;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import javax.imageio.ImageIO;
import org.genaiconnector.comfyui.ComfyUiConnection;
import org.genaiconnector.comfyui.ComfyUiConnectionFactory;
import org.genaiconnector.comfyui.ComfyUiJobListener;
import org.genaiconnector.comfyui.Job;
import org.genaiconnector.comfyui.Workflow;
import org.genaiconnector.junit.GenAiTest;
import org.genaiconnector.junit.TestAdapter;
import org.genaiconnector.testkit.comfyui.ComfyUiSimulator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The classes of the recipes, as a reader copies them: compiled, and run without an application server. */
class RecipesTest {
    private static final long PATIENCE_SECONDS = 60;

    @TempDir
    static Path directory;

    private static URLClassLoader recipes;

    /** What a web server was sent. */
    private record Request(String method, URI uri, Map<String, List<String>> headers, byte[] body) {
        String header(String name) {
            return headers.get(name).get(0);
        }
    }

    private final BlockingQueue<Request> requests = new LinkedBlockingQueue<>();
    private final BlockingQueue<Integer> statuses = new LinkedBlockingQueue<>();
    private HttpServer server;

    @BeforeAll
    static void compile() throws IOException {
        Recipes.compile(directory);
        recipes = new URLClassLoader(new URL[] {directory.toUri().toURL()}, RecipesTest.class.getClassLoader());
    }

    @AfterAll
    static void close() throws IOException {
        recipes.close();
    }

    @BeforeEach
    void listen() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            requests.add(new Request(
                    exchange.getRequestMethod(),
                    exchange.getRequestURI(),
                    exchange.getRequestHeaders(),
                    exchange.getRequestBody().readAllBytes()));
            Integer status = statuses.poll();
            exchange.sendResponseHeaders(status == null ? 200 : status, -1);
            exchange.close();
        });
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    @GenAiTest
    void postsTheEndOfAJob(TestAdapter adapter, ComfyUiConnectionFactory comfyUi) throws Exception {
        Object webhook = recipe("Webhook", Map.of("address", address("/hook"), "secret", "s3cr3t"));
        statuses.add(503);
        adapter.listen((ComfyUiJobListener) webhook, Map.of("redeliveryDelayMillis", "10"));

        Job job = queue(comfyUi);

        Request refused = next();
        Request taken = next();
        assertThat(List.of(refused.header("Idempotency-Key"), taken.header("Idempotency-Key")))
                .containsOnly(job.id() + ":end");
        assertThat(new String(taken.body(), StandardCharsets.UTF_8))
                .isEqualTo("{\"job\":\"" + job.id() + "\",\"state\":\"COMPLETED\",\"files\":1}");
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec("s3cr3t".getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
        assertThat(taken.header("X-Signature"))
                .isEqualTo("sha256=" + HexFormat.of().formatHex(mac.doFinal(taken.body())));
    }

    @GenAiTest
    void bringsFilesToABucket(TestAdapter adapter, ComfyUiConnectionFactory comfyUi) throws Exception {
        Object bucket = recipe(
                "Bucket", Map.of("address", address("/"), "region", "r", "accessKey", "me", "secretKey", "s3cr3t"));
        Object upload = recipe("S3Upload", Map.of("comfyUi", comfyUi, "bucket", bucket));
        statuses.add(500);
        adapter.listen((ComfyUiJobListener) upload, Map.of("redeliveryDelayMillis", "10"));

        Job job = queue(comfyUi);

        Request refused = next();
        Request stored = next();
        assertThat(List.of(refused.uri().getPath(), stored.uri().getPath())).containsOnly("/" + job.id() + "/0");
        assertThat(stored.method()).isEqualTo("PUT");
        assertThat(stored.header("Content-Length")).isEqualTo(Integer.toString(stored.body().length));
        assertThat(ImageIO.read(new ByteArrayInputStream(stored.body()))).isNotNull();
    }

    /** The example of "Authenticating Requests: Using Query Parameters" in Amazon's documentation of S3. */
    @Test
    void signsAsS3Does() throws Exception {
        Object bucket = recipe(
                "Bucket",
                Map.of(
                        "address",
                        URI.create("https://examplebucket.s3.amazonaws.com/"),
                        "region",
                        "us-east-1",
                        "accessKey",
                        "AKIAIOSFODNN7EXAMPLE",
                        "secretKey",
                        "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"));

        Object signed = bucket.getClass()
                .getMethod("presign", String.class, String.class, Instant.class, Duration.class)
                .invoke(bucket, "GET", "test.txt", Instant.parse("2013-05-24T00:00:00Z"), Duration.ofDays(1));

        assertThat(signed.toString())
                .endsWith("&X-Amz-Signature=aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404");
    }

    @GenAiTest
    void queuesTheItemsOfAChunk(ComfyUiConnectionFactory comfyUi, ComfyUiSimulator painter) throws Exception {
        Object writer = recipe("PaintingWriter", Map.of("comfyUi", comfyUi));

        writer.getClass().getMethod("writeItems", List.class).invoke(writer, List.of("a cat", "the sea"));

        assertThat(painter.requests().stream()
                        .filter(request -> request.path().endsWith("/prompt"))
                        .map(request -> request.text()))
                .hasSize(2)
                .anySatisfy(text -> assertThat(text).contains("a cat"))
                .anySatisfy(text -> assertThat(text).contains("the sea"));
    }

    private static Object recipe(String type, Map<String, ?> injected) throws Exception {
        Object bean = recipes.loadClass("com.example.recipes." + type)
                .getDeclaredConstructor()
                .newInstance();
        for (Map.Entry<String, ?> value : injected.entrySet()) {
            Field field = bean.getClass().getDeclaredField(value.getKey());
            field.setAccessible(true);
            field.set(bean, value.getValue());
        }
        return bean;
    }

    private URI address(String path) {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + path);
    }

    private Request next() throws InterruptedException {
        Request request = requests.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
        assertThat(request).as("a request").isNotNull();
        return request;
    }

    private static Job queue(ComfyUiConnectionFactory comfyUi) throws Exception {
        try (ComfyUiConnection connection = comfyUi.getConnection()) {
            return connection.queuePrompt(Workflow.of(Path.of("src/test/resources/painting.json")));
        }
    }
}
