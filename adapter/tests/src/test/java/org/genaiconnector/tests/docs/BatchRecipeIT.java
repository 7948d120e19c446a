package org.genaiconnector.tests.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.genaiconnector.comfyui.ComfyUiConnectionFactory;
import org.genaiconnector.servers.Jvm;
import org.genaiconnector.servers.MicroServer;
import org.genaiconnector.testkit.comfyui.ComfyUiSimulator;
import org.genaiconnector.tests.Eventually;
import org.genaiconnector.tests.docs.batch.Scenes;
import org.jboss.shrinkwrap.api.ShrinkWrap;
import org.jboss.shrinkwrap.api.asset.StringAsset;
import org.jboss.shrinkwrap.api.exporter.ZipExporter;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/** The batch of the recipes, run by the Jakarta Batch of an application server. */
@EnabledIfSystemProperty(named = "slow", matches = "true", disabledReason = "starts an application server: -Dslow=true")
class BatchRecipeIT {
    private static final Path ARCHIVES = Path.of(System.getProperty("archives"));
    private static final Duration SOON = Duration.ofSeconds(60);
    private static final String WRITER = "com/example/recipes/PaintingWriter.class";

    @TempDir
    private Path directory;

    @Test
    void sendsNothingOfAChunkThatIsRolledBack() throws Exception {
        try (ComfyUiSimulator comfyUi = ComfyUiSimulator.start();
                MicroServer server = start(comfyUi)) {
            String first = server.get("/start");
            awaitState(server, first, "FAILED");
            assertThat(prompts(comfyUi)).as("the second chunk was rolled back").hasSize(20);

            String second = server.get("/restart?id=" + first);
            awaitState(server, second, "COMPLETED");

            List<String> prompts = prompts(comfyUi);
            assertThat(prompts).hasSize(45);
            assertThat(IntStream.range(0, 45).mapToObj(number -> "\"scene " + number + "\""))
                    .allSatisfy(scene -> assertThat(prompts)
                            .filteredOn(text -> text.contains(scene))
                            .hasSize(1));
        }
    }

    private static void awaitState(MicroServer server, String id, String state) throws Exception {
        Eventually.isTrue(SOON, () -> server.get("/state?id=" + id).equals(state));
    }

    private static List<String> prompts(ComfyUiSimulator comfyUi) {
        return comfyUi.requests().stream()
                .filter(request -> request.path().endsWith("/prompt"))
                .map(request -> request.text())
                .toList();
    }

    private MicroServer start(ComfyUiSimulator comfyUi) throws Exception {
        Recipes.compile(directory);
        Path war = directory.resolve("batch.war");
        ShrinkWrap.create(WebArchive.class, "batch.war")
                .addPackage(Scenes.class.getPackage())
                .addAsResource(directory.resolve(WRITER).toFile(), WRITER)
                .addAsResource("painting.json")
                .addAsResource(new StringAsset(Recipes.batch()), "META-INF/batch-jobs/paint.xml")
                .as(ZipExporter.class)
                .exportTo(war.toFile(), true);
        String address = comfyUi.uri().toString().replace(":", "\\:");
        return MicroServer.start(
                ARCHIVES.resolve("payara-micro.jar"),
                Path.of("target", "batch-micro").toAbsolutePath(),
                Jvm.current("-Xmx512m", "-XX:TieredStopAtLevel=1"),
                List.of(
                        "deploy --name=genai-connector " + ARCHIVES.resolve("genai-connector.rar"),
                        "create-connector-connection-pool --raname=genai-connector --connectiondefinition="
                                + ComfyUiConnectionFactory.class.getName()
                                + " --transactionsupport=LocalTransaction --property=serverUrl=" + address + " painter",
                        "set resources.jdbc-connection-pool.H2Pool.res-type=javax.sql.XADataSource",
                        "create-connector-resource --poolname=painter eis/genai/comfyui",
                        "deploy --name=batch --contextroot=/ " + war),
                "/ready");
    }
}
