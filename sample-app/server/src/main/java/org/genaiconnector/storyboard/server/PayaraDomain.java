package org.genaiconnector.storyboard.server;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A domain of an unpacked Payara Server, driven by {@code asadmin}. */
public final class PayaraDomain {

    private static final String NAME = "storyboard";

    /** What an application without remote clients does not need, and would be open to everybody who reaches this machine. */
    private static final List<String> CLOSED = List.of(
            "network-config.network-listeners.network-listener.http-listener-2.enabled=false",
            "iiop-service.iiop-listener.orb-listener-1.enabled=false",
            "iiop-service.iiop-listener.SSL.enabled=false",
            "iiop-service.iiop-listener.SSL_MUTUALAUTH.enabled=false",
            "admin-service.jmx-connector.system.enabled=false",
            "jms-service.type=REMOTE",
            "hazelcast-config-specific-configuration.enabled=false");

    private static final int STOP_SECONDS = 20;

    private final Path payara;
    private final Path work;
    private final String host;
    private final int adminPort;

    /**
     * A domain that does not exist yet.
     *
     * @param payara directory of the unpacked server
     * @param work empty directory for the domain
     * @param host address to listen on
     * @param adminPort of the console
     */
    public PayaraDomain(Path payara, Path work, String host, int adminPort) {
        this.payara = payara;
        this.work = work;
        this.host = host;
        this.adminPort = adminPort;
    }

    /**
     * Makes it; for the ports not named here the server takes its defaults, or others if those are in use.
     *
     * @param httpPort of the applications
     * @throws IOException if the server's files do not allow it
     */
    public void create(int httpPort) throws IOException {
        asadmin(
                Map.of(),
                "create-domain",
                "--nopassword",
                "--domaindir",
                work.toString(),
                "--adminport",
                Integer.toString(adminPort),
                "--instanceport",
                Integer.toString(httpPort),
                NAME);
    }

    /**
     * Starts it and returns when it is up.
     *
     * @param environment for the server's process, beside this one's
     * @throws IOException if it does not start
     */
    public void start(Map<String, String> environment) throws IOException {
        List<String> settings = new ArrayList<>(CLOSED);
        String listener = "network-config.network-listeners.network-listener.";
        settings.add(listener + "http-listener-1.address=" + host);
        settings.add(listener + "admin-listener.address=" + host);
        // five by default: as many requests that wait for a model would stop the page
        settings.add("thread-pools.thread-pool.http-thread-pool.max-thread-pool-size=50");
        Path commands = Files.write(
                work.resolve("before-boot.txt"),
                settings.stream()
                        .map(setting -> "set configs.config.server-config." + setting)
                        .toList());
        asadmin(
                environment,
                "start-domain",
                "--domaindir",
                work.toString(),
                "--prebootcommandfile",
                commands.toString(),
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
        List<String> arguments = new ArrayList<>(List.of("--host", host, "--port", Integer.toString(adminPort)));
        arguments.addAll(List.of(command));
        return asadmin(Map.of(), arguments.toArray(String[]::new));
    }

    /** Deploys an application; its name is that of the file. */
    void deploy(Path archive) throws IOException {
        asadmin("deploy", archive.toString());
    }

    /** The server's process; empty before it was started. */
    Optional<ProcessHandle> process() throws IOException {
        Path file = work.resolve(NAME).resolve("config/pid");
        return Files.exists(file)
                ? ProcessHandle.of(Long.parseLong(Files.readString(file).strip()))
                : Optional.empty();
    }

    /** The server's log file. */
    public Path log() {
        return work.resolve(NAME).resolve("logs/server.log");
    }

    /**
     * Tells the server's process to end, if there is one, and waits for it.
     *
     * @throws IOException if its process cannot be found out
     */
    public void stop() throws IOException {
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

    private String asadmin(Map<String, String> environment, String... arguments) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("-jar");
        command.add(payara.resolve("glassfish/lib/client/appserver-cli.jar").toString());
        command.addAll(List.of(arguments));
        Path output = work.resolve("asadmin.log");
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
        builder.environment().putAll(environment);
        try {
            int status = builder.start().waitFor();
            String said = Files.readString(output, StandardCharsets.UTF_8).strip();
            if (status != 0) {
                throw new IOException("asadmin failed: " + said);
            }
            return said;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while asadmin was running", e);
        }
    }
}
