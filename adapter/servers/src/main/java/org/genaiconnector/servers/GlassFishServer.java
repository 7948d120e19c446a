package org.genaiconnector.servers;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.w3c.dom.Element;

/**
 * A GlassFish, or a Payara Server, with a domain of its own: a copy of the distribution's, since creating one takes much
 * longer, mostly for its certificates.
 */
public final class GlassFishServer implements AdministeredServer {
    /** The administrator's name. */
    public static final String ADMIN = "admin";

    private static final String DOMAIN = "domain1";
    private static final String SHELL_PORT = "-Dosgi.shell.telnet.port=";

    /** Milliseconds; {@code start-domain} gives up after a minute otherwise, and GlassFish 7 has no option for it. */
    private static final Map<String, String> PATIENCE = Map.of("AS_START_TIMEOUT", "290000");

    private final Path home;
    private final Path work;
    private final Jvm jvm;
    private final Listeners listeners;
    private final String password;
    private ServerProcess process;

    private GlassFishServer(Path home, Path work, Jvm jvm, Listeners listeners, String password) {
        this.home = home;
        this.work = work;
        this.jvm = jvm;
        this.listeners = listeners;
        this.password = password;
    }

    /**
     * Copies the domain, starts it and returns when it is up. The administrator has no password.
     *
     * @param home directory of the unpacked distribution, which has the directory {@code glassfish}; stays as it is
     * @param work directory for the domain; existing contents are deleted
     * @param jvm its options are added to those of the domain
     * @throws IOException if it does not start; the message says why
     */
    public static GlassFishServer start(Path home, Path work, Jvm jvm, Listeners listeners)
            throws IOException, InterruptedException {
        return start(home, work, jvm, listeners, Map.of(), "");
    }

    /**
     * Copies the domain, starts it and returns when it is up.
     *
     * @param home directory of the unpacked distribution, which has the directory {@code glassfish}; stays as it is
     * @param work directory for the domain; existing contents are deleted
     * @param jvm its options are added to those of the domain
     * @param properties system properties, which no command line shows
     * @param password of the user {@value #ADMIN}; empty for none
     * @throws IOException if it does not start; the message says why
     */
    public static GlassFishServer start(
            Path home, Path work, Jvm jvm, Listeners listeners, Map<String, String> properties, String password)
            throws IOException, InterruptedException {
        GlassFishServer server =
                new GlassFishServer(home.toAbsolutePath(), work.toAbsolutePath(), jvm, listeners, password);
        Trees.empty(server.work);
        server.create(properties);
        server.start();
        return server;
    }

    private void create(Map<String, String> properties) throws IOException, InterruptedException {
        Trees.copy(home.resolve("glassfish/domains").resolve(DOMAIN), domain());
        DomainXml xml = new DomainXml(domain().resolve("config/domain.xml"));
        String network = "network-config/network-listeners/network-listener";
        xml.require(
                network + "[@name='http-listener-1']",
                Map.of("address", listeners.host(), "port", Integer.toString(listeners.http())));
        xml.require(
                network + "[@name='admin-listener']",
                Map.of("address", Listeners.LOOPBACK, "port", Integer.toString(listeners.administration())));
        xml.remove(network + "[@name='http-listener-2']");
        xml.require("http-service/virtual-server[@id='server']", Map.of("network-listeners", "http-listener-1"));
        String orb = "iiop-service/iiop-listener";
        xml.require(orb, Map.of("enabled", "false"));
        xml.require(
                orb + "[@id='orb-listener-1']",
                Map.of("enabled", "true", "address", Listeners.LOOPBACK, "port", Integer.toString(listeners.orb())));
        // remote JMX, messages: nothing here needs them
        xml.require("admin-service/jmx-connector", Map.of("enabled", "false"));
        if (xml.set("jms-service", Map.of("type", "DISABLED")) == 0) {
            xml.add("", "jms-service").setAttribute("type", "DISABLED");
            xml.set("jms-service", Map.of("default-jms-host", "default_JMS_host"));
        }
        // Payara's data grid
        xml.set("hazelcast-config-specific-configuration", Map.of("enabled", "false"));
        // the headers by which a server tells its version
        xml.require("network-config/protocols/protocol/http", Map.of("server-header", "false", "xpowered-by", "false"));
        // five by default: as many requests that wait for a model would stop all others
        xml.require("thread-pools/thread-pool[@name='http-thread-pool']", Map.of("max-thread-pool-size", "50"));
        xml.require("java-config", Map.of("java-home", jvm.home().toString()));
        // of the shell of its OSGi framework: any free one
        xml.remove("java-config/jvm-options[starts-with(., '" + SHELL_PORT + "')]");
        xml.add("java-config", "jvm-options").setTextContent(SHELL_PORT + "0");
        // by its name it would tell its version in the pages that it makes for errors
        xml.add("java-config", "jvm-options").setTextContent("-Dproduct.name=");
        for (String option : jvm.options()) {
            xml.add("java-config", "jvm-options").setTextContent(option);
        }
        for (Map.Entry<String, String> property : properties.entrySet()) {
            Element element = xml.add("", "system-property");
            element.setAttribute("name", property.getKey());
            element.setAttribute("value", property.getValue());
        }
        xml.write();
        if (!password.isEmpty()) {
            Path secrets = Files.writeString(
                    work.resolve("passwords"), "AS_ADMIN_PASSWORD=\nAS_ADMIN_NEWPASSWORD=" + password + "\n");
            cli(
                    "--user",
                    ADMIN,
                    "--passwordfile",
                    secrets.toString(),
                    "change-admin-password",
                    "--domaindir",
                    work.toString(),
                    "--domain_name",
                    DOMAIN);
            Files.writeString(secrets, "AS_ADMIN_PASSWORD=" + password + "\n");
        }
    }

    private Path domain() {
        return work.resolve(DOMAIN);
    }

    private void start() throws IOException, InterruptedException {
        cli("start-domain", "--domaindir", work.toString(), DOMAIN);
        process = new ServerProcess(
                "GlassFish",
                running(work).orElseThrow(() -> new IOException("GlassFish has ended; see " + log())),
                log());
    }

    /**
     * The process of a domain, also one that {@link #start} has not returned yet.
     *
     * @param work its directory
     * @throws IOException if the file with its number cannot be read
     */
    public static Optional<ProcessHandle> running(Path work) throws IOException {
        Path file = work.resolve(DOMAIN).resolve("config/pid");
        return Files.exists(file)
                ? ProcessHandle.of(Long.parseLong(Files.readString(file).strip()))
                : Optional.empty();
    }

    private String cli(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                "-jar", home.resolve("glassfish/lib/client/appserver-cli.jar").toString()));
        command.addAll(List.of(arguments));
        return ServerProcess.run("asadmin", jvm.with(), command, work, PATIENCE, work.resolve("asadmin.log"));
    }

    /**
     * Runs the real {@code asadmin} on it, for what only that does; slow, because it starts a JVM.
     *
     * @param arguments options of asadmin, then the command with its options and operands
     * @return what it says
     * @throws IOException with what it says, if it fails
     */
    public String command(String... arguments) throws IOException, InterruptedException {
        List<String> all = new ArrayList<>(
                List.of("--host", Listeners.LOOPBACK, "--port", Integer.toString(listeners.administration())));
        all.addAll(List.of(arguments));
        return cli(all.toArray(String[]::new));
    }

    /** Its administration commands, without a JVM for each. */
    public Asadmin asadmin() {
        return new RemoteAsadmin(
                URI.create("http://" + Listeners.LOOPBACK + ":" + listeners.administration() + "/__asadmin/"),
                password);
    }

    @Override
    public void deploy(Path archive) throws IOException, InterruptedException {
        Asadmin.Report report = asadmin()
                .attempt(
                        "deploy",
                        archive.toAbsolutePath().toString(),
                        Map.of("name", Trees.baseName(archive), "force", "true"));
        check(report, archive + " cannot be deployed");
    }

    @Override
    public void undeploy(String name) throws IOException, InterruptedException {
        check(asadmin().attempt("undeploy", Trees.baseName(Path.of(name)), Map.of()), name + " cannot be undeployed");
    }

    private void check(Asadmin.Report report, String failure) throws IOException {
        if (report.failed()) {
            throw new IOException(failure + ": " + report.message() + "; see " + log());
        }
    }

    @Override
    public URI uri() {
        return URI.create("http://" + listeners.host() + ":" + listeners.http());
    }

    @Override
    public Path log() {
        return domain().resolve("logs/server.log");
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
