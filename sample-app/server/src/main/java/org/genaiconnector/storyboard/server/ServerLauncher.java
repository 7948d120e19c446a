package org.genaiconnector.storyboard.server;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.genaiconnector.storyboard.launcher.Launch;
import org.genaiconnector.storyboard.launcher.StoryData;

/** Starts Storyboard's EAR on Payara Server. */
public final class ServerLauncher implements Launch.Server {

    private final String password = PayaraDomain.newPassword();
    private volatile Launch.Place place;
    private volatile PayaraDomain domain;
    private volatile StoryData data;

    private ServerLauncher() {}

    /**
     * Starts.
     *
     * @param arguments {@code --port NUMBER} or nothing
     */
    public static void main(String[] arguments) {
        Launch.main("Payara Server", "a minute", ServerLauncher.class, List.of(arguments), new ServerLauncher());
    }

    @Override
    public Optional<StoryData> data(Path home, int port) throws IOException {
        data = StoryData.prepare(System.getenv(), home.resolve("data").resolve(Integer.toString(port)));
        return Optional.of(data);
    }

    @Override
    public void start(Launch.Place where) throws IOException {
        place = where;
        domain = new PayaraDomain(
                where.home().resolve("payara6"),
                where.work(),
                where.consolePort(),
                password,
                environment(where.configuration()));
        domain.create(where.host(), where.port());
        if (data.isPostgreSql()) {
            domain.addLibrary(where.home().resolve("postgresql.jar"));
        }
        domain.start();
        for (List<String> command : data.commands()) {
            domain.asadmin(command.toArray(String[]::new));
        }
        domain.deploy(where.home().resolve("apps/storyboard.ear"));
        domain.endCommands();
    }

    /** MicroProfile Config finds {@code llm.url} in the environment as {@code LLM_URL}. */
    private Map<String, String> environment(Map<String, String> simulators) {
        return Stream.of(simulators, data.configuration())
                .flatMap(configuration -> configuration.entrySet().stream())
                .collect(Collectors.toMap(
                        entry -> entry.getKey().replace('.', '_').toUpperCase(Locale.ROOT), Map.Entry::getValue));
    }

    @Override
    public void stop() throws IOException {
        if (domain != null) {
            domain.stop();
        }
    }

    @Override
    public List<String> describe() {
        return List.of(
                "Log: " + domain.log(),
                "Administration console: http://localhost:" + place.consolePort() + "/   (user " + PayaraDomain.ADMIN
                        + ", password " + password + ")");
    }

    @Override
    public ProcessHandle process() throws IOException {
        return domain.process().orElseThrow(() -> new IOException("Payara Server has ended; see " + domain.log()));
    }
}
