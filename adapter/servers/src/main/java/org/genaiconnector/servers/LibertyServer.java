package org.genaiconnector.servers;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** An Open Liberty with a user directory of its own, configured by files that may change while it runs. */
public final class LibertyServer implements AdministeredServer {
    private static final String TITLE = "Open Liberty";
    private static final String NAME = "defaultServer";
    private static final Duration LONGEST_START = Duration.ofMinutes(5);
    private static final Duration LONGEST_DEPLOYMENT = Duration.ofMinutes(5);

    /** Beginning of the names of those parts of the configuration that {@link #deploy} writes. */
    private static final String PART = "deployed-";

    private static final Pattern STARTED = Pattern.compile("CWWKF0011I");
    private static final Pattern NOT_STARTED = Pattern.compile("CWWKE0005E|CWWKF0032E|CWWKF0042E|CWWKG0044E");

    /** The configuration was changed, or is in effect the same. */
    private static final Pattern CONFIGURED = Pattern.compile("CWWKG001[78]I");

    private static final Pattern NOT_CONFIGURED = Pattern.compile("CWWKG00(14|20|24|27|47)E");

    private final Path home;
    private final Path work;
    private final Jvm jvm;
    private final Listeners listeners;
    private final Set<String> adapters = new LinkedHashSet<>();
    private ServerProcess process;

    private LibertyServer(Path home, Path work, Jvm jvm, Listeners listeners) {
        this.home = home;
        this.work = work;
        this.jvm = jvm;
        this.listeners = listeners;
    }

    /**
     * Writes a server and starts it.
     *
     * @param home directory {@code wlp} of the unpacked distribution; stays as it is
     * @param work directory for everything it writes; existing contents are deleted
     * @param features of Open Liberty, with versions, for example {@code connectors-2.1}
     * @throws IOException if it does not start; the message says where the reason is
     */
    public static LibertyServer start(Path home, Path work, Jvm jvm, Listeners listeners, List<String> features)
            throws IOException, InterruptedException {
        LibertyServer server = new LibertyServer(home.toAbsolutePath(), work.toAbsolutePath(), jvm, listeners);
        Trees.empty(server.work);
        Files.createDirectories(server.overrides());
        Files.createDirectories(server.directory().resolve("apps"));
        Files.writeString(server.directory().resolve("server.xml"), """
                <server>
                  <featureManager>%s</featureManager>
                  <httpEndpoint id="defaultHttpEndpoint" host="%s" httpPort="%d" httpsPort="-1">
                    <httpOptions removeServerHeader="true"/>
                  </httpEndpoint>
                  <webContainer disableXPoweredBy="true"/>
                  <config updateTrigger="polled" monitorInterval="250ms"/>
                  <applicationMonitor updateTrigger="polled" pollingRate="250ms" dropinsEnabled="false"/>
                </server>
                """.formatted(
                        features.stream()
                                .map(feature -> "<feature>" + feature + "</feature>")
                                .collect(Collectors.joining()),
                        listeners.host(),
                        listeners.http()));
        // its command port would be one more; it is for the script "server", which is not used here
        Files.writeString(server.directory().resolve("bootstrap.properties"), "command.port=-1\n");
        server.start();
        return server;
    }

    private void start() throws IOException, InterruptedException {
        List<String> options = new ArrayList<>(jvm.options());
        options.add("-javaagent:" + home.resolve("bin/tools/ws-javaagent.jar"));
        options.add("-Djava.awt.headless=true");
        options.addAll(moduleOptions());
        long begin = new ServerLog(log()).end();
        process = ServerProcess.start(
                TITLE,
                jvm.with(options.toArray(String[]::new)),
                List.of("-jar", home.resolve("bin/tools/ws-server.jar").toString(), NAME),
                directory(),
                Map.of(
                        "WLP_USER_DIR",
                        work.toString(),
                        "WLP_OUTPUT_DIR",
                        work.resolve("servers").toString()),
                work.resolve("output.txt"),
                log());
        try {
            new ServerLog(log()).await(process, "start", LONGEST_START, begin, STARTED, NOT_STARTED);
        } catch (IOException | InterruptedException e) {
            process.stop();
            throw e;
        }
    }

    /** Those that the script {@code server} passes on. */
    private List<String> moduleOptions() throws IOException {
        return Files.readAllLines(home.resolve("lib/platform/java/java9.options")).stream()
                .map(String::strip)
                .filter(line -> !line.isEmpty() && !line.startsWith("#"))
                .toList();
    }

    private Path directory() {
        return work.resolve("servers").resolve(NAME);
    }

    private Path overrides() {
        return directory().resolve("configDropins/overrides");
    }

    /**
     * Adds or replaces a part of the configuration and waits until it is in effect.
     *
     * @param part file name without extension
     * @param elements of {@code server.xml}, without the element {@code server}
     * @throws IOException if Open Liberty finds an error in it; with its message
     */
    public void configure(String part, String elements) throws IOException, InterruptedException {
        change(part, elements, CONFIGURED, NOT_CONFIGURED, "take the configuration " + part);
    }

    private void change(String part, String elements, Pattern good, Pattern bad, String what)
            throws IOException, InterruptedException {
        ServerLog log = new ServerLog(log());
        long begin = log.end();
        Path fresh = Files.writeString(work.resolve(part + ".new"), "<server>\n" + elements + "\n</server>\n");
        Files.move(fresh, overrides().resolve(part + ".xml"), StandardCopyOption.REPLACE_EXISTING);
        log.await(process, what, LONGEST_DEPLOYMENT, begin, good, bad);
    }

    @Override
    public void deploy(Path archive) throws IOException, InterruptedException {
        try {
            put(archive);
        } catch (IOException e) {
            forget(archive.getFileName().toString());
            throw e;
        }
    }

    private void put(Path archive) throws IOException, InterruptedException {
        String file = archive.getFileName().toString();
        String id = Trees.baseName(archive);
        String what = "deploy " + archive;
        String location = " id=\"" + id + "\" location=\"${server.config.dir}/apps/" + file + "\"";
        Path target = directory().resolve("apps").resolve(file);
        boolean redeploy = Files.exists(target);
        ServerLog log = new ServerLog(log());
        long begin = log.end();
        Path fresh = Files.copy(archive, work.resolve(file + ".new"), StandardCopyOption.REPLACE_EXISTING);
        Files.move(fresh, target, StandardCopyOption.REPLACE_EXISTING);
        if (file.endsWith(".rar")) {
            adapters.add(id);
            Pattern good = Pattern.compile("J2CA7001I.*\\b" + Pattern.quote(id) + "\\b");
            Pattern bad = Pattern.compile(
                    "J2CA(7002|7011|7013|7015|8501|8502|8504)E|J2CA7014W|CWWKZ0002E.*" + Pattern.quote(id));
            if (redeploy) {
                log.await(process, what, LONGEST_DEPLOYMENT, begin, good, bad);
            } else {
                change(PART + id, "<resourceAdapter" + location + "/>", good, bad, what);
            }
            return;
        }
        Pattern good = Pattern.compile("CWWKZ000[13]I.*\\b" + Pattern.quote(id) + "\\b");
        Pattern bad = Pattern.compile("CWWKZ00(02|04|13|21|22)E|CWWKZ0014W");
        if (redeploy) {
            log.await(process, what, LONGEST_DEPLOYMENT, begin, good, bad);
            return;
        }
        String element = file.endsWith(".ear") ? "enterpriseApplication" : "webApplication";
        String loader =
                adapters.isEmpty() ? "" : "<classloader classProviderRef=\"" + String.join(",", adapters) + "\"/>";
        change(
                PART + id,
                "<" + element + " name=\"" + id + "\"" + location + ">" + loader + "</" + element + ">",
                good,
                bad,
                what);
    }

    @Override
    public void undeploy(String name) throws IOException, InterruptedException {
        String id = Trees.baseName(Path.of(name));
        ServerLog log = new ServerLog(log());
        long begin = log.end();
        Files.delete(part(name));
        Pattern gone = Pattern.compile(
                (adapters.remove(id) ? "J2CA7009I" : "CWWKZ0009I") + ".*\\b" + Pattern.quote(id) + "\\b");
        log.await(process, "undeploy " + name, LONGEST_DEPLOYMENT, begin, gone, Pattern.compile("CWWKZ0010E"));
        Files.delete(directory().resolve("apps").resolve(name));
    }

    /** Leaves nothing of an archive that was refused. */
    private void forget(String name) throws IOException {
        adapters.remove(Trees.baseName(Path.of(name)));
        Files.deleteIfExists(part(name));
        Files.deleteIfExists(directory().resolve("apps").resolve(name));
    }

    /** The configuration that {@link #deploy} writes for an archive. */
    private Path part(String name) {
        return overrides().resolve(PART + Trees.baseName(Path.of(name)) + ".xml");
    }

    @Override
    public URI uri() {
        return URI.create("http://" + listeners.host() + ":" + listeners.http());
    }

    @Override
    public Path log() {
        return directory().resolve("logs/messages.log");
    }

    @Override
    public ProcessHandle process() {
        return process.handle();
    }

    @Override
    public void close() {
        process.stop();
    }
}
