package org.genaiconnector.storyboard.portable;

import java.io.IOException;
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
            "llm.api.key", "");

    private final Product product;
    private final String password = UUID.randomUUID().toString();
    private volatile Launch.Place place;
    private volatile AdministeredServer server;

    PortableServer(Product product) {
        this.product = product;
    }

    @Override
    public void start(Launch.Place where) throws IOException, InterruptedException {
        place = where;
        server = product.start(
                place.home(),
                place.work(),
                new Listeners(
                        place.host(),
                        place.port(),
                        place.consolePort(),
                        Network.freePort(Listeners.LOOPBACK, 0, "PORT")),
                configuration(place),
                password);
        server.deploy(place.home().resolve("apps/storyboard.ear"));
    }

    private static Map<String, String> configuration(Launch.Place place) {
        Map<String, String> configuration = new TreeMap<>(DEFAULTS);
        DEFAULTS.forEach((name, value) -> {
            String variable = System.getenv(name.replace('.', '_').toUpperCase(Locale.ROOT));
            if (variable != null && !variable.isBlank()) {
                configuration.put(name, variable.strip());
            }
        });
        configuration.putAll(place.configuration());
        configuration.put(
                "storyboard.workflows",
                place.home().resolve("workflows").toString().replace('\\', '/'));
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
        if (place != null) {
            GlassFishServer.running(place.work()).ifPresent(ProcessHandle::destroy);
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
