package org.genaiconnector.storyboard.micro;

import fish.payara.micro.BootstrapException;
import fish.payara.micro.ClusterCommandResult;
import fish.payara.micro.PayaraMicro;
import fish.payara.micro.PayaraMicroRuntime;
import fish.payara.micro.boot.AdminCommandRunner;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import org.genaiconnector.storyboard.launcher.Directories;
import org.genaiconnector.storyboard.launcher.Network;
import org.genaiconnector.storyboard.launcher.Settings;
import org.genaiconnector.storyboard.launcher.SimulatorLoader;
import org.genaiconnector.storyboard.launcher.StoryData;

/**
 * Starts Storyboard on Payara Micro in this process, on simulators where no backend is configured. The process ends with
 * a signal (Ctrl-C); Payara Micro stops itself then, and with it the adapter.
 */
public final class Launcher {

    private Launcher() {}

    /**
     * Starts.
     *
     * @param arguments {@code --port NUMBER} or nothing
     */
    public static void main(String[] arguments) {
        try {
            run(Settings.of(System.getenv(), List.of(arguments)), Directories.home(Launcher.class));
        } catch (IllegalArgumentException | IOException | BootstrapException e) {
            System.err.println("Storyboard cannot start: " + e.getMessage());
            System.exit(1);
        }
    }

    private static void run(Settings settings, Path home) throws IOException, BootstrapException {
        int port = Network.freePort(settings.host(), settings.port(), "PORT");
        System.out.println("Starting Payara Micro with Storyboard, which takes about half a minute ...");
        StoryData data = StoryData.prepare(System.getenv(), home.resolve("data").resolve(Integer.toString(port)));
        Path work = Directories.empty(home.resolve("run").resolve(Integer.toString(port)));
        // for loggers that are used before Payara's, and for Payara, which reads the same file again
        System.setProperty(
                "java.util.logging.config.file",
                home.resolve("logging.properties").toString());
        // by this name Payara would tell its version in the pages it makes for errors
        System.setProperty("product.name", "");
        // system properties are above the environment
        SimulatorLoader.start(home.resolve("simulators"), settings.simulated(), data.directory())
                .forEach(System::setProperty);
        data.configuration().forEach(System::setProperty);
        PayaraMicroRuntime server = boot(settings.host(), port, home, work, data);
        if (!server.getDeployedApplicationNames().containsAll(List.of("genai-connector", "storyboard"))) {
            throw new IOException("the application was not deployed; the reason is in the log above");
        }
        Network.requireOk(URI.create("http://" + settings.host() + ":" + port + "/api/jobs"));
        settings.describe().forEach(System.out::println);
        System.out.println(data.describe());
        System.out.println("Storyboard is ready: http://localhost:" + port + "/   (Ctrl-C stops it)");
        // what Payara prints here while it stops is for its developers; the log, on standard error, goes on
        System.setOut(new PrintStream(OutputStream.nullOutputStream()));
    }

    /**
     * Boots without Payara's data grid, with which everyone who can reach its port could run code here. Do not also
     * turn off clustering: Micro would then start the grid anyway, on all addresses.
     */
    private static PayaraMicroRuntime boot(String host, int port, Path home, Path work, StoryData data)
            throws BootstrapException {
        PayaraMicro micro = PayaraMicro.getInstance();
        micro.setPrintLogo(false)
                .setHttpPort(port)
                .setHttpAutoBind(false)
                .setRootDir(work.resolve("payara").toFile())
                .setLogPropertiesFile(home.resolve("logging.properties").toFile())
                .setPreBootHandler(commands -> {
                    settings(host)
                            .forEach(setting ->
                                    commands.run("set", "configs.config.server-config.network-config." + setting));
                    data.commands().forEach(command -> run(commands, command));
                });
        micro.setNoHazelcast(true);
        // in this order: the application's classes refer to the adapter's
        micro.addDeploymentFile(home.resolve("apps/genai-connector.rar").toFile());
        micro.addDeploymentFile(home.resolve("apps/storyboard.war").toFile());
        micro.addDeploymentFile(home.resolve("apps/genai-connector-metrics.war").toFile());
        return micro.bootStrap();
    }

    private static void run(AdminCommandRunner commands, List<String> command) {
        ClusterCommandResult result =
                commands.run(command.get(0), command.subList(1, command.size()).toArray(String[]::new));
        if (result.getExitStatus() == ClusterCommandResult.ExitStatus.FAILURE) {
            throw new IllegalStateException(command.get(0) + " failed: " + result.getOutput());
        }
    }

    private static List<String> settings(String host) {
        String http = "protocols.protocol.http-listener.http.";
        return List.of(
                "network-listeners.network-listener.http-listener.address=" + host,
                // the headers by which a server tells its version
                http + "server-header=false",
                http + "xpowered-by=false");
    }
}
