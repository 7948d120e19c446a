package org.genaiconnector.servers;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** The process of an application server: starting it, waiting for it, and ending it within a deadline. */
final class ServerProcess {
    private static final Duration LONGEST_STOP = Duration.ofMinutes(1);
    private static final Duration LONGEST_COMMAND = Duration.ofMinutes(5);
    private static final long RECHECK_MILLIS = 50;

    private final String title;
    private final ProcessHandle handle;
    private final Path log;

    /**
     * A running process.
     *
     * @param title of the application server, for messages
     * @param log for messages
     */
    ServerProcess(String title, ProcessHandle handle, Path log) {
        this.title = title;
        this.handle = handle;
        this.log = log;
    }

    /** A condition that may have to read files or sockets. */
    @FunctionalInterface
    interface Condition {
        boolean holds() throws IOException, InterruptedException;
    }

    /**
     * Starts Java.
     *
     * @param directory in which it runs; exists
     * @param output file of everything it prints
     * @param log of the application server, for messages
     */
    static ServerProcess start(
            String title,
            Jvm jvm,
            List<String> arguments,
            Path directory,
            Map<String, String> environment,
            Path output,
            Path log)
            throws IOException {
        return new ServerProcess(
                title,
                builder(jvm, arguments, directory, environment, output).start().toHandle(),
                log);
    }

    /**
     * Runs a command written in Java to its end. What it has started goes on, unless it fails.
     *
     * @param title of the command, for messages
     * @param directory in which it runs; exists
     * @param output file of everything it prints
     * @return what it prints
     * @throws IOException with what it prints, if it fails or takes longer than any command should
     */
    static String run(
            String title, Jvm jvm, List<String> arguments, Path directory, Map<String, String> environment, Path output)
            throws IOException, InterruptedException {
        Process command =
                builder(jvm, arguments, directory, environment, output).start();
        Set<ProcessHandle> started = new HashSet<>();
        long begin = System.nanoTime();
        boolean ended = false;
        while (!ended && System.nanoTime() - begin < LONGEST_COMMAND.toNanos()) {
            ended = command.waitFor(RECHECK_MILLIS, TimeUnit.MILLISECONDS);
            command.descendants().forEach(started::add);
        }
        if (!ended) {
            command.destroyForcibly();
        }
        String said = Files.readString(output, StandardCharsets.UTF_8).strip();
        if (!ended || command.exitValue() != 0) {
            started.forEach(ProcessHandle::destroyForcibly);
            throw new IOException(title + (ended ? " failed: " : " does not end: ") + said);
        }
        return said;
    }

    private static ProcessBuilder builder(
            Jvm jvm, List<String> arguments, Path directory, Map<String, String> environment, Path output) {
        List<String> command = new ArrayList<>();
        command.add(jvm.java().toString());
        command.addAll(jvm.options());
        command.addAll(arguments);
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectInput(ProcessBuilder.Redirect.from(nothing()))
                .redirectOutput(output.toFile());
        builder.environment().putAll(environment);
        return builder;
    }

    private static File nothing() {
        return new File(System.getProperty("os.name").startsWith("Windows") ? "NUL" : "/dev/null");
    }

    ProcessHandle handle() {
        return handle;
    }

    /**
     * Waits until a condition holds.
     *
     * @param what it stands for, for the message: "does not ..."
     * @throws IOException if it does not hold in time, or the process has ended
     */
    void await(String what, Duration longest, Condition condition) throws IOException, InterruptedException {
        long start = System.nanoTime();
        while (!condition.holds()) {
            if (!handle.isAlive()) {
                throw new IOException(title + " has ended and so does not " + what + "; see " + log);
            }
            if (System.nanoTime() - start > longest.toNanos()) {
                throw new IOException(
                        title + " does not " + what + " within " + longest.toSeconds() + " s; see " + log);
            }
            TimeUnit.MILLISECONDS.sleep(RECHECK_MILLIS); // between two looks
        }
    }

    /** Ends it as an operating system does; nothing if it has ended. */
    void stop() {
        handle.destroy();
        try {
            handle.onExit().get(LONGEST_STOP.toSeconds(), TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            handle.destroyForcibly();
            Thread.currentThread().interrupt();
        } catch (TimeoutException e) {
            handle.destroyForcibly();
            throw new IllegalStateException(
                    title + " did not stop within " + LONGEST_STOP.toSeconds() + " s; see " + log, e);
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }
}
