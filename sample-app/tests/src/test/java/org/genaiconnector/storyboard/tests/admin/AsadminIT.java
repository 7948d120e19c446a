package org.genaiconnector.storyboard.tests.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.genaiconnector.storyboard.server.Asadmin;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Commands to asadmin in one process, with those that need no application server. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AsadminIT {

    private static final Path PAYARA =
            Path.of(System.getProperty("storyboard.server")).resolve("payara6");

    private final Asadmin asadmin = asadmin(PAYARA, Duration.ofMinutes(2));

    @TempDir
    private Path directory;

    private static Asadmin asadmin(Path payara, Duration longest) {
        return new Asadmin(payara, List.of(), Map.of(), longest);
    }

    @AfterAll
    void close() {
        asadmin.close();
    }

    @Test
    void saysWhatEachCommandSays() throws Exception {
        asadmin.run("version", "--local");

        assertThat(asadmin.run("version", "--local"))
                .startsWith("Using locally retrieved version")
                .contains("Payara Server")
                .endsWith("Command version executed successfully.");
    }

    @Test
    void passesArgumentsOnAsTheyAre() throws Exception {
        Path strange = Files.createDirectory(directory.resolve("a \"b\" \\c 'd' ${e} #f"));

        assertThat(asadmin.run("list-domains", "--domaindir", strange.toString()))
                .contains("No Domains to list");
        assertThatThrownBy(() -> asadmin.run("list-domains", "--domaindir", "a\nexit"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("one line");
    }

    @Test
    void reportsWhyACommandFailsAndExecutesTheNext() throws Exception {
        String nowhere = directory.resolve("nowhere").toString();

        assertThatThrownBy(() -> asadmin.run("list-domains", "--domaindir", nowhere))
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith("asadmin failed: ")
                .hasMessageContaining(nowhere)
                .hasMessageEndingWith("Command list-domains failed.");
        assertThatThrownBy(() -> asadmin.run("list-domains", "--domaindri", nowhere))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("domaindri");

        assertThat(asadmin.run("version", "--local")).contains("Payara Server");
    }

    @Test
    void startsAgainWhereItsProcessHasEnded() throws Exception {
        assertThatThrownBy(() -> asadmin.run("exit"))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("its process has ended");

        assertThat(asadmin.run("version", "--local")).contains("Payara Server");
    }

    @Test
    void reportsThatThereIsNoAsadmin() {
        try (Asadmin none = asadmin(directory, Duration.ofMinutes(2))) {
            assertThatThrownBy(() -> none.run("version", "--local"))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("its process has ended")
                    .hasMessageContaining(directory.toString());
        }
    }

    @Test
    void waitsNoLongerThanItsLimit() throws Exception {
        try (Asadmin impatient = asadmin(PAYARA, Duration.ofMillis(1))) {
            assertThatThrownBy(() -> impatient.run("version", "--local"))
                    .isInstanceOf(IOException.class)
                    .hasMessageStartingWith("asadmin failed: not done after 0.001 s");
        }
    }
}
