package org.genaiconnector.storyboard.tests;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** No port is open to other machines, and responses do not reveal the version of the application server. */
interface ListeningChecks extends Application {

    /** The lines of the page about security that show what listens while a command runs, all on the loopback address. */
    static List<String> documented(String command) throws IOException {
        String page = Files.readString(Path.of(System.getProperty("repository"), "docs", "security.md"));
        List<String> lines = page.lines()
                .dropWhile(line -> !line.matches("\\$ ss -ltn +# while " + Pattern.quote(command) + " runs"))
                .skip(1)
                .takeWhile(line -> line.startsWith("State") || line.startsWith("LISTEN"))
                .filter(line -> line.startsWith("LISTEN"))
                .toList();
        assertThat(lines).isNotEmpty().allMatch(line -> line.contains(" [::ffff:127.0.0.1]:"));
        return lines;
    }

    @Test
    default void listensOnTheLoopbackAddressOnly() throws Exception {
        // the launcher of this application starts no simulators
        String command = storyboard().hasLogFile() ? "./mvnw -Prun-server" : "./mvnw -Prun";
        List<String> documented = documented(command).stream()
                .filter(line -> !line.contains("simulator"))
                .toList();
        assertThat(listening().assertOnLoopbackOnly())
                .isEqualTo(documented.size())
                .isPositive();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/api/jobs", "/api/nowhere", "/nowhere", "/metrics", "/health", "/%00"})
    default void doesNotRevealTheVersionOfTheApplicationServer(String path) throws Exception {
        Rest.Answer answer = rest().get(path);

        assertThat(answer.headers().map()).doesNotContainKeys("Server", "server", "X-Powered-By", "x-powered-by");
        assertThat(answer.text()).doesNotContain("Payara Server", "Payara Micro");
    }
}
