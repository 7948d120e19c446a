package org.genaiconnector.storyboard.micro;

import fish.payara.micro.BootstrapException;
import fish.payara.micro.PayaraMicro;
import fish.payara.micro.PayaraMicroRuntime;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.genaiconnector.storyboard.micro.Settings.Backend;

/**
 * Starts Storyboard on Payara Micro in this process, on simulators where no backend is configured. The process ends with
 * a signal (Ctrl-C); Payara Micro stops itself then, and with it the adapter.
 */
public final class Launcher {

    private static final int ANSWER_MILLIS = 30_000;

    private final Path home;
    private final Settings settings;

    private Launcher(Path home, Settings settings) {
        this.home = home;
        this.settings = settings;
    }

    /**
     * Starts.
     *
     * @param arguments {@code --port NUMBER} or nothing
     */
    public static void main(String[] arguments) {
        try {
            Settings settings = Settings.of(System.getenv(), List.of(arguments));
            new Launcher(home(), settings).run();
        } catch (IllegalArgumentException | IOException | BootstrapException e) {
            System.err.println("Storyboard cannot start: " + e.getMessage());
            System.exit(1);
        }
    }

    private void run() throws IOException, BootstrapException {
        int port = freePort();
        Path work = emptyDirectory(home.resolve("run").resolve(Integer.toString(port)));
        // for whoever logs before Payara does, and for Payara, which reads the same file again
        System.setProperty(
                "java.util.logging.config.file",
                home.resolve("logging.properties").toString());
        configure(startSimulators(work));
        PayaraMicroRuntime server = boot(port, work);
        requireAnswer(server, port);
        System.out.println();
        System.out.println("ComfyUI: " + source(Backend.COMFYUI, "COMFYUI_URL"));
        System.out.println("LLM:     " + source(Backend.LLM, "LLM_PROVIDER, LLM_URL, LLM_MODEL and LLM_API_KEY"));
        System.out.println("Storyboard is ready: http://localhost:" + port + "/   (Ctrl-C stops it)");
    }

    private String source(Backend backend, String variables) {
        return settings.simulated().contains(backend)
                ? "a simulator in this process, for want of " + variables
                : "as configured by " + variables;
    }

    /** The port asked for, proven to be free; Payara would only say that it cannot bind. */
    private int freePort() throws IOException {
        InetAddress address = InetAddress.getByName(settings.host());
        try (ServerSocket probe = new ServerSocket()) {
            probe.setReuseAddress(true);
            probe.bind(new InetSocketAddress(address, settings.port()));
            return probe.getLocalPort();
        } catch (BindException e) {
            throw new IOException(
                    "port " + settings.port() + " of " + settings.host() + " cannot be used (" + e.getMessage()
                            + "). Stop the program that uses it, or choose another port: PORT=8081, or PORT=0 for any",
                    e);
        }
    }

    /** Starts them and asks each once: the first answer takes the time of loading classes, which no pool would wait for. */
    private Map<Backend, URI> startSimulators(Path work) throws IOException {
        if (settings.simulated().isEmpty()) {
            return Map.of();
        }
        Map<Backend, URI> addresses = SimulatorLoader.start(home.resolve("simulators"), settings.simulated(), work);
        for (Map.Entry<Backend, URI> simulator : addresses.entrySet()) {
            requireOk(URI.create(simulator.getValue() + simulator.getKey().probe()));
        }
        return addresses;
    }

    /** Tells the application where the simulators are; system properties are above the environment. */
    private static void configure(Map<Backend, URI> simulators) {
        if (simulators.containsKey(Backend.COMFYUI)) {
            System.setProperty("comfyui.url", simulators.get(Backend.COMFYUI).toString());
        }
        if (simulators.containsKey(Backend.LLM)) {
            System.setProperty("llm.provider", "LOCAL");
            System.setProperty("llm.model", "simulator");
            System.setProperty("llm.url", simulators.get(Backend.LLM).toString());
        }
    }

    private PayaraMicroRuntime boot(int port, Path work) throws BootstrapException {
        PayaraMicro micro = PayaraMicro.getInstance();
        micro.setNoCluster(true)
                .setPrintLogo(false)
                .setHttpPort(port)
                .setHttpAutoBind(false)
                .setRootDir(work.resolve("payara").toFile())
                .setLogPropertiesFile(home.resolve("logging.properties").toFile())
                .setPreBootHandler(commands -> commands.run(
                        "set",
                        "configs.config.server-config.network-config.network-listeners.network-listener.http-listener.address="
                                + settings.host()));
        micro.setNoHazelcast(true);
        // in this order: the application's classes refer to the adapter's
        micro.addDeploymentFile(home.resolve("apps/genai-connector.rar").toFile());
        micro.addDeploymentFile(home.resolve("apps/storyboard.war").toFile());
        return micro.bootStrap();
    }

    private void requireAnswer(PayaraMicroRuntime server, int port) throws IOException {
        if (!server.getDeployedApplicationNames().containsAll(List.of("genai-connector", "storyboard"))) {
            throw new IOException("the application was not deployed; the reason is in the log above");
        }
        requireOk(URI.create("http://" + settings.host() + ":" + port + "/api/jobs"));
    }

    private static void requireOk(URI address) throws IOException {
        HttpURLConnection request = (HttpURLConnection) address.toURL().openConnection();
        request.setConnectTimeout(ANSWER_MILLIS);
        request.setReadTimeout(ANSWER_MILLIS);
        if (request.getResponseCode() != HttpURLConnection.HTTP_OK) {
            throw new IOException(address + " answers with status " + request.getResponseCode());
        }
        request.disconnect();
    }

    /** The directory of this JAR, beside which everything else lies. */
    private static Path home() {
        try {
            return Path.of(Launcher.class
                            .getProtectionDomain()
                            .getCodeSource()
                            .getLocation()
                            .toURI())
                    .getParent();
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Path emptyDirectory(Path directory) throws IOException {
        if (Files.exists(directory)) {
            try (Stream<Path> old = Files.walk(directory)) {
                old.sorted(Comparator.reverseOrder()).forEach(Launcher::delete);
            }
        }
        return Files.createDirectories(directory);
    }

    private static void delete(Path path) {
        try {
            Files.delete(path);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
