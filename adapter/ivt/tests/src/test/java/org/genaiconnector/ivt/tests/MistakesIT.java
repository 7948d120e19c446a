package org.genaiconnector.ivt.tests;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.genaiconnector.servers.AdministeredServer;
import org.genaiconnector.servers.Jvm;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What an administrator may do wrong on an application server other than Payara: it says the words that {@code
 * docs/troubleshooting.md} quotes, and the remedy there helps, without a restart.
 */
@EnabledIfSystemProperty(
        named = "redeployments",
        matches = "[1-9]\\d*",
        disabledReason = "it starts three application servers: -Pservers")
class MistakesIT {
    private static final Duration LONGEST = Duration.ofMinutes(3);
    /** Without the checks that measure times. */
    private static final String PARAMETERS = "simulators=true";

    private static final String PLACEHOLDER = "genai.nobody";

    static Stream<TestedServer> servers() {
        return Stream.of(TestedServer.GLASSFISH_7, TestedServer.WILDFLY_39, TestedServer.OPEN_LIBERTY_26)
                .filter(TestedServer::isWanted);
    }

    @ParameterizedTest
    @MethodSource("servers")
    void isNamedAndHelped(TestedServer tested) throws Exception {
        Jvm jvm = Jvm.atLeast(tested.oldestJdk()).orElseThrow().with("-Xmx512m");
        try (AdministeredServer server = (AdministeredServer) tested.start(jvm)) {
            Mistakes mistakes = new Mistakes(tested, server);
            String address = Installed.freeAddress();

            mistakes.make("the application is deployed before the adapter", () -> {
                server.deploy(Archives.WAR);
                return "";
            });

            mistakes.make("a placeholder is not defined", () -> {
                Installed.install(server, "${" + PLACEHOLDER + "}");
                return report(server);
            });
            Configured.placeholder(server, PLACEHOLDER, address);
            awaitSuccess(server);

            mistakes.make("a realm or its like does not exist", () -> Configured.missingRealm(server));
            awaitSuccess(server);

            mistakes.make("the adapter is replaced while applications call it", () -> {
                CompletableFuture<String> load = CompletableFuture.supplyAsync(() -> report(server));
                awaitListening(URI.create(address));
                server.deploy(Archives.RAR);
                return load.get(LONGEST.toSeconds(), TimeUnit.SECONDS);
            });
            server.deploy(Archives.WAR);
            awaitSuccess(server);

            // the last one: after it GlassFish may not start the application again when an adapter is replaced
            Path next = Files.createDirectories(Archives.work("next")).resolve("genai-connector-next.rar");
            Files.copy(Archives.RAR, next, StandardCopyOption.REPLACE_EXISTING);
            mistakes.make("two versions of the adapter are deployed", () -> {
                server.deploy(next);
                server.deploy(Archives.WAR);
                return report(server);
            });
            server.undeploy(next.getFileName().toString());
            server.deploy(Archives.WAR);
            awaitSuccess(server);
        }
    }

    /** The result, in JSON, or why there is none. */
    private static String report(AdministeredServer server) {
        try {
            return IvtClient.run(server.uri(), PARAMETERS).toString();
        } catch (IOException e) {
            return e.getMessage();
        } catch (InterruptedException e) {
            throw new CompletionException(e);
        }
    }

    /** Application servers may need a moment to start an application anew by themselves. */
    private static void awaitSuccess(AdministeredServer server) throws Exception {
        String report = report(server);
        for (long start = System.nanoTime(); !succeeded(report); report = report(server)) {
            assertThat(System.nanoTime() - start).as(report).isLessThan(LONGEST.toNanos());
            TimeUnit.MILLISECONDS.sleep(200); // between two looks
        }
    }

    private static boolean succeeded(String report) {
        return report.startsWith("{\"result\":\"ok\"");
    }

    /** The first calls of a run have been made once the simulator of the LLM service listens, which is the second to start. */
    private static void awaitListening(URI address) throws Exception {
        for (long start = System.nanoTime(); ; ) {
            try (Socket socket = new Socket(address.getHost(), address.getPort())) {
                assertThat(socket.isConnected()).isTrue();
                return;
            } catch (IOException e) { // not yet
                if (System.nanoTime() - start > LONGEST.toNanos()) {
                    throw e;
                }
                TimeUnit.MILLISECONDS.sleep(20); // between two looks
            }
        }
    }
}
