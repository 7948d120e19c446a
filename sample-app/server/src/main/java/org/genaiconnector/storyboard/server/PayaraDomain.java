package org.genaiconnector.storyboard.server;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

/**
 * A domain of an unpacked Payara Server, driven by {@code asadmin}. Its console has a password and listens on the loopback
 * address only; but for the applications nothing else listens.
 */
public final class PayaraDomain {

    /** Where the console listens. */
    public static final String ADMIN_HOST = "127.0.0.1";
    /** The administrator's name. */
    public static final String ADMIN = "admin";

    private static final String NAME = "storyboard";

    /**
     * Services that an application without remote clients does not need; otherwise they would be open to everyone who
     * can reach this machine.
     */
    private static final List<String> CLOSED = List.of(
            "network-config.network-listeners.network-listener.http-listener-2.enabled=false",
            "network-config.network-listeners.network-listener.admin-listener.address=" + ADMIN_HOST,
            "iiop-service.iiop-listener.orb-listener-1.enabled=false",
            "iiop-service.iiop-listener.SSL.enabled=false",
            "iiop-service.iiop-listener.SSL_MUTUALAUTH.enabled=false",
            "admin-service.jmx-connector.system.enabled=false",
            "hazelcast-config-specific-configuration.enabled=false",
            // the headers by which a server tells its version
            "network-config.protocols.protocol.http-listener-1.http.server-header=false",
            "network-config.protocols.protocol.http-listener-1.http.xpowered-by=false",
            "network-config.protocols.protocol.admin-listener.http.server-header=false",
            "network-config.protocols.protocol.admin-listener.http.xpowered-by=false",
            // five by default: as many requests that wait for a model would stop the page
            "thread-pools.thread-pool.http-thread-pool.max-thread-pool-size=50");

    /**
     * Text to insert before elements of the application server's configuration, which is the first of two in the file.
     * A fresh configuration has no message service; Payara then adds one with a port on all addresses, where one
     * connect starts a broker with four more ports, so late in its start that no command before the boot could prevent
     * it. The product's name would show Payara's version in its error pages.
     */
    private static final Map<String, String> ADDITIONS = Map.of(
            "<iiop-service", "<jms-service type=\"DISABLED\" default-jms-host=\"default_JMS_host\"/>",
            "<jvm-options", "<jvm-options>-Dproduct.name=</jvm-options>");

    private static final int PASSWORD_BYTES = 18;

    /** Starting and deploying take long on a busy machine. */
    private static final Duration LONGEST_COMMAND = Duration.ofMinutes(5);

    private static final int STOP_SECONDS = 20;

    private final Path work;
    private final int adminPort;
    private final String password;
    private final Asadmin asadmin;

    /**
     * A domain, which need not exist yet.
     *
     * @param payara directory of the unpacked server
     * @param work directory for the domain and for files of its commands
     * @param adminPort of the console
     * @param password of the administrator
     * @param environment for Payara's process, in addition to that of this process
     */
    public PayaraDomain(Path payara, Path work, int adminPort, String password, Map<String, String> environment) {
        this.work = work;
        this.adminPort = adminPort;
        this.password = password;
        List<String> options = List.of(
                "--host",
                ADMIN_HOST,
                "--port",
                Integer.toString(adminPort),
                "--user",
                ADMIN,
                "--passwordfile",
                passwords().toString());
        this.asadmin = new Asadmin(payara, options, environment, LONGEST_COMMAND);
    }

    /** The file that asadmin reads before each command. */
    private Path passwords() {
        return work.resolve("passwords");
    }

    /**
     * A random password.
     *
     * @return letters, digits, hyphens and underscores
     */
    public static String newPassword() {
        byte[] random = new byte[PASSWORD_BYTES];
        new SecureRandom().nextBytes(random);
        return Base64.getUrlEncoder().encodeToString(random);
    }

    /**
     * Creates the domain; for other ports Payara uses its defaults, or free ones if those are in use.
     *
     * @param host address of the applications
     * @param httpPort of the applications
     * @throws IOException if Payara's files cannot be read or written
     */
    public void create(String host, int httpPort) throws IOException {
        asadmin(
                "create-domain",
                "--savelogin=false",
                "--domaindir",
                work.toString(),
                "--adminport",
                Integer.toString(adminPort),
                "--instanceport",
                Integer.toString(httpPort),
                NAME);
        Path configuration = work.resolve(NAME).resolve("config/domain.xml");
        String xml = Files.readString(configuration);
        for (Map.Entry<String, String> addition : ADDITIONS.entrySet()) {
            int at = xml.indexOf(addition.getKey());
            if (at < 0) {
                throw new IOException(
                        configuration + " has no " + addition.getKey() + ">, so the server would be open");
            }
            xml = xml.substring(0, at) + addition.getValue() + xml.substring(at);
        }
        Files.writeString(configuration, xml);
        String listener = "network-config.network-listeners.network-listener.http-listener-1.address=" + host;
        Files.write(
                commands(),
                Stream.concat(CLOSED.stream(), Stream.of(listener))
                        .map(setting -> "set configs.config.server-config." + setting)
                        .toList());
    }

    /** Gives a created domain a library before it starts. */
    void addLibrary(Path jar) throws IOException {
        Files.copy(jar, work.resolve(NAME).resolve("lib").resolve(jar.getFileName()));
    }

    /** Commands before each boot. */
    private Path commands() {
        return work.resolve("before-boot.txt");
    }

    /**
     * Starts it and returns when it is up.
     *
     * @throws IOException if it does not start
     */
    public void start() throws IOException {
        asadmin(
                "start-domain",
                "--domaindir",
                work.toString(),
                "--prebootcommandfile",
                commands().toString(),
                NAME);
    }

    /**
     * Gives a command to the running server.
     *
     * @param command with its options and operands
     * @return what it says
     * @throws IOException with what it says, if it fails
     */
    public String asadmin(String... command) throws IOException {
        return asadmin(Map.of(), command);
    }

    /**
     * Gives a command with secrets to the running server.
     *
     * @param secrets by the names that asadmin's password files have for them
     * @param command with its options and operands
     * @return what it says
     * @throws IOException with what it says, if it fails
     */
    public String asadmin(Map<String, String> secrets, String... command) throws IOException {
        writePasswords(secrets);
        return asadmin.run(command);
    }

    /** Writes the administrator's password and other secrets into the file, which only its owner can read. */
    private void writePasswords(Map<String, String> others) throws IOException {
        Path file = passwords();
        if (Files.notExists(file)) {
            boolean posix = file.getFileSystem().supportedFileAttributeViews().contains("posix");
            Files.createFile(
                    file,
                    posix
                            ? new FileAttribute<?>[] {
                                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
                            }
                            : new FileAttribute<?>[0]);
        }
        Map<String, String> all = new TreeMap<>(others);
        all.put("AS_ADMIN_PASSWORD", password);
        Files.write(
                file,
                all.entrySet().stream()
                        .map(entry -> entry.getKey() + "=" + entry.getValue())
                        .toList());
    }

    /** Deploys an application; its name is that of the file. */
    void deploy(Path archive) throws IOException {
        asadmin("deploy", archive.toString());
    }

    /** Ends the process that executes commands; the next command starts another. */
    public void endCommands() {
        asadmin.close();
    }

    /**
     * Payara's process.
     *
     * @return empty before it was started
     * @throws IOException if the file with its number cannot be read
     */
    public Optional<ProcessHandle> process() throws IOException {
        Path file = work.resolve(NAME).resolve("config/pid");
        return Files.exists(file)
                ? ProcessHandle.of(Long.parseLong(Files.readString(file).strip()))
                : Optional.empty();
    }

    /** Payara's log file. */
    public Path log() {
        return work.resolve(NAME).resolve("logs/server.log");
    }

    /**
     * Ends Payara's process, if there is one, and waits for it.
     *
     * @throws IOException if its process cannot be found out
     */
    public void stop() throws IOException {
        endCommands();
        Optional<ProcessHandle> server = process();
        if (server.isEmpty()) {
            return;
        }
        server.get().destroy();
        try {
            server.get().onExit().orTimeout(STOP_SECONDS, TimeUnit.SECONDS).join();
        } catch (CompletionException e) {
            if (!(e.getCause() instanceof TimeoutException)) {
                throw e;
            }
            server.get().destroyForcibly();
        }
    }
}
