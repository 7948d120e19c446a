package org.genaiconnector.storyboard.tests.admin;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** A finished run of a shell script. */
record Script(int status, String output) {

    private static final Path REPOSITORY = Path.of(System.getProperty("repository"));

    /** A file of the directory {@code server-config}. */
    static Path file(String name) {
        return REPOSITORY.resolve("server-config").resolve(name);
    }

    /**
     * Prepares a script, with all its output in one file.
     *
     * @param environment variables in addition to those of this process
     */
    static ProcessBuilder prepare(String name, Map<String, String> environment, Path output) {
        ProcessBuilder builder = new ProcessBuilder("sh", file(name).toString())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile());
        builder.environment()
                .keySet()
                .removeIf(variable -> variable.matches("(AS_ADMIN|COMFYUI|LLM|GENAI|JBOSS|LIBERTY)_.*|ASADMIN"));
        builder.environment().putAll(environment);
        return builder;
    }

    /** Runs a script to its end. */
    static Script run(String name, Map<String, String> environment, String... options)
            throws IOException, InterruptedException {
        Path output = Files.createTempFile("script", ".log");
        ProcessBuilder builder = prepare(name, environment, output);
        builder.command().addAll(List.of(options));
        int status = builder.start().waitFor();
        return new Script(status, Files.readString(output));
    }
}
