package org.genaiconnector.storyboard.launcher;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * Runs a JAR in a Java process of its own and in front of this one: it has the console, and this process does not end
 * before it. This is how Maven runs Storyboard, so that Ctrl-C leaves nothing behind.
 */
public final class Foreground {

    /** Longer than a launcher waits for its application server; Open Liberty alone may take half a minute. */
    private static final int STOP_SECONDS = 70;

    /** What Java ends with after SIGINT and SIGTERM. */
    private static final Set<Integer> STOPPED_BY_SIGNAL = Set.of(130, 143);

    private Foreground() {}

    /**
     * Runs the JAR until it or this process ends.
     *
     * @param arguments the JAR and its arguments
     * @throws IOException if Java cannot be started
     * @throws InterruptedException if this thread is interrupted
     */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("-jar");
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command).inheritIO().start();
        Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(process), "stop-" + process.pid()));
        int status = process.waitFor();
        if (status != 0 && !STOPPED_BY_SIGNAL.contains(status)) {
            throw new IllegalStateException("Storyboard ended with status " + status);
        }
    }

    private static void stop(Process process) {
        process.destroy();
        try {
            if (!process.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
        }
    }
}
