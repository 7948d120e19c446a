package org.genaiconnector.tests.release;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/** Runs of this project's Maven in other directories. */
final class Maven {
    private static final Path ROOT = Path.of("..", "..").toAbsolutePath().normalize();
    private static final int LONGEST_MINUTES = 10;

    private Maven() {}

    /**
     * Runs Maven to its end.
     *
     * @param log file of everything it prints
     * @throws AssertionError with what it prints, if it fails
     */
    static void run(Path directory, Path log, String... arguments) throws IOException, InterruptedException {
        boolean windows = System.getProperty("os.name").toLowerCase(Locale.ROOT).startsWith("windows");
        List<String> command = new ArrayList<>();
        command.add(ROOT.resolve(windows ? "mvnw.cmd" : "mvnw").toString());
        command.addAll(List.of("-B", "-ntp", "-q", "-f", directory.toString()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile());
        // another place and time than those of the build that runs this
        builder.environment().put("TZ", "Asia/Kathmandu");
        builder.environment().put("LC_ALL", "C");
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        Process maven = builder.start();
        try {
            assertThat(maven.waitFor(LONGEST_MINUTES, TimeUnit.MINUTES))
                    .as("Maven ends: " + command)
                    .isTrue();
        } finally {
            maven.descendants().forEach(ProcessHandle::destroyForcibly);
            maven.destroyForcibly();
        }
        assertThat(maven.exitValue()).as(() -> text(log)).isZero();
    }

    private static String text(Path log) {
        try {
            return Files.readString(log);
        } catch (IOException e) {
            return log + " cannot be read: " + e;
        }
    }
}
