package org.genaiconnector.storyboard.launcher;

import java.net.URI;
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
            case COMFYUI ->
                ComfyUiSimulator.builder()
                        .directory(work.resolve("comfyui"))
                        .stepDelay(STEP)
                        .start()
                        .uri();
            case LLM -> LlmSimulator.start().openAiUri();
        };
    }
}
