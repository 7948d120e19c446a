package org.genaiconnector.storyboard.portable;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.genaiconnector.servers.AdministeredServer;
import org.genaiconnector.servers.GlassFishServer;
import org.genaiconnector.servers.Listeners;
import org.genaiconnector.storyboard.launcher.Launch;
import org.genaiconnector.storyboard.launcher.Network;

/** One of the products with the portable EAR on it. */
final class PortableServer implements Launch.Server {

    /** Placeholders of the definitions, and their environment variables' names; GlassFish knows no defaults. */
    private static final Map<String, String> DEFAULTS = Map.of(
            "comfyui.url", "http://localhost:8188",
            "llm.provider", "LOCAL",
            "llm.url", "",
            "llm.model", "",
            "llm.api.key", "",
            "llm.targets", "",
            "llm.credentials", "");

    private final Product product;
    private final String password = UUID.randomUUID().toString();
    private volatile Launch.Place place;
    private volatile Path work;
    private volatile AdministeredServer server;

    PortableServer(Product product) {
        this.product = product;
    }

    @Override
    public void start(Launch.Place where) throws IOException, InterruptedException {
        place = where;
        closeToOthers(place.work());
        work = place.work().resolve(product.title().replace(' ', '-'));
        server = product.start(
                place.home(),
                work,
                new Listeners(
                        place.host(),
                        place.port(),
                        place.consolePort(),
                        Network.freePort(Listeners.LOOPBACK, 0, "PORT")),
                configuration(place.home(), System.getenv(), place.configuration()),
                password);
        server.deploy(place.home().resolve("apps/storyboard.ear"));
    }

    /** The configuration has the API key in it. */
    private static void closeToOthers(Path directory) throws IOException {
        if (Files.getFileStore(directory).supportsFileAttributeView("posix")) {
            Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx------"));
        }
    }

    /**
     * The values of the placeholders.
     *
     * @param home directory of the launcher's JAR
     * @param environment of the user
     * @param simulators their configuration, which counts more
     */
    static Map<String, String> configuration(
            Path home, Map<String, String> environment, Map<String, String> simulators) {
        Map<String, String> configuration = new TreeMap<>(DEFAULTS);
        DEFAULTS.keySet().forEach(name -> {
            String value = environment.getOrDefault(name.replace('.', '_').toUpperCase(Locale.ROOT), "");
            if (!value.isBlank()) {
                configuration.put(name, value.strip());
            }
        });
        configuration.putAll(simulators);
        configuration.put(
                "storyboard.workflows", home.resolve("workflows").toString().replace('\\', '/'));
        return configuration;
    }

    /** While it starts, it is a child of this process or, GlassFish, of a child that has ended. */
    @Override
    public void stop() throws IOException {
        AdministeredServer started = server;
        if (started != null) {
            started.close();
            return;
        }
        ProcessHandle.current().descendants().forEach(ProcessHandle::destroy);
        if (work != null) {
            GlassFishServer.running(work).ifPresent(ProcessHandle::destroy);
        }
    }

    @Override
    public List<String> describe() {
        List<String> lines = new ArrayList<>(List.of("Log: " + server.log()));
        product.console()
                .ifPresent(path -> lines.add("Administration console: http://localhost:" + place.consolePort() + path
                        + "   (user admin, password " + password + ")"));
        return lines;
    }

    @Override
    public ProcessHandle process() {
        return server.process();
    }
}
