package org.genaiconnector.ivt.tests;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.genaiconnector.servers.Jvm;

/** Looks into the JVM of an application server from outside, by the JDK's jcmd. */
final class JvmInspector {
    private static final long LONGEST_COMMAND_SECONDS = 60;
    private static final Duration LONGEST_CLEANING = Duration.ofSeconds(20);

    /** One line for each loaded class of this name, whatever its class loader. */
    private static final Pattern ADAPTER =
            Pattern.compile("(?m)\\borg\\.genaiconnector\\.ra\\.GenAiResourceAdapter\\s*$");

    private static final Pattern FRAME =
            Pattern.compile("\\bat (org\\.genaiconnector\\.|org\\.java_websocket\\.|org\\.apache\\.hc\\.).*");

    private final Jvm jvm;
    private final long pid;

    JvmInspector(Jvm jvm, long pid) {
        this.jvm = jvm;
        this.pid = pid;
    }

    /**
     * Waits until nothing is left of undeployed adapters.
     *
     * @param kept how many class loaders of adapters may be left
     * @return what is left after the longest wait, in words; empty if nothing
     */
    List<String> awaitUndeployed(int kept) throws IOException, InterruptedException {
        long start = System.nanoTime();
        List<String> left = left(kept);
        while (!left.isEmpty() && System.nanoTime() - start < LONGEST_CLEANING.toNanos()) {
            left = left(kept); // collects garbage, which takes a while
        }
        if (!left.isEmpty()) {
            Path dump = Path.of("target", "leftovers-" + pid + ".hprof").toAbsolutePath();
            jcmd("GC.heap_dump", dump.toString());
            left.add("see " + dump);
        }
        return left;
    }

    private List<String> left(int kept) throws IOException, InterruptedException {
        jcmd("GC.run");
        List<String> left = new ArrayList<>();
        long loaders = ADAPTER.matcher(jcmd("VM.classloaders", "show-classes=true"))
                .results()
                .count();
        if (loaders > kept) {
            left.add("class loaders of adapters: " + loaders);
        }
        Arrays.stream(jcmd("Thread.print").split("\n\n"))
                .filter(thread -> FRAME.matcher(thread).find())
                .forEach(thread ->
                        left.add("thread " + thread.lines().findFirst().orElse("")));
        return left;
    }

    private String jcmd(String... command) throws IOException, InterruptedException {
        List<String> line =
                new ArrayList<>(List.of(jvm.home().resolve("bin/jcmd").toString(), Long.toString(pid)));
        line.addAll(List.of(command));
        ProcessBuilder builder = new ProcessBuilder(line).redirectErrorStream(true);
        builder.environment().remove("JAVA_TOOL_OPTIONS"); // its JVM would print them
        Process process = builder.start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (!process.waitFor(LONGEST_COMMAND_SECONDS, TimeUnit.SECONDS) || process.exitValue() != 0) {
            throw new IOException("jcmd " + String.join(" ", command) + ": " + said);
        }
        return said;
    }
}
