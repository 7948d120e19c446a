package org.genaiconnector.storyboard.tests;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** Several Storyboards with one database, started by the script of the example as an administrator starts it. */
final class Cluster {

    private static final int STOP_SECONDS = 60;

    private final Process script;
    private final Thread reader;
    private final List<Integer> ports;
    private final List<String> output = Collections.synchronizedList(new ArrayList<>());

    private Cluster(Process script, List<Integer> ports) {
        this.script = script;
        this.ports = ports;
        reader = new Thread(this::read, "output of " + script.pid());
        reader.setDaemon(true);
        reader.start();
    }

    static Cluster start(Map<String, String> environment, List<Integer> ports) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("repository"), "server-config/cluster/run.sh")
                .toString());
        ports.forEach(port -> command.add(Integer.toString(port)));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().keySet().removeIf(Storyboard::isSetting);
        builder.environment().putAll(environment);
        return new Cluster(builder.start(), ports);
    }

    boolean isReady(int index) {
        if (!script.isAlive()) {
            throw new AssertionError("The script has ended:\n" + output());
        }
        return output(index).contains("Storyboard is ready: " + uri(index));
    }

    URI uri(int index) {
        return URI.create("http://localhost:" + ports.get(index) + "/");
    }

    /** What one of them has printed. */
    String output(int index) {
        String head = ports.get(index) + ": ";
        return output().lines()
                .filter(line -> line.startsWith(head))
                .map(line -> line.substring(head.length()))
                .collect(Collectors.joining("\n"));
    }

    String output() {
        synchronized (output) {
            return String.join("\n", output);
        }
    }

    /** Their processes. */
    List<ProcessHandle> processes() {
        return script.descendants().filter(process -> isJava(process, "")).toList();
    }

    private static boolean isJava(ProcessHandle process, String argument) {
        String command = process.info().commandLine().orElse("");
        return command.contains("storyboard.jar") && command.contains(argument);
    }

    /** Ends one of them by the signal that no process can handle. */
    void kill(int index) {
        ProcessHandle process = script.descendants()
                .filter(child -> isJava(child, "--port " + ports.get(index)))
                .findFirst()
                .orElseThrow();
        process.destroyForcibly();
        process.onExit().join();
    }

    /** Stops all by the signal that {@code kill} sends. */
    void stop() throws InterruptedException {
        List<ProcessHandle> all = script.descendants().toList();
        script.toHandle().destroy(); // the process itself would close its output, too
        if (!script.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
            all.forEach(ProcessHandle::destroyForcibly);
            script.destroyForcibly();
            throw new AssertionError("The script does not stop:\n" + output());
        }
        if (all.stream().anyMatch(ProcessHandle::isAlive)) {
            throw new AssertionError("The script has left processes behind:\n" + output());
        }
        reader.join(TimeUnit.SECONDS.toMillis(STOP_SECONDS));
    }

    private void read() {
        try (BufferedReader lines = script.inputReader(StandardCharsets.UTF_8)) {
            lines.lines().forEach(output::add);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
