package org.genaiconnector.storyboard.tests;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.genaiconnector.testkit.FreePort;

/** The application started by its launcher in a process of its own, as a user starts it. */
final class Storyboard {

    private static final Pattern READY = Pattern.compile("^Storyboard is ready: (http://localhost:\\d+/)");
    private static final Pattern LOG = Pattern.compile("^Log: (.+)$");
    private static final List<String> SETTINGS =
            List.of("COMFYUI_", "LLM_", "PORT", "HOST", "CONSOLE_PORT", "STORYBOARD_", "DATABASE_");
    private static final int START_MINUTES = 10;
    /** More than the launcher takes at most. */
    private static final int STOP_SECONDS = 90;

    private final Process process;
    private final List<String> output = Collections.synchronizedList(new ArrayList<>());
    private final CompletableFuture<URI> ready = new CompletableFuture<>();

    private Storyboard(Process process) {
        this.process = process;
        Thread reader = new Thread(this::read, "output of " + process.pid());
        reader.setDaemon(true);
        reader.start();
    }

    /**
     * Starts the launcher and returns at once.
     *
     * @param home directory of {@code storyboard.jar}
     * @param environment settings; those of this process are ignored
     */
    static Storyboard launch(Path home, Map<String, String> environment) throws IOException {
        return launch(home, environment, FreePort.reserve());
    }

    /**
     * Starts the launcher and returns at once.
     *
     * @param home directory of {@code storyboard.jar}
     * @param environment settings; those of this process are ignored
     * @param port of the application
     * @param arguments before those that tell the port
     */
    static Storyboard launch(Path home, Map<String, String> environment, int port, String... arguments)
            throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-jar", home.resolve("storyboard.jar").toString()));
        command.addAll(List.of(arguments));
        command.addAll(List.of("--port", Integer.toString(port)));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().keySet().removeIf(Storyboard::isSetting);
        builder.environment().put("CONSOLE_PORT", Integer.toString(FreePort.reserve()));
        builder.environment().putAll(environment);
        return new Storyboard(builder.start());
    }

    /** Whether a variable of the environment would change what is started. */
    static boolean isSetting(String name) {
        return SETTINGS.stream().anyMatch(name::startsWith);
    }

    /** The address, as soon as the launcher has printed it. */
    URI uri() throws Exception {
        return ready.get(START_MINUTES, TimeUnit.MINUTES);
    }

    /** The output of the launcher until now. */
    String output() {
        synchronized (output) {
            return String.join("\n", output);
        }
    }

    /** Everything an operator can read: the launcher's output, and the log file if there is one. */
    String log() throws IOException {
        Matcher file = Pattern.compile(LOG.pattern(), Pattern.MULTILINE).matcher(output());
        return file.find() ? output() + "\n" + Files.readString(Path.of(file.group(1))) : output();
    }

    /** Whether the application server has a process and a log file of its own. */
    boolean hasLogFile() {
        return Pattern.compile(LOG.pattern(), Pattern.MULTILINE)
                .matcher(output())
                .find();
    }

    /** The launcher's process, and that of the application server if it has one of its own. */
    List<ProcessHandle> processes() throws IOException {
        List<ProcessHandle> processes = new ArrayList<>(List.of(process.toHandle()));
        Matcher file = Pattern.compile(LOG.pattern(), Pattern.MULTILINE).matcher(output());
        process.descendants().forEach(processes::add);
        if (file.find()) {
            // Payara Server and GlassFish are no children of their launcher
            Path pid = Path.of(file.group(1)).getParent().resolveSibling("config/pid");
            if (Files.exists(pid)) {
                processes.add(
                        ProcessHandle.of(Long.parseLong(Files.readString(pid).strip()))
                                .orElseThrow());
            }
        }
        return processes;
    }

    /** Waits for the process to end by itself. */
    int awaitEnd() throws InterruptedException {
        if (!process.waitFor(START_MINUTES, TimeUnit.MINUTES)) {
            throw new AssertionError("The launcher goes on:\n" + output());
        }
        return process.exitValue();
    }

    /** Stops it by the signal that {@code kill} sends, if it has not stopped. */
    void stop() throws InterruptedException {
        process.destroy();
        if (!process.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new AssertionError("The launcher does not stop:\n" + output());
        }
    }

    /** Ends it by the signal that no process can handle. */
    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    private void read() {
        try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                output.add(line);
                Matcher found = READY.matcher(line);
                if (found.find()) {
                    ready.complete(URI.create(found.group(1)));
                }
            }
        } catch (IOException e) {
            ready.completeExceptionally(new UncheckedIOException(e));
        }
        ready.completeExceptionally(new AssertionError("The launcher ended:\n" + output()));
    }
}
