package org.genaiconnector.storyboard.launcher;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Starts Storyboard on an application server in a process of its own, with simulators in this process where no backend is
 * configured, and stops the application server when this process ends.
 */
public final class Launch {

    private Launch() {}

    /**
     * Where and with what an application server starts.
     *
     * @param home directory of the launcher's JAR
     * @param work for everything that is written; exists and is empty
     * @param host address of the applications
     * @param port of the applications
     * @param consolePort of the administration
     * @param configuration of the simulators, by MicroProfile Config's names
     */
    public record Place(
            Path home, Path work, String host, int port, int consolePort, Map<String, String> configuration) {}

    /** An application server that is to be started once. */
    public interface Server {

        /**
         * Starts it with the application, and returns when both are up.
         *
         * @param place where and with what
         * @throws IOException if it does not start, with a message for the user
         * @throws InterruptedException if this thread is interrupted
         */
        void start(Place place) throws IOException, InterruptedException;

        /**
         * Prepares what the application keeps beyond a restart.
         *
         * @param home directory of the launcher's JAR
         * @param port of the application
         * @return empty if it keeps nothing
         * @throws IOException if that cannot be used, with a message for the user
         */
        default Optional<StoryData> data(Path home, int port) throws IOException {
            return Optional.empty();
        }

        /**
         * Stops it, whether it is up, starts or was never started.
         *
         * @throws IOException if that cannot be done
         */
        void stop() throws IOException;

        /**
         * What a user needs of it: its log, its console.
         *
         * @return lines to print
         */
        List<String> describe();

        /**
         * Its process.
         *
         * @return after it was started
         * @throws IOException if it has ended
         */
        ProcessHandle process() throws IOException;
    }

    /**
     * Starts, prints what a user needs, and returns when the application server has ended.
     *
     * @param title of the application server
     * @param duration of the start, for a user who waits
     * @param launcher class in the launcher's JAR
     * @param arguments {@code --port NUMBER} or nothing
     * @param server what to start
     */
    public static void main(String title, String duration, Class<?> launcher, List<String> arguments, Server server) {
        try {
            run(title, duration, Settings.of(System.getenv(), arguments), Directories.home(launcher), server);
        } catch (IllegalArgumentException | IOException e) {
            fail(e.getMessage());
        } catch (InterruptedException e) {
            fail("it was interrupted");
        }
    }

    private static void fail(String reason) {
        System.err.println("Storyboard cannot start: " + reason);
        System.exit(1);
    }

    private static void run(String title, String duration, Settings settings, Path home, Server server)
            throws IOException, InterruptedException {
        int port = Network.freePort(settings.host(), settings.port(), "PORT");
        int consolePort = Network.freePort(Settings.LOOPBACK, settings.consolePort(), "CONSOLE_PORT");
        System.out.println("Starting " + title + " with Storyboard, which takes about " + duration + " ...");
        Optional<StoryData> data = server.data(home, port);
        Path work = Directories.empty(home.resolve("run").resolve(Integer.toString(port)));
        Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(title, server), "stop-server"));
        Map<String, String> simulators = SimulatorLoader.start(
                home.resolve("simulators"),
                settings.simulated(),
                data.map(StoryData::directory).orElse(work.resolve("simulators")));
        server.start(new Place(
                home, Directories.empty(work.resolve("server")), settings.host(), port, consolePort, simulators));
        Network.requireOk(URI.create("http://" + settings.host() + ":" + port + "/api/jobs"));

        settings.describe().forEach(System.out::println);
        System.out.println(data.map(StoryData::describe).orElse("Stories: in memory only; a restart forgets them"));
        server.describe().forEach(System.out::println);
        System.out.println("Storyboard is ready: http://localhost:" + port + "/   (Ctrl-C stops it)");
        server.process().onExit().join();
    }

    private static void stop(String title, Server server) {
        try {
            server.stop();
        } catch (IOException e) {
            System.err.println(title + " may still be running: " + e.getMessage());
        }
    }
}
