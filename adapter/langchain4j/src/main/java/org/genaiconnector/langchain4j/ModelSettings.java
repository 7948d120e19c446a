package org.genaiconnector.langchain4j;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Properties;
import java.util.SortedMap;
import java.util.TreeMap;
import org.eclipse.microprofile.config.Config;
import org.eclipse.microprofile.config.ConfigProvider;

/**
 * The configuration of models. MicroProfile Config where the application server has it; else the same file of the application,
 * over which system properties win.
 */
final class ModelSettings {
    static final String PREFIX = "genai.langchain4j.";

    private static final String FILE = "META-INF/microprofile-config.properties";

    private ModelSettings() {}

    /** Everything below the prefix, by name without it. */
    static SortedMap<String, String> read() {
        try {
            return MicroProfile.read();
        } catch (NoClassDefFoundError | IllegalStateException absent) { // no API, or no implementation of it
            return ofApplication();
        }
    }

    private static SortedMap<String, String> ofApplication() {
        Properties all = new Properties();
        ClassLoader application = Thread.currentThread().getContextClassLoader();
        try (InputStream file = application == null ? null : application.getResourceAsStream(FILE)) {
            if (file != null) {
                all.load(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(FILE + " cannot be read", e);
        }
        all.putAll(System.getProperties());
        SortedMap<String, String> ours = new TreeMap<>();
        all.stringPropertyNames().forEach(name -> put(ours, name, all.getProperty(name)));
        return ours;
    }

    private static void put(Map<String, String> ours, String name, String value) {
        if (name.startsWith(PREFIX) && value != null && !value.isBlank()) {
            ours.put(name.substring(PREFIX.length()), value.strip());
        }
    }

    /** Loaded only where there is the API. */
    private static final class MicroProfile {
        private MicroProfile() {}

        static SortedMap<String, String> read() {
            Config config = ConfigProvider.getConfig();
            SortedMap<String, String> ours = new TreeMap<>();
            for (String name : config.getPropertyNames()) {
                if (name.startsWith(PREFIX)) {
                    put(ours, name, config.getOptionalValue(name, String.class).orElse(null));
                }
            }
            return ours;
        }
    }
}
