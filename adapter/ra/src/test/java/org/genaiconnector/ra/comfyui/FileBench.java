package org.genaiconnector.ra.comfyui;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.function.UnaryOperator;
import org.genaiconnector.comfyui.ComfyUiConnectionFactory;
import org.genaiconnector.comfyui.OutputFile;
import org.genaiconnector.testkit.Faults;
import org.genaiconnector.testkit.comfyui.ComfyUiSimulator;
import org.genaiconnector.testkit.comfyui.SeenRequest;

/** A simulator with a fault layer, and a factory that leads to it and retries twice at once. */
final class FileBench implements AutoCloseable {
    static final int RETRIES = 2;

    final Faults faults = new Faults();
    final ComfyUiSimulator server;
    final ComfyUiConnectionFactory factory;

    FileBench(UnaryOperator<ComfyUiSimulator.Builder> choices) throws Exception {
        server = choices.apply(ComfyUiSimulator.builder()).wrap(faults::wrap).start();
        ComfyUiManagedConnectionFactory managed = new ComfyUiManagedConnectionFactory();
        managed.setServerUrl(server.uri().toString());
        managed.setMaxRetries(RETRIES);
        managed.setRetryDelayMillis(0);
        managed.setResponseTimeoutMillis(5000);
        managed.setProbeOnCreate(false);
        managed.setCircuitFailures(0);
        factory = (ComfyUiConnectionFactory) managed.createConnectionFactory();
    }

    static FileBench start() throws Exception {
        return new FileBench(UnaryOperator.identity());
    }

    /** Puts a file into the server's output directory. */
    OutputFile output(String name, byte[] content) throws IOException {
        Files.write(server.outputDirectory().resolve(name), content);
        return new OutputFile("9", "images", name, "", "output");
    }

    /** Bytes without any pattern, so that a wrong offset shows. */
    static byte[] noise(int size) {
        byte[] bytes = new byte[size];
        new Random(size).nextBytes(bytes);
        return bytes;
    }

    /** What was asked of a route since a count of requests. */
    List<SeenRequest> requests(String route, int since) {
        return server.requests().stream()
                .skip(since)
                .filter(request -> request.path().startsWith(route))
                .toList();
    }

    int requestCount() {
        return server.requests().size();
    }

    Path input(String name) {
        return server.inputDirectory().resolve(name);
    }

    @Override
    public void close() {
        faults.release();
        server.close();
    }
}
