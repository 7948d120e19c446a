package org.genaiconnector.tests.server;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.genaiconnector.servers.Asadmin;
import org.genaiconnector.servers.RemoteAsadmin;
import org.genaiconnector.testkit.FreePort;

/** A Payara Server in a process of its own, with a domain of its own; it listens on free ports of 127.0.0.1 only. */
final class PayaraServer {
    /** The domain of the distribution. Creating another takes as long as half the checks, mostly for its certificates. */
    private static final String DOMAIN = "domain1";

    /** Places of the configuration with the ports that are opened, first those of administration and applications. */
    private static final List<String> PORTS =
            List.of("<network-listener port=\"4848\"", "<network-listener port=\"8080\"", "telnet.port=6666");

    /** Element before which the disabled message service is inserted; without an element Payara opens one. */
    private static final String MESSAGES = "<iiop-service>";

    private static final String NO_MESSAGES =
            "<jms-service type=\"DISABLED\" default-jms-host=\"default_JMS_host\"></jms-service>";

    /** In the first of its two configurations, which is that of the server. */
    private static final String HEAP = "<jvm-options>-Xmx512m</jvm-options>";

    /** A short-lived JVM gains nothing from the optimizing compiler. */
    private static final String QUICK = "-XX:TieredStopAtLevel=1";

    private static final long SECONDS_TO_STOP = 60;

    private final Path payara;
    private final Path work;
    private final int adminPort;
    private final int httpPort;
    private boolean stopped;

    private PayaraServer(Path payara, Path work, int adminPort, int httpPort) {
        this.payara = payara;
        this.work = work;
        this.adminPort = adminPort;
        this.httpPort = httpPort;
    }

    /**
     * Copies the domain of the distribution, starts it and returns when it is up.
     *
     * @param payara directory of the unpacked distribution
     * @param work directory for the domain; existing contents are deleted
     */
    static PayaraServer start(Path payara, Path work) throws IOException, InterruptedException {
        clear(work);
        List<Integer> ports = new ArrayList<>();
        while (ports.size() < PORTS.size()) {
            ports.add(FreePort.reserve());
        }
        PayaraServer server = new PayaraServer(payara, work, ports.get(0), ports.get(1));
        server.create(ports);
        try {
            server.run();
            return server;
        } catch (IOException e) {
            server.process().ifPresent(ProcessHandle::destroyForcibly);
            throw e;
        }
    }

    private static void clear(Path directory) throws IOException {
        if (Files.exists(directory)) {
            try (Stream<Path> files = Files.walk(directory)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        }
        Files.createDirectories(directory);
    }

    private void create(List<Integer> ports) throws IOException {
        Path original = payara.resolve("glassfish/domains").resolve(DOMAIN);
        try (Stream<Path> files = Files.walk(original)) {
            for (Path file : files.toList()) {
                Files.copy(file, work.resolve(DOMAIN).resolve(original.relativize(file)));
            }
        }
        Path configuration = work.resolve(DOMAIN).resolve("config/domain.xml");
        String xml = Files.readString(configuration, StandardCharsets.UTF_8);
        for (int i = 0; i < ports.size(); i++) {
            String port = PORTS.get(i);
            xml = replaced(xml, port, port.replaceFirst("\\d+", ports.get(i).toString()));
        }
        xml = replaced(xml, MESSAGES, NO_MESSAGES + MESSAGES);
        xml = replaced(xml, HEAP, HEAP + "<jvm-options>" + QUICK + "</jvm-options>");
        Files.writeString(configuration, xml, StandardCharsets.UTF_8);
    }

    private static String replaced(String text, String old, String fresh) {
        int at = text.indexOf(old);
        if (at < 0) {
            throw new AssertionError("domain.xml has changed: no " + old);
        }
        return text.substring(0, at) + fresh + text.substring(at + old.length());
    }

    private void run() throws IOException, InterruptedException {
        Path commands = Files.write(
                work.resolve("before-boot.txt"),
                Stream.of(
                                "network-config.network-listeners.network-listener.http-listener-1.address=127.0.0.1",
                                "network-config.network-listeners.network-listener.admin-listener.address=127.0.0.1",
                                "network-config.network-listeners.network-listener.http-listener-2.enabled=false",
                                "iiop-service.iiop-listener.orb-listener-1.enabled=false",
                                "iiop-service.iiop-listener.SSL.enabled=false",
                                "iiop-service.iiop-listener.SSL_MUTUALAUTH.enabled=false",
                                "admin-service.jmx-connector.system.enabled=false",
                                "hazelcast-config-specific-configuration.enabled=false",
                                // the default of five would be the bottleneck instead of the pools
                                "thread-pools.thread-pool.http-thread-pool.max-thread-pool-size=50")
                        .map(setting -> "set configs.config.server-config." + setting)
                        .toList());
        cli("start-domain", "--domaindir", work.toString(), "--prebootcommandfile", commands.toString(), DOMAIN);
    }

    /** Runs a command with the real {@code asadmin}; slow, because it starts a JVM. */
    void command(String... arguments) throws IOException, InterruptedException {
        List<String> all = new ArrayList<>(List.of("--host", "127.0.0.1", "--port", Integer.toString(adminPort)));
        all.addAll(List.of(arguments));
        cli(all.toArray(String[]::new));
    }

    private void cli(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add(QUICK);
        command.add("-jar");
        command.add(payara.resolve("glassfish/lib/client/appserver-cli.jar").toString());
        command.addAll(List.of(arguments));
        Path output = work.resolve("asadmin.log");
        int exit = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start()
                .waitFor();
        if (exit != 0) {
            throw new IOException("asadmin failed:\n" + Files.readString(output, StandardCharsets.UTF_8));
        }
    }

    /** Address of the applications. */
    URI uri() {
        return URI.create("http://127.0.0.1:" + httpPort + "/");
    }

    Asadmin asadmin() {
        return new RemoteAsadmin(URI.create("http://127.0.0.1:" + adminPort + "/__asadmin/"), "");
    }

    Path log() {
        return work.resolve(DOMAIN).resolve("logs/server.log");
    }

    private Optional<ProcessHandle> process() throws IOException {
        Path file = work.resolve(DOMAIN).resolve("config/pid");
        return Files.exists(file)
                ? ProcessHandle.of(Long.parseLong(Files.readString(file).strip()))
                : Optional.empty();
    }

    /** Ends the process as an operating system does, and waits until it has ended; a second call does nothing. */
    void stop() throws Exception {
        if (stopped) {
            return;
        }
        stopped = true;
        ProcessHandle server =
                process().orElseThrow(() -> new AssertionError("Payara Server has ended by itself; see " + log()));
        server.destroy();
        try {
            server.onExit().get(SECONDS_TO_STOP, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            server.destroyForcibly();
            throw new AssertionError("Payara Server did not stop within " + SECONDS_TO_STOP + " s", e);
        }
    }
}
