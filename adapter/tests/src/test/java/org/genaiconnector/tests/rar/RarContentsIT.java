package org.genaiconnector.tests.rar;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import java.util.function.BiPredicate;
import java.util.jar.JarFile;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class RarContentsIT {
    /** Names in class files of what became {@code jakarta}; the JDK's own {@code javax} packages are not among them. */
    private static final Pattern JAVA_EE = Pattern.compile("javax/(annotation/[A-Z]|batch|decorator|ejb|el/|enterprise"
            + "|faces|inject|interceptor|jms|json|mail|persistence|resource|security/(auth/message|enterprise|jacc)"
            + "|servlet|transaction/[A-Z]|validation|websocket|ws/rs|xml/bind)");

    @Test
    void isSmall() throws IOException {
        assertThat(Files.size(Rar.file())).isLessThanOrEqualTo(3_100_000);
    }

    @Test
    void containsOnlyTheAdapterAndItsTransport() throws IOException {
        assertThat(Rar.libraries())
                .containsOnlyKeys(
                        "genai-connector-api",
                        "genai-connector-libraries",
                        "genai-connector-ra",
                        "httpcore5",
                        "httpcore5-h2",
                        "jersey-apache5-connector");
    }

    /** Payara 7 breaks the SLF4J that an application sees, also that of an adapter, whenever it undeploys the application. */
    @Test
    void showsNoSlf4jToApplications() throws IOException {
        assertThat(files((library, path) -> path.startsWith("org/slf4j/"))).isEmpty();
        assertThat(Rar.libraries().get("genai-connector-libraries"))
                .containsKeys(
                        "org/genaiconnector/slf4j/LoggerFactory.class",
                        "META-INF/services/org.genaiconnector.slf4j.spi.SLF4JServiceProvider");
    }

    @Test
    void containsNothingThatApplicationServersProvide() throws IOException {
        assertThat(files((library, path) ->
                        path.startsWith("jakarta/") || path.startsWith("javax/") || path.startsWith("java/")))
                .isEmpty();
    }

    @Test
    void containsNoJerseyButTheConnectorThatApplicationServersLack() throws IOException {
        assertThat(files((library, path) -> path.startsWith("org/glassfish/")
                        && !(library.equals("jersey-apache5-connector")
                                && path.startsWith("org/glassfish/jersey/apache5/"))))
                .isEmpty();
    }

    @Test
    void usesJakartaPackagesOnly() throws IOException {
        Map<String, Map<String, byte[]>> libraries = Rar.libraries();
        assertThat(files((library, path) -> path.endsWith(".class")
                        && JAVA_EE.matcher(text(libraries.get(library).get(path)))
                                .find()))
                .isEmpty();
    }

    @Test
    void hasNoClassesOutsideOfJars() throws IOException {
        assertThat(Rar.entries().keySet()).noneMatch(path -> path.endsWith(".class"));
    }

    @Test
    void disablesBeanDiscovery() throws IOException {
        assertThat(Rar.entries()).containsKey("META-INF/beans.xml");
        assertThat(text(Rar.entries().get("META-INF/beans.xml"))).contains("bean-discovery-mode=\"none\"");
    }

    /** HttpClient needs {@code jdk.net.Sockets}, and WildFly shows a deployment only the modules of the JDK that it asks for. */
    @Test
    void asksWildFlyForWhatHttpClientNeeds() throws IOException {
        try (JarFile archive = new JarFile(Rar.file().toFile())) {
            assertThat(archive.getManifest().getMainAttributes().getValue("Dependencies"))
                    .isEqualTo("jdk.net");
        }
    }

    @Test
    void namesTheLicenceOfEachLibrary() throws IOException {
        List<String> libraries = files((library, path) -> path.matches("META-INF/maven/.*/pom.properties")).stream()
                .map(path -> path.replaceFirst(".*META-INF/maven/(.*)/(.*)/pom.properties", "$1:$2"))
                .filter(library -> !library.startsWith("org.genaiconnector:"))
                .toList();
        assertThat(libraries).contains("org.slf4j:slf4j-api", "org.apache.httpcomponents.core5:httpcore5");
        assertThat(text(Rar.entries().get("META-INF/THIRD-PARTY.txt")).lines()).containsAll(libraries);
    }

    /** Such a file makes some versions of Payara take the archive for a MicroProfile application. */
    @Test
    void containsNoMicroProfileConfiguration() throws IOException {
        assertThat(files((library, path) -> path.equals("META-INF/microprofile-config.properties")))
                .isEmpty();
    }

    private static List<String> files(BiPredicate<String, String> wanted) throws IOException {
        return Rar.libraries().entrySet().stream()
                .flatMap(library -> files(library.getKey(), library.getValue(), wanted))
                .toList();
    }

    private static Stream<String> files(String library, Map<String, byte[]> files, BiPredicate<String, String> wanted) {
        return files.keySet().stream()
                .filter(path -> wanted.test(library, path))
                .map(path -> library + "!" + path);
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }
}
