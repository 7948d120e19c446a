package org.genaiconnector.langchain4j;

import dev.langchain4j.model.chat.ChatModel;
import java.io.IOException;
import java.io.InputStream;
import java.net.JarURLConnection;
import java.net.URL;
import java.net.URLConnection;
import java.util.Properties;

/** Checks that the LangChain4j on the class path is one that this module can work with. */
final class LangChain4jVersion {
    /** The first with {@code EmbeddingRequest}; cancelling is since 1.8, options of a call since 1.13. */
    static final String NEEDED = "1.18";

    private static final int MAJOR = 1;
    private static final int LEAST_MINOR = 18;
    private static final String POM = "/META-INF/maven/dev.langchain4j/langchain4j-core/pom.properties";

    private LangChain4jVersion() {}

    /**
     * Fails if LangChain4j is too old or too new.
     *
     * @throws IllegalStateException with the version found, where it was found, and the version needed
     */
    static void check() {
        String place = String.valueOf(
                ChatModel.class.getProtectionDomain().getCodeSource().getLocation());
        check(found(place), place);
    }

    /** A version that nobody can read, such as that of a shaded jar, passes. */
    static void check(String found, String place) {
        String[] parts = found.split("[.-]");
        if (parts.length < 2 || !(parts[0] + parts[1]).matches("\\d{1,6}")) {
            return;
        }
        int major = Integer.parseInt(parts[0]);
        if (major != MAJOR || Integer.parseInt(parts[1]) < LEAST_MINOR) {
            throw new IllegalStateException("genai-connector-langchain4j needs LangChain4j " + NEEDED
                    + " or a later 1.x, and found langchain4j-core " + found + " in " + place
                    + ": package one version of all langchain4j jars, best by langchain4j-bom");
        }
    }

    /** The version of the jar that the class comes from, even if another one is on the class path too. */
    private static String found(String place) {
        try {
            URLConnection connection = new URL("jar:" + place + "!" + POM).openConnection();
            if (connection instanceof JarURLConnection) {
                connection.setUseCaches(false);
            }
            return version(connection.getInputStream());
        } catch (IOException e) { // not a jar of its own, as in an exploded or shaded application
            InputStream resource = ChatModel.class.getResourceAsStream(POM);
            try {
                return resource == null ? "" : version(resource);
            } catch (IOException unreadable) {
                return "";
            }
        }
    }

    private static String version(InputStream in) throws IOException {
        try (in) {
            Properties properties = new Properties();
            properties.load(in);
            return properties.getProperty("version", "");
        }
    }
}
