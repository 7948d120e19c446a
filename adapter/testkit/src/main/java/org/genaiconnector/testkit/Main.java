package org.genaiconnector.testkit;

import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.function.Supplier;
import org.genaiconnector.testkit.comfyui.ComfyUiSimulator;
import org.genaiconnector.testkit.llm.LlmSimulator;
import org.genaiconnector.testkit.llm.Profile;

/** Runs both simulators from the command line until Ctrl-C. */
public final class Main implements AutoCloseable {
    private static final int COMFYUI_PORT = 8188;
    private static final int LLM_PORT = 8000;
    private static final int LARGEST_PORT = 65_535;
    /** About as fast as people read. */
    private static final Duration TOKEN_DELAY = Duration.ofMillis(25);

    private static final String USAGE =
            "Usage: java -cp ... " + Main.class.getName() + " [ComfyUI port, default 8188 [LLM port, default 8000]]";

    private final ComfyUiSimulator comfyUi;
    private final LlmSimulator llm;

    private Main(int comfyUiPort, int llmPort) {
        comfyUi = started("ComfyUI", comfyUiPort, ComfyUiSimulator.builder().port(comfyUiPort)::start);
        try {
            llm = started(
                    "LLM",
                    llmPort,
                    LlmSimulator.builder()
                            .port(llmPort)
                            .profile(Profile.VLLM) // whose port it is
                            .chunkDelay(TOKEN_DELAY)::start);
        } catch (RuntimeException e) {
            comfyUi.close();
            throw e;
        }
    }

    private static <T> T started(String name, int port, Supplier<T> start) {
        try {
            return start.get();
        } catch (UncheckedIOException e) {
            Throwable cause = e;
            while (cause.getCause() != null) {
                cause = cause.getCause();
            }
            throw new UncheckedIOException(
                    "The " + name + " simulator cannot start on port " + port + ": " + cause.getMessage(),
                    e.getCause());
        }
    }

    /**
     * Starts the simulators and returns when the process is asked to end.
     *
     * @param args the ports of ComfyUI and LLM; 0 for any free one
     */
    public static void main(String... args) throws InterruptedException {
        JettyLog.quiet();
        Main running;
        try {
            running = start(args);
        } catch (IllegalArgumentException e) {
            System.err.println(e.getMessage());
            System.exit(2);
            return;
        } catch (UncheckedIOException e) {
            System.err.println(e.getMessage());
            System.err.println(USAGE);
            System.exit(1);
            return;
        }
        running.describe(System.out);
        Runtime.getRuntime().addShutdownHook(new Thread(running::close, "simulators-shutdown"));
        new CountDownLatch(1).await(); // Ctrl-C ends the process, the hook the simulators
    }

    /**
     * Starts the simulators.
     *
     * @throws IllegalArgumentException if the arguments are not ports
     * @throws UncheckedIOException if a port is taken
     */
    static Main start(String... args) {
        if (args.length > 2) {
            throw new IllegalArgumentException(USAGE);
        }
        int comfyUiPort = args.length > 0 ? port(args[0]) : COMFYUI_PORT;
        int llmPort = args.length > 1 ? port(args[1]) : LLM_PORT;
        return new Main(comfyUiPort, llmPort);
    }

    private static int port(String text) {
        if (!text.matches("\\d{1,5}") || Integer.parseInt(text) > LARGEST_PORT) {
            throw new IllegalArgumentException(text + " is not a port. " + USAGE);
        }
        return Integer.parseInt(text);
    }

    /** Says where the simulators are and how to use them. */
    void describe(PrintStream out) {
        out.println("ComfyUI simulator  " + comfyUi.uri());
        out.println("LLM simulator      " + llm.openAiUri() + " (OpenAI protocol)");
        out.println("                   " + llm.anthropicUri() + " (Anthropic protocol)");
        out.println();
        out.println("Any model name and any API key will do. To point the sample application at them:");
        out.println("  COMFYUI_URL=" + comfyUi.uri() + " LLM_PROVIDER=LOCAL LLM_URL=" + llm.openAiUri()
                + " LLM_MODEL=simulator");
        out.println("Ctrl-C ends both.");
    }

    @Override
    public void close() {
        try {
            llm.close();
        } finally {
            comfyUi.close();
        }
    }
}
