package org.genaiconnector.storyboard.launcher;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.MalformedURLException;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * Class loader of the simulators. Their Jetty, Jackson and SLF4J must not be seen by Payara, nor Payara's by them; so
 * they see the JDK only, and are spoken to in types of the JDK.
 */
public final class SimulatorLoader {

    private SimulatorLoader() {}

    /**
     * Starts simulators and asks each once: the first answer takes the time of loading classes, which no pool would wait
     * for. They run until this process ends.
     *
     * @param libraries directory of JARs
     * @param backends which ones
     * @param work directory for their files
     * @return the configuration that leads the application to them, by MicroProfile Config's names
     * @throws IOException if the libraries cannot be read
     */
    public static Map<String, String> start(Path libraries, Set<Backend> backends, Path work) throws IOException {
        if (backends.isEmpty()) {
            return Map.of();
        }
        // never closed: the simulators load classes for as long as they run
        ClassLoader loader = new URLClassLoader("simulators", jars(libraries), ClassLoader.getPlatformClassLoader());
        BiFunction<String, Path, URI> simulators = simulators(loader);
        Map<String, String> configuration = new TreeMap<>();
        for (Backend backend : backends) {
            URI address = inContext(loader, () -> simulators.apply(backend.name(), work));
            Network.requireOk(URI.create(address + backend.probe()));
            configuration.putAll(backend.configuration(address));
        }
        return configuration;
    }

    /** Threads that are started meanwhile keep the loader as their context, as libraries expect. */
    private static URI inContext(ClassLoader loader, Supplier<URI> action) {
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        thread.setContextClassLoader(loader);
        try {
            return action.get();
        } finally {
            thread.setContextClassLoader(before);
        }
    }

    @SuppressWarnings("unchecked")
    private static BiFunction<String, Path, URI> simulators(ClassLoader loader) {
        try {
            return (BiFunction<String, Path, URI>) loader.loadClass(Simulators.class.getName())
                    .getConstructor()
                    .newInstance();
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("The simulators are not complete", e);
        }
    }

    private static URL[] jars(Path libraries) throws IOException {
        URL own = SimulatorLoader.class.getProtectionDomain().getCodeSource().getLocation();
        try (Stream<Path> files = Files.list(libraries)) {
            return Stream.concat(Stream.of(own), files.map(SimulatorLoader::url))
                    .toArray(URL[]::new);
        }
    }

    private static URL url(Path file) {
        try {
            return file.toUri().toURL();
        } catch (MalformedURLException e) {
            throw new UncheckedIOException(e);
        }
    }
}
