package org.genaiconnector.storyboard.server;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.genaiconnector.storyboard.launcher.Directories;
import org.genaiconnector.storyboard.launcher.Network;
import org.genaiconnector.storyboard.launcher.Settings;
import org.genaiconnector.storyboard.launcher.SimulatorLoader;

/**
 * Starts Storyboard's EAR on Payara Server, with simulators in this process where no backend is configured, and stops
 * Payara when this process ends.
 */
public final class ServerLauncher {

    private ServerLauncher() {}

    /**
     * Starts.
     *
     * @param arguments {@code --port NUMBER} or nothing
     */
    public static void main(String[] arguments) {
        try {
            run(Settings.of(System.getenv(), List.of(arguments)), Directories.home(ServerLauncher.class));
        } catch (IllegalArgumentException | IOException e) {
            System.err.println("Storyboard cannot start: " + e.getMessage());
            System.exit(1);
        }
    }

    private static void run(Settings settings, Path home) throws IOException {
        int port = Network.freePort(settings.host(), settings.port(), "PORT");
        int consolePort = Network.freePort(PayaraDomain.ADMIN_HOST, settings.consolePort(), "CONSOLE_PORT");
        System.out.println("Starting Payara Server with Storyboard, which takes about a minute ...");
        Path work = Directories.empty(home.resolve("run").resolve(Integer.toString(port)));
        String password = PayaraDomain.newPassword();
        Map<String, String> backends =
                SimulatorLoader.start(home.resolve("simulators"), settings.simulated(), work.resolve("simulators"));
        PayaraDomain domain =
                new PayaraDomain(home.resolve("payara6"), work, consolePort, password, environment(backends));
        Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(domain), "stop-server"));
        domain.create(settings.host(), port);
        domain.start();
        domain.deploy(home.resolve("apps/storyboard.ear"));
        domain.endCommands();
        Network.requireOk(URI.create("http://" + settings.host() + ":" + port + "/api/jobs"));

        settings.describe().forEach(System.out::println);
        System.out.println("Log: " + domain.log());
        System.out.println("Administration console: http://localhost:" + consolePort + "/   (user " + PayaraDomain.ADMIN
                + ", password " + password + ")");
        System.out.println("Storyboard is ready: http://localhost:" + port + "/   (Ctrl-C stops it)");
        domain.process().ifPresent(server -> server.onExit().join());
    }

    private static void stop(PayaraDomain domain) {
        try {
            domain.stop();
        } catch (IOException e) {
            System.err.println("Payara Server may still be running: " + e.getMessage());
        }
    }

    /** MicroProfile Config finds {@code llm.url} in the environment as {@code LLM_URL}. */
    private static Map<String, String> environment(Map<String, String> configuration) {
        return configuration.entrySet().stream()
                .collect(Collectors.toMap(
                        entry -> entry.getKey().replace('.', '_').toUpperCase(Locale.ROOT), Map.Entry::getValue));
    }
}
