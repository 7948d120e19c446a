package org.genaiconnector.tests.release;

import static java.util.function.Predicate.not;
import static org.assertj.core.api.Assertions.assertThat;

import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonReader;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The artifacts of a release, built from a copy of the sources in another directory, time zone and locale. */
@EnabledIfSystemProperty(named = "slow", matches = "true", disabledReason = "builds the project once more")
class ReleaseIT {
    @TempDir
    static Path directory;

    private static PublishedArtifacts artifacts;

    @BeforeAll
    static void build() throws IOException, InterruptedException {
        artifacts = PublishedArtifacts.build(directory);
    }

    @Test
    void secondBuildGivesTheSameRar() throws IOException {
        assertSame(
                artifacts.file("genai-connector", ".rar"),
                Path.of(System.getProperty("archives"), "genai-connector.rar"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"api", "client", "langchain4j", "testkit", "ra", "libraries", "junit"})
    void secondBuildGivesTheSameJars(String module) throws IOException {
        Path second = artifacts.file("genai-connector-" + module, ".jar");
        Path first = Path.of("..", module, "target")
                .resolve(second.getFileName().toString().replaceFirst("-[\\d.]+-\\d+\\.jar", "-SNAPSHOT.jar"));
        assertSame(second, first);
    }

    @ParameterizedTest
    @ValueSource(strings = {"api", "client", "langchain4j", "testkit", "ra", "libraries", "junit"})
    void jarsHaveTheirSourcesAndJavadoc(String module) throws IOException {
        assertThat(entries(artifacts.file("genai-connector-" + module, "-sources.jar")))
                .isNotEmpty();
        assertThat(entries(artifacts.file("genai-connector-" + module, "-javadoc.jar")))
                .isNotEmpty();
    }

    @Test
    void billOfMaterialsNamesWhatTheRarCarries() throws IOException {
        List<String> named = Files.readAllLines(Path.of("../rar/src/main/rar/META-INF/THIRD-PARTY.txt")).stream()
                .filter(line -> line.matches("[\\w.-]+:[\\w.-]+"))
                .toList();
        try (InputStream in = Files.newInputStream(artifacts.file("genai-connector", "-cyclonedx.json"));
                JsonReader reader = Json.createReader(in)) {
            List<JsonObject> components =
                    reader.readObject().getJsonArray("components").getValuesAs(JsonObject.class);
            assertThat(components)
                    .allSatisfy(component ->
                            assertThat(component.getJsonArray("licenses")).isNotEmpty())
                    .extracting(component -> component.getString("group") + ":" + component.getString("name"))
                    .filteredOn(name -> !name.startsWith("org.genaiconnector:"))
                    .containsExactlyInAnyOrderElementsOf(named);
        }
    }

    @Test
    void starterBuildsFromThePublishedArtifactsAlone() throws IOException, InterruptedException {
        Path starter = directory.resolve("starter");
        PublishedArtifacts.copy(Starter.ORIGINAL.toAbsolutePath().normalize(), starter);
        Path repository = Starter.localRepository(directory.resolve("local"));
        Path settings = Starter.settings(directory.resolve("settings.xml"), artifacts.repository());

        try {
            Maven.run(
                    starter,
                    directory.resolve("starter.log"),
                    "package",
                    "-gs",
                    settings.toString(),
                    "-Dmaven.repo.local=" + repository);
        } finally {
            Starter.unlink(repository);
        }

        assertThat(starter.resolve("target/starter.war")).exists();
        assertThat(starter.resolve("target/genai-connector.rar"))
                .hasSameBinaryContentAs(artifacts.file("genai-connector", ".rar"));
        assertThat(starter.resolve("target/surefire-reports/TEST-com.example.starter.PainterTest.xml"))
                .content()
                .contains("tests=\"1\" errors=\"0\" skipped=\"0\" failures=\"0\"");
    }

    private static void assertSame(Path second, Path first) throws IOException {
        List<String> here = entries(first);
        List<String> there = entries(second);
        assertThat(there)
                .as("only in %s", second)
                .filteredOn(not(here::contains))
                .isEmpty();
        assertThat(here)
                .as("only in %s, perhaps of an older build: use ./mvnw clean verify", first)
                .filteredOn(not(there::contains))
                .isEmpty();
        assertThat(Files.mismatch(second, first)).as("%s and %s", second, first).isEqualTo(-1);
    }

    /** The entries of an archive in their order, each with its time and check sum. */
    private static List<String> entries(Path archive) throws IOException {
        try (ZipFile zip = new ZipFile(archive.toFile())) {
            return zip.stream()
                    .map(entry -> entry.getName() + " of " + entry.getTimeLocal() + ", CRC " + entry.getCrc())
                    .toList();
        }
    }
}
