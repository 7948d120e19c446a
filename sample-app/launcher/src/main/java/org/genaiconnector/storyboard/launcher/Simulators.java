package org.genaiconnector.storyboard.launcher;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.BiFunction;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.genaiconnector.testkit.comfyui.ComfyUiSimulator;
import org.genaiconnector.testkit.llm.LlmSimulator;

/**
 * Starts the simulator of one backend: its name and a directory for files in, its address out. This class is loaded
 * twice, by the launcher and by {@link SimulatorLoader}, and only the second one can see the simulators.
 */
public final class Simulators implements BiFunction<String, Path, URI> {

    /** Slow enough to see a picture progress, fast enough to wait for it. */
    private static final Duration STEP = Duration.ofMillis(120);

    /** Held here, or its level would be forgotten with it. */
    private static final Logger JETTY = Logger.getLogger("org.eclipse.jetty");

    @Override
    public URI apply(String backend, Path work) {
        JETTY.setLevel(Level.WARNING);
        return switch (Backend.valueOf(backend)) {
            case COMFYUI -> comfyUi(work);
            case LLM -> LlmSimulator.start().openAiUri();
        };
    }

    /** At the same address as before a restart, if that is free: the jobs of a job store belong to it. */
    private static URI comfyUi(Path work) {
        Path kept = work.resolve("comfyui.port");
        try {
            int before =
                    Files.exists(kept) ? Integer.parseInt(Files.readString(kept).strip()) : 0;
            URI address = ComfyUiSimulator.builder()
                    .directory(work.resolve("comfyui"))
                    .port(isFree(before) ? before : 0)
                    .stepDelay(STEP)
                    .start()
                    .uri();
            Files.createDirectories(work);
            Files.writeString(kept, Integer.toString(address.getPort()));
            return address;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean isFree(int port) {
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            return true;
        } catch (IOException e) { // it is in use
            return false;
        }
    }
}
