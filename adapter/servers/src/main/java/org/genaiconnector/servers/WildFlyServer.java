package org.genaiconnector.servers;

import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Pattern;

/**
 * A standalone WildFly with a directory of its own for configuration, deployments and data. Its administrator has a password.
 */
public final class WildFlyServer implements AdministeredServer {
    /** The administrator's name. */
    public static final String ADMIN = "admin";

    private static final String TITLE = "WildFly";
    private static final Duration LONGEST_START = Duration.ofMinutes(5);
    private static final Duration LONGEST_OPERATION = Duration.ofMinutes(5);

    /** WFLYSRV0026 is a start in which a deployment has failed. */
    private static final Pattern STARTED = Pattern.compile("WFLYSRV002[56]");

    private static final Pattern NOT_STARTED = Pattern.compile("WFLYSRV005[56]");

    private static final Pattern SUCCESS = Pattern.compile("\"outcome\"\\s*:\\s*\"success\"");

    /**
     * Changes of the configuration: no HTTPS with its certificate and its port, a log without colours, and message-driven beans
     * where no messaging is configured ({@code standalone.xml}), each of which names its resource adapter.
     */
    private static final Map<String, String> CHANGES = Map.of(
            "(<session-bean>.*?</session-bean>)(?!\\s*<mdb>)",
                    "$1<mdb><resource-adapter-ref resource-adapter-name=\"genai-connector\"/>"
                            + "<bean-instance-pool-ref pool-name=\"mdb-strict-max-pool\"/></mdb>",
            "<https-listener [^>]*/>", "",
            "<tls>.*?</tls>", "",
            "\\bCOLOR-PATTERN(?=\"/>|\\R)", "PATTERN");

    /** The packages that the script {@code bin/common.sh} opens, all of them to everyone. */
    private static final List<String> MODULES = List.of(
            "--add-exports=java.desktop/sun.awt=ALL-UNNAMED",
            "--add-exports=java.naming/com.sun.jndi.ldap=ALL-UNNAMED",
            "--add-exports=java.naming/com.sun.jndi.url.ldap=ALL-UNNAMED",
            "--add-exports=java.naming/com.sun.jndi.url.ldaps=ALL-UNNAMED",
            "--add-exports=jdk.naming.dns/com.sun.jndi.dns=ALL-UNNAMED",
            "--add-opens=java.base/java.lang=ALL-UNNAMED",
            "--add-opens=java.base/java.lang.invoke=ALL-UNNAMED",
            "--add-opens=java.base/java.lang.reflect=ALL-UNNAMED",
            "--add-opens=java.base/java.io=ALL-UNNAMED",
            "--add-opens=java.base/java.net=ALL-UNNAMED",
            "--add-opens=java.base/java.security=ALL-UNNAMED",
            "--add-opens=java.base/java.util=ALL-UNNAMED",
            "--add-opens=java.base/java.util.concurrent=ALL-UNNAMED",
            "--add-opens=java.management/javax.management=ALL-UNNAMED",
            "--add-opens=java.naming/javax.naming=ALL-UNNAMED");

    private final Set<String> deployed = new HashSet<>();
    private final Path work;
    private final Listeners listeners;
    private final Digest administrator;
    private final ServerProcess process;

    private WildFlyServer(Path work, Listeners listeners, Digest administrator, ServerProcess process) {
        this.work = work;
        this.listeners = listeners;
        this.administrator = administrator;
        this.process = process;
    }

    /**
     * Copies the configuration of the distribution, starts with it and returns when it is up.
     *
     * @param home directory of the unpacked distribution; stays as it is
     * @param work directory for everything it writes; existing contents are deleted
     * @param configuration file name in {@code standalone/configuration}, for example {@code standalone.xml}
     * @throws IOException if it does not start; the message says where the reason is
     */
    public static WildFlyServer start(Path home, Path work, Jvm jvm, Listeners listeners, String configuration)
            throws IOException, InterruptedException {
        return start(
                home,
                work,
                jvm,
                listeners,
                configuration,
                Map.of(),
                UUID.randomUUID().toString());
    }

    /**
     * Copies the configuration of the distribution, starts with it and returns when it is up.
     *
     * @param home directory of the unpacked distribution; stays as it is
     * @param work directory for everything it writes; existing contents are deleted
     * @param configuration file name in {@code standalone/configuration}, for example {@code standalone.xml}
     * @param properties system properties, which no command line shows
     * @param password of the user {@value #ADMIN}
     * @throws IOException if it does not start; the message says where the reason is
     */
    public static WildFlyServer start(
            Path home,
            Path work,
            Jvm jvm,
            Listeners listeners,
            String configuration,
            Map<String, String> properties,
            String password)
            throws IOException, InterruptedException {
        Digest administrator = new Digest(ADMIN, password);
        Path base = work.toAbsolutePath();
        Trees.empty(base);
        Files.createDirectories(base.resolve("deployments"));
        Trees.copy(home.resolve("standalone/configuration"), base.resolve("configuration"));
        for (String file : List.of(configuration, "logging.properties")) {
            Path path = base.resolve("configuration").resolve(file);
            String text = Files.readString(path);
            for (Map.Entry<String, String> change : CHANGES.entrySet()) {
                text = Pattern.compile(change.getKey(), Pattern.DOTALL)
                        .matcher(text)
                        .replaceAll(change.getValue());
            }
            Files.writeString(path, text);
        }
        Files.writeString(base.resolve("configuration/mgmt-users.properties"), administrator.property() + "\n");
        Properties file = new Properties();
        file.putAll(properties);
        try (OutputStream out = Files.newOutputStream(base.resolve("configuration/system.properties"))) {
            file.store(out, null);
        }
        List<String> options = new ArrayList<>(jvm.options());
        options.addAll(MODULES);
        Path log = base.resolve("server.log");
        ServerProcess process = ServerProcess.start(
                TITLE,
                jvm.with(options.toArray(String[]::new)),
                arguments(home.toAbsolutePath(), base, listeners, configuration),
                base,
                Map.of(),
                log,
                log);
        try {
            new ServerLog(log).await(process, "start", LONGEST_START, 0, STARTED, NOT_STARTED);
        } catch (IOException | InterruptedException e) {
            process.stop();
            throw e;
        }
        return new WildFlyServer(base, listeners, administrator, process);
    }

    private static List<String> arguments(Path home, Path base, Listeners listeners, String configuration) {
        return List.of(
                "-Djboss.home.dir=" + home,
                "-Djboss.server.base.dir=" + base,
                "-Djboss.bind.address=" + listeners.host(),
                "-Djboss.bind.address.management=" + Listeners.LOOPBACK,
                "-Djboss.http.port=" + listeners.http(),
                "-Djboss.management.http.port=" + listeners.administration(),
                "-Dorg.jboss.boot.log.file=" + base.resolve("boot.log"),
                "-Dlogging.configuration="
                        + base.resolve("configuration/logging.properties").toUri(),
                "-Djboss.tx.node.id=" + listeners.http(),
                "-Djboss.modules.system.pkgs=org.jboss.byteman",
                "-jar",
                home.resolve("jboss-modules.jar").toString(),
                "-mp",
                home.resolve("modules").toString(),
                "org.jboss.as.standalone",
                "-P=" + base.resolve("configuration/system.properties").toUri(),
                "-c",
                configuration);
    }

    /**
     * Gives an operation to the management interface.
     *
     * @param json for example <code>{"operation": "read-resource", "address": ["subsystem", "resource-adapters"]}</code>
     * @return the response, in JSON
     * @throws IOException if its outcome is not success; with the response
     */
    public String operation(String json) throws IOException, InterruptedException {
        URI management = URI.create("http://" + Listeners.LOOPBACK + ":" + listeners.administration() + "/management");
        String response = administrator
                .post(() -> HttpRequest.newBuilder(management)
                        .header("Content-Type", "application/json")
                        .timeout(LONGEST_OPERATION)
                        .POST(HttpRequest.BodyPublishers.ofString(json)))
                .body();
        if (!SUCCESS.matcher(response).find()) {
            throw new IOException("WildFly refuses " + json + ": " + response + "; see " + log());
        }
        return response;
    }

    @Override
    public void deploy(Path archive) throws IOException, InterruptedException {
        String name = archive.getFileName().toString();
        String content = "\"content\": [{\"url\": \"" + archive.toUri() + "\"}], \"enabled\": true}";
        operation(
                deployed.contains(name)
                        ? "{\"operation\": \"full-replace-deployment\", \"name\": \"" + name + "\", " + content
                        : "{\"operation\": \"add\", \"address\": [\"deployment\", \"" + name + "\"], " + content);
        deployed.add(name);
    }

    @Override
    public void undeploy(String name) throws IOException, InterruptedException {
        operation("{\"operation\": \"undeploy\", \"address\": [\"deployment\", \"" + name + "\"]}");
        operation("{\"operation\": \"remove\", \"address\": [\"deployment\", \"" + name + "\"]}");
        deployed.remove(name);
    }

    /** Port of the management interface. */
    public int managementPort() {
        return listeners.administration();
    }

    @Override
    public URI uri() {
        return URI.create("http://" + listeners.host() + ":" + listeners.http());
    }

    @Override
    public Path log() {
        return work.resolve("server.log");
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
