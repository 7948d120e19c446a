package org.genaiconnector.tests.payara;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.genaiconnector.comfyui.ComfyUiConnectionFactory;
import org.genaiconnector.comfyui.WorkflowTemplate;
import org.genaiconnector.llm.LlmConnectionFactory;
import org.genaiconnector.testkit.comfyui.ComfyUiSimulator;
import org.genaiconnector.tests.Secrets;
import org.genaiconnector.tests.payara.testapp.TemplateBean;

/**
 * The files that a Payara Micro starts with; {@code arquillian.xml} names them. Boot commands deploy the adapter and create
 * the pools, because a RAR given on the command line would be deployed after the test's WAR.
 */
public final class ServerFiles {
    private static final Path DIRECTORY = Path.of(System.getProperty("micro"));
    private static final Path LOG = DIRECTORY.resolve("server.log");
    private static final String LISTENER =
            "configs.config.server-config.network-config.network-listeners.network-listener.http-listener";

    /** More than the default of five, so that pools are the bottleneck. */
    private static final String THREADS = "configs.config.server-config.thread-pools.thread-pool.http-thread-pool";

    /** Largest number of connections in each pool. */
    private static final int MAX_POOL_SIZE = 2;

    /** How long a borrower waits for a connection of a pool. */
    private static final int MAX_WAIT_MILLIS = 400;

    private ServerFiles() {}

    /** Log file of the Payara Micro of the running test class. */
    public static Path log() {
        return LOG;
    }

    static void write() throws IOException {
        Files.createDirectories(DIRECTORY);
        Files.deleteIfExists(LOG);
        Files.write(
                DIRECTORY.resolve("preboot.txt"),
                List.of("set " + LISTENER + ".address=127.0.0.1", "set " + THREADS + ".max-thread-pool-size=50"));
        Files.write(DIRECTORY.resolve("postboot.txt"), bootCommands());
        Files.write(DIRECTORY.resolve("logging.properties"), logging());
        Files.writeString(workflow(), TemplateBean.INVERTED);
    }

    private static List<String> bootCommands() {
        return Stream.of(
                        Stream.of("deploy --name=genai-connector target/archives/genai-connector.rar"),
                        comfyUi("comfyui", Backends.comfyUi()),
                        comfyUi("late", Backends.late()),
                        comfyUi("at-once", Backends.comfyUi())
                                .map(command -> command.replace(
                                        "--steadypoolsize", "--transactionsupport=NoTransaction --steadypoolsize")),
                        llm("llm", Secrets.KEY),
                        llm("wrong-key", Secrets.WRONG_KEY),
                        Stream.of(template("inverted", workflow()), template("broken", DIRECTORY.resolve("none.json"))))
                .flatMap(commands -> commands)
                .toList();
    }

    private static Stream<String> comfyUi(String name, ComfyUiSimulator server) {
        return pool(name, ComfyUiConnectionFactory.class, "serverUrl=" + server.uri());
    }

    private static Stream<String> llm(String name, String key) {
        return pool(
                name,
                LlmConnectionFactory.class,
                "serverUrl=" + Backends.llm().openAiUri(),
                "apiKey=" + key,
                "model=gpt-test",
                "poolName=" + name);
    }

    /** A pool and, below {@code genai/}, the resource that applications look up. Commands separate properties by colons. */
    private static Stream<String> pool(String name, Class<?> factory, String... properties) {
        String escaped = Arrays.stream(properties)
                .map(property -> property.replace(":", "\\:"))
                .collect(Collectors.joining(":"));
        return Stream.of(
                "create-connector-connection-pool --raname=genai-connector --connectiondefinition=" + factory.getName()
                        + " --steadypoolsize=0 --maxpoolsize=" + MAX_POOL_SIZE
                        + " --maxwait=" + MAX_WAIT_MILLIS
                        + " --property=" + escaped + " " + name,
                "create-connector-resource --poolname=" + name + " genai/" + name);
    }

    /** An administered object below {@code genai/}. Equal signs in its properties are escaped, too. */
    private static String template(String name, Path workflow) {
        return "create-admin-object --raname=genai-connector --restype=" + WorkflowTemplate.class.getName()
                + " --property=workflowFile="
                + workflow.toAbsolutePath().toString().replace("\\", "/").replace(":", "\\:")
                + ":parameters=color\\=canvas.color,prefix\\=save.filename_prefix:requiredParameters=color genai/"
                + name;
    }

    private static Path workflow() {
        return DIRECTORY.resolve("inverted.json");
    }

    /** To the console for Arquillian, which reads there that the server has started, and to a file for {@link ServerLog}. */
    private static List<String> logging() {
        String formatter = "com.sun.enterprise.server.logging.ODLLogFormatter";
        return List.of(
                "handlers=java.util.logging.ConsoleHandler,java.util.logging.FileHandler",
                ".level=INFO",
                formatter + ".ansiColor=false",
                "java.util.logging.ConsoleHandler.formatter=" + formatter,
                "java.util.logging.FileHandler.formatter=" + formatter,
                "java.util.logging.FileHandler.pattern=" + LOG.toString().replace('\\', '/'));
    }
}
