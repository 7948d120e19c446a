package org.genaiconnector.storyboard.tests.admin;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The command files of Payara Server and Payara Micro have the same settings. */
class CommandFilesTest {

    /** Settings of Payara Server only: monitoring and HTTP threads. */
    private static boolean isOfServer(String setting) {
        return setting.contains("monitoring-service") || setting.contains("http-thread-pool");
    }

    /** Settings that come from the environment on Payara Micro, and from the script's variables on Payara Server. */
    private static boolean isOfSite(String setting) {
        return setting.contains("${MPCONFIG=");
    }

    @Test
    void giveThePoolsTheSameAttributes() throws IOException {
        Set<String> server = Documents.settings(Script.file("payara-server/pools.asadmin"));
        Set<String> micro = Documents.settings(Script.file("payara-micro/boot-commands.txt"));
        server.removeIf(CommandFilesTest::isOfServer);
        micro.removeIf(CommandFilesTest::isOfSite);

        assertThat(micro).isNotEmpty().isEqualTo(server);
    }
}
