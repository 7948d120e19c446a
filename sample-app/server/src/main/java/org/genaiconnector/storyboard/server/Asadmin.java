package org.genaiconnector.storyboard.server;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * {@code asadmin multimode}, which executes any number of commands in one process; a process for each command would
 * take seconds. It starts with the first command, also after it was closed. One thread at a time may
 * use it; any may close it.
 */
public final class Asadmin implements AutoCloseable {

    private static final int STOP_SECONDS = 10;

    private final List<String> commandLine = new ArrayList<>();
    private final Map<String, String> environment;
    private final Duration longest;
    private volatile Process process;

    /** Lines of its output; empty at the end. */
    private BlockingQueue<Optional<String>> output;

    /**
     * Starts nothing yet.
     *
     * @param payara directory of the unpacked server
     * @param options of asadmin for all commands
     * @param environment of its process and of the servers that it starts, in addition to that of this process
     * @param longest time that a command may take
     */
    public Asadmin(Path payara, List<String> options, Map<String, String> environment, Duration longest) {
        commandLine.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        commandLine.add("-jar");
        commandLine.add(payara.resolve("glassfish/lib/client/appserver-cli.jar").toString());
        commandLine.addAll(options);
        commandLine.add("multimode");
        this.environment = environment;
        this.longest = longest;
    }

    /**
     * Executes a command.
     *
     * @param command its name, options and operands, each on one line
     * @return what it says
     * @throws IOException with what it says, if it fails, takes too long, or asadmin ends
     */
    public String run(String... command) throws IOException {
        Process running = process;
        if (running == null) {
            running = start();
        }
        IOException unsent =
                send(running, Arrays.stream(command).map(Asadmin::quoted).collect(Collectors.joining(" ")));
        Pattern lastLine =
                Pattern.compile("Command " + Pattern.quote(command[0]) + " (executed successfully|failed)\\.");
        StringBuilder said = new StringBuilder();
        long deadline = System.nanoTime() + longest.toNanos();
        Matcher end;
        do {
            String line = next(deadline, said, unsent);
            said.append(line).append('\n');
            end = lastLine.matcher(line);
        } while (!end.matches());
        if (end.group(1).equals("failed")) {
            throw new IOException("asadmin failed: " + said.toString().strip());
        }
        return said.toString().strip();
    }

    /** @return why its process cannot read, which is reported with what the process says; null if it can */
    private static IOException send(Process process, String line) {
        try {
            Writer input = process.outputWriter();
            input.write(line + "\n");
            input.flush();
            return null;
        } catch (IOException e) {
            return e;
        }
    }

    private String next(long deadline, StringBuilder said, IOException unsent) throws IOException {
        Optional<String> line;
        try {
            line = output.poll(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw failed("interrupted while it was running", e);
        }
        if (line == null) {
            throw failed("not done after " + longest.toMillis() / 1000.0 + " s. " + said, null);
        }
        return line.orElseThrow(() -> failed("its process has ended. " + said, unsent));
    }

    private IOException failed(String why, Exception cause) {
        close();
        return new IOException("asadmin failed: " + why.strip(), cause);
    }

    private Process start() throws IOException {
        ProcessBuilder builder = new ProcessBuilder(commandLine).redirectErrorStream(true);
        builder.environment().putAll(environment);
        Process started = builder.start();
        BlockingQueue<Optional<String>> lines = new LinkedBlockingQueue<>();
        Thread reader = new Thread(() -> read(started.inputReader(), lines), "output of asadmin");
        reader.setDaemon(true);
        reader.start();
        output = lines;
        process = started;
        return started;
    }

    private static void read(BufferedReader reader, BlockingQueue<Optional<String>> lines) {
        try (reader) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                lines.add(Optional.of(line));
            }
        } catch (IOException e) {
            lines.add(Optional.of(e.toString()));
        } finally {
            lines.add(Optional.empty());
        }
    }

    /** In double quotes asadmin takes all characters as they are but quotes and backslashes. */
    private static String quoted(String argument) {
        if (argument.contains("\n") || argument.contains("\r")) {
            throw new IllegalArgumentException("An argument of asadmin must be one line: " + argument);
        }
        return '"' + argument.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }

    /** Ends its process, if there is one, and waits for its end. */
    @Override
    public void close() {
        Process running = process;
        if (running != null) {
            process = null;
            running.destroy();
            try {
                if (!running.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
                    running.destroyForcibly();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
