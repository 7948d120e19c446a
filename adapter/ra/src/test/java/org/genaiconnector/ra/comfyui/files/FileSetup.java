package org.genaiconnector.ra.comfyui.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.function.UnaryOperator;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.genaiconnector.FailureCategory;
import org.genaiconnector.GenAiException;
import org.genaiconnector.comfyui.ComfyUiConnection;
import org.genaiconnector.comfyui.ComfyUiConnectionFactory;
import org.genaiconnector.comfyui.FileDirectory;
import org.genaiconnector.comfyui.OutputFile;
import org.genaiconnector.ra.comfyui.ComfyUiManagedConnectionFactory;
import org.genaiconnector.testkit.Faults;
import org.genaiconnector.testkit.comfyui.ComfyUiSimulator;
import org.genaiconnector.testkit.comfyui.SeenRequest;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * A simulator with a fault layer, and a factory that leads to it and retries twice at once. As an extension it is one for
 * all tests of a class, with a new connection for each; faults do not outlive the test that ordered them.
 */
public final class FileSetup
        implements BeforeAllCallback, BeforeEachCallback, AfterEachCallback, AfterAllCallback, AutoCloseable {
    static final int RETRIES = 2;

    private final UnaryOperator<ComfyUiSimulator.Builder> choices;
    public final Faults faults = new Faults();
    public ComfyUiSimulator server;
    public ComfyUiConnectionFactory factory;

    /** Of the present test. */
    public ComfyUiConnection connection;

    private int requestsBefore;

    public FileSetup(UnaryOperator<ComfyUiSimulator.Builder> choices) {
        this.choices = choices;
    }

    public FileSetup() {
        this(UnaryOperator.identity());
    }

    /** For use without JUnit's help. */
    public FileSetup start() {
        server = choices.apply(ComfyUiSimulator.builder()).wrap(faults::wrap).start();
        ComfyUiManagedConnectionFactory managed = new ComfyUiManagedConnectionFactory();
        managed.setServerUrl(server.uri().toString());
        managed.setMaxRetries(RETRIES);
        managed.setRetryDelayMillis(0);
        managed.setResponseTimeoutMillis(30_000);
        managed.setProbeOnCreate(false);
        managed.setCircuitFailures(0);
        factory = (ComfyUiConnectionFactory) managed.createConnectionFactory();
        return this;
    }

    @Override
    public void beforeAll(ExtensionContext context) {
        start();
    }

    @Override
    public void beforeEach(ExtensionContext context) throws Exception {
        connection = factory.getConnection();
        connection.forgetNodeClasses();
        requestsBefore = requestCount();
    }

    @Override
    public void afterEach(ExtensionContext context) {
        faults.clear();
        connection.close();
    }

    @Override
    public void afterAll(ExtensionContext context) {
        close();
    }

    @Override
    public void close() {
        faults.release();
        server.close();
    }

    /** Puts a file into the simulator's output directory. */
    public OutputFile output(String name, byte[] content) throws IOException {
        Files.write(server.outputDirectory().resolve(name), content);
        return new OutputFile("9", "images", name, "", FileDirectory.OUTPUT);
    }

    /** Bytes without any pattern, so that a wrong offset shows. */
    public static byte[] noise(int size) {
        byte[] bytes = new byte[size];
        new Random(size).nextBytes(bytes);
        return bytes;
    }

    /** What was asked of a route in the present test. */
    public List<SeenRequest> requests(String route) {
        return requests(route, requestsBefore);
    }

    /** What was asked of a route since a count of requests. */
    public List<SeenRequest> requests(String route, int since) {
        return server.requests().stream()
                .skip(since)
                .filter(request -> request.path().startsWith(route))
                .toList();
    }

    public int requestCount() {
        return server.requests().size();
    }

    Path input(String name) {
        return server.inputDirectory().resolve(name);
    }

    public static void assertFails(ThrowingCallable call, FailureCategory category, String... words) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        GenAiException.class, e -> assertThat(e.category()).isEqualTo(category))
                .satisfies(e -> assertThat(List.of(words))
                        .allSatisfy(word -> assertThat(e.getMessage()).contains(word)));
    }
}
