package org.genaiconnector.storyboard.tests.admin;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.genaiconnector.storyboard.server.PayaraDomain;
import org.genaiconnector.storyboard.tests.Backends;
import org.genaiconnector.storyboard.tests.ListeningSockets;
import org.genaiconnector.storyboard.tests.Rest;
import org.genaiconnector.testkit.FreePort;
import org.genaiconnector.testkit.comfyui.ComfyUiSimulator;
import org.genaiconnector.testkit.llm.LlmSimulator;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * A fresh Payara Server that the script has configured twice, with Storyboard and a second application on the script's
 * pools. It starts with the first test that needs it, and stops after the last.
 */
final class AdminServer implements AutoCloseable {

    static final String KEY = "sk-administrator-7f31";
    static final String ALICE = "sk-alice-99c0";
    static final String BOB = "sk-bob-41d8";

    /** The callers who may sign on to the sample. */
    private static final Map<String, String> CALLERS =
            Map.of("STORYBOARD_CALLERS", "alice:wonderland,bob:builder,carol:christmas");

    private static final String HOST = "127.0.0.1";
    private static final Path SERVER = Path.of(System.getProperty("storyboard.server"));
    private static final Path MICRO = Path.of(System.getProperty("storyboard.micro"));

    private final ComfyUiSimulator comfyUi = ComfyUiSimulator.start();
    private final LlmSimulator llm =
            LlmSimulator.builder().apiKeys(KEY, ALICE, BOB).start();
    private final Path work = Files.createTempDirectory("admin");
    private final int httpPort = FreePort.reserve();
    private final int adminPort = FreePort.reserve();
    private final String password = PayaraDomain.newPassword();
    private final PayaraDomain domain = new PayaraDomain(SERVER.resolve("payara6"), work, adminPort, password, CALLERS);
    private final Rest rest = new Rest(URI.create("http://" + HOST + ":" + httpPort));
    private Script first;
    private Script second;
    private String configured;
    private String reconfigured;
    private ListeningSockets listening;

    private AdminServer() throws Exception {
        try {
            start();
        } catch (Exception e) {
            close();
            throw e;
        }
    }

    private void start() throws Exception {
        domain.create(HOST, httpPort);
        domain.start();
        first = configure(Map.of("LLM_API_KEY", KEY, "LLM_KEY_ALICE", ALICE, "LLM_KEY_BOB", BOB));
        configured = configuration();
        asadmin("set", "resources.connector-connection-pool.genai/llm.max-pool-size=7");
        second = configure(Map.of());
        reconfigured = configuration();
        deployStoryboard("storyboard", "/", Script.file("sample/web.xml"));
        deploy(
                "second",
                Archives.of(SecondApplication.class, work.resolve("second.war")).toString());
        touch();
    }

    private void touch() throws IOException {
        listening = ListeningSockets.touch(List.of(domain.process().orElseThrow()));
    }

    /** Runs the script; keys only if they are given here. */
    Script configure(Map<String, String> keys) throws IOException, InterruptedException {
        Path callers = Files.write(
                work.resolve("callers"),
                List.of("genai/llm alice principal alice LLM_KEY_ALICE", "genai/llm bob principal bob LLM_KEY_BOB"));
        Map<String, String> environment = new HashMap<>(keys);
        environment.put("ASADMIN", SERVER.resolve("payara6/bin/asadmin").toString());
        environment.put("AS_ADMIN_HOST", HOST);
        environment.put("AS_ADMIN_PORT", Integer.toString(adminPort));
        environment.put("AS_ADMIN_USER", PayaraDomain.ADMIN);
        environment.put(
                "AS_ADMIN_PASSWORDFILE",
                Files.writeString(work.resolve("administrator"), "AS_ADMIN_PASSWORD=" + password + "\n")
                        .toString());
        environment.put("GENAI_CALLERS", callers.toString());
        environment.putAll(Backends.environment(comfyUi, llm));
        return Script.run("payara-server/configure.sh", environment);
    }

    /** Deploys the sample with a {@code web.xml} that names its pools. */
    void deployStoryboard(String name, String contextRoot, Path descriptor) throws IOException {
        deploy(
                name,
                "--contextroot=" + contextRoot,
                "--altdd=" + descriptor,
                MICRO.resolve("apps/storyboard.war").toString());
    }

    void deploy(String name, String... optionsAndArchive) throws IOException {
        String[] command = new String[optionsAndArchive.length + 2];
        command[0] = "deploy";
        command[1] = "--name=" + name;
        System.arraycopy(optionsAndArchive, 0, command, 2, optionsAndArchive.length);
        asadmin(command);
    }

    /** Runs a command that must not fail, and returns its output. */
    String asadmin(String... command) throws IOException {
        return domain.asadmin(command);
    }

    /** The same for a command that takes secrets, by their names in asadmin's password files. */
    String asadmin(Map<String, String> secrets, String... command) throws IOException {
        return domain.asadmin(secrets, command);
    }

    /** The sockets of the application server, touched when it was configured or restarted. */
    ListeningSockets listening() {
        return listening;
    }

    /** Password of the administrator. */
    String password() {
        return password;
    }

    /** Runs a command that must fail, and returns its output. */
    String refused(String... command) {
        try {
            throw new AssertionError("done, but should have been refused: " + domain.asadmin(command));
        } catch (IOException e) {
            return e.getMessage();
        }
    }

    /** Creates a pool without a key to the LLM simulator. */
    void createLlmPool(String name) throws IOException {
        createPool(name, "genai-connector", "provider=LOCAL:poolName=" + name);
        asadmin("set", "resources.connector-connection-pool." + name + ".property.serverUrl=" + llm.openAiUri());
    }

    /** Creates a pool of the LLM factory; colons separate the properties. */
    String createPool(String name, String adapter, String properties) throws IOException {
        return asadmin(
                "create-connector-connection-pool",
                "--raname=" + adapter,
                "--connectiondefinition=org.genaiconnector.llm.LlmConnectionFactory",
                "--property=" + properties,
                name);
    }

    Script first() {
        return first;
    }

    Script second() {
        return second;
    }

    /** The configuration after the first run. */
    String configured() {
        return configured;
    }

    /** The configuration after the second run. */
    String reconfigured() {
        return reconfigured;
    }

    /** The configuration now. */
    String configuration() throws IOException {
        return Files.readString(work.resolve("storyboard/config/domain.xml"));
    }

    String log() throws IOException {
        return Files.readString(domain.log());
    }

    Rest rest() {
        return rest;
    }

    ComfyUiSimulator comfyUi() {
        return comfyUi;
    }

    LlmSimulator llm() {
        return llm;
    }

    /** A page of the sample. */
    URI page(String path) {
        return URI.create("http://" + HOST + ":" + httpPort + "/" + path);
    }

    URI console() {
        return URI.create("http://" + HOST + ":" + adminPort);
    }

    Path file(String name) {
        return work.resolve(name);
    }

    /** The adapter of this build. */
    Path rar() {
        return MICRO.resolve("apps/genai-connector.rar");
    }

    void restart() throws IOException {
        domain.stop();
        domain.start();
        touch();
    }

    @Override
    public void close() throws IOException {
        domain.stop();
        comfyUi.close();
        llm.close();
    }

    /** Injects the one application server into every test class that needs it. */
    static final class Shared implements ParameterResolver {

        @Override
        public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
            return parameter.getParameter().getType() == AdminServer.class;
        }

        @Override
        public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
            return context.getRoot()
                    .getStore(ExtensionContext.Namespace.GLOBAL)
                    .getOrComputeIfAbsent(AdminServer.class, key -> started(), AdminServer.class);
        }

        private static AdminServer started() {
            try {
                return new AdminServer();
            } catch (Exception e) {
                throw new IllegalStateException("The server for administrators cannot be started", e);
            }
        }
    }
}
