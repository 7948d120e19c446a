package org.genaiconnector.storyboard.portable;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.genaiconnector.servers.AdministeredServer;
import org.genaiconnector.servers.GlassFishServer;
import org.genaiconnector.servers.Jvm;
import org.genaiconnector.servers.LibertyServer;
import org.genaiconnector.servers.Listeners;
import org.genaiconnector.servers.WildFlyServer;

/** An application server, and how it is given the configuration of Storyboard. */
enum Product {
    GLASSFISH("GlassFish", "/") {
        @Override
        AdministeredServer start(
                Path home, Path work, Listeners listeners, Map<String, String> configuration, String password)
                throws IOException, InterruptedException {
            return GlassFishServer.start(
                    child(home, "glassfish", this), work, Jvm.current(), listeners, configuration, password);
        }
    },

    WILDFLY("WildFly", "/console") {
        @Override
        AdministeredServer start(
                Path home, Path work, Listeners listeners, Map<String, String> configuration, String password)
                throws IOException, InterruptedException {
            return WildFlyServer.start(
                    child(home, "wildfly", this),
                    work,
                    Jvm.current(),
                    listeners,
                    "standalone.xml",
                    configuration,
                    password);
        }
    },

    LIBERTY("Open Liberty", "") {
        @Override
        AdministeredServer start(
                Path home, Path work, Listeners listeners, Map<String, String> configuration, String password)
                throws IOException, InterruptedException {
            LibertyServer server =
                    LibertyServer.start(child(home, "wlp", this), work, Jvm.current(), listeners, FEATURES);
            server.configure(
                    "storyboard",
                    variables(configuration) + "  <activationSpec id=\"storyboard/storyboard-ejb/JobMessages\">"
                            + "<properties.storyboard.genai-connector/></activationSpec>\n");
            return server;
        }
    };

    /** Open Liberty has only what it is told to have. */
    private static final List<String> FEATURES = List.of(
            "connectors-2.1",
            "mdb-4.0",
            "enterpriseBeansLite-4.0",
            "cdi-4.0",
            "restfulWS-3.1",
            "jsonp-2.1",
            "jsonb-3.0",
            "concurrent-3.0",
            "appSecurity-5.0",
            "mpConfig-3.1");

    private final String title;
    private final String console;

    Product(String title, String console) {
        this.title = title;
        this.console = console;
    }

    /**
     * Finds one.
     *
     * @param name in lower case
     * @throws IllegalArgumentException with a message for the user, if there is none of that name
     */
    static Product named(String name) {
        return Arrays.stream(values())
                .filter(product -> product.lowerCase().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("the first argument must be "
                        + Arrays.stream(values()).map(Product::lowerCase).collect(Collectors.joining(", "))
                        + (name.isEmpty() ? "" : ", not \"" + name + "\"") + "; then may come --port NUMBER"));
    }

    private String lowerCase() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The values as variables of Open Liberty. */
    static String variables(Map<String, String> values) {
        return values.entrySet().stream()
                .map(entry -> "  <variable name=\"" + entry.getKey() + "\" value=\""
                        + entry.getValue()
                                .replace("&", "&amp;")
                                .replace("\"", "&quot;")
                                .replace("<", "&lt;")
                        + "\"/>\n")
                .collect(Collectors.joining());
    }

    /** Path of its administration console. */
    Optional<String> console() {
        return Optional.of(console).filter(path -> !path.isEmpty());
    }

    /** As a user knows it. */
    String title() {
        return title;
    }

    /**
     * Starts it, without the application.
     *
     * @param home directory in which the distribution is unpacked
     * @param work directory for everything it writes
     * @param configuration values of the placeholders
     * @param password of its administrator, where it has one
     */
    abstract AdministeredServer start(
            Path home, Path work, Listeners listeners, Map<String, String> configuration, String password)
            throws IOException, InterruptedException;

    /** The directory of a distribution, which has its version in its name. */
    private static Path child(Path home, String prefix, Product product) throws IOException {
        try (DirectoryStream<Path> children = Files.newDirectoryStream(home, prefix + "*")) {
            for (Path child : children) {
                return child;
            }
        }
        throw new IOException(home + " has no " + prefix + "*: build with ./mvnw -Prun-" + product.lowerCase());
    }
}
