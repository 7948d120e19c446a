package org.genaiconnector.storyboard.micro;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.MalformedURLException;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.stream.Stream;
import org.genaiconnector.storyboard.micro.Settings.Backend;

/**
 * Class loader of the simulators. Their Jetty, Jackson and SLF4J must not be seen by Payara, nor Payara's by them; so
 * they see the JDK only, and are spoken to in types of the JDK.
 */
final class SimulatorLoader {

    private SimulatorLoader() {}

    /**
     * Starts simulators; they run until this process ends.
     *
     * @param libraries directory of JARs
     * @param backends which ones
     * @param work directory for their files
     * @return where they listen
     * @throws IOException if the libraries cannot be read
     */
    static Map<Backend, URI> start(Path libraries, Set<Backend> backends, Path work) throws IOException {
        // never closed: the simulators load classes for as long as they run
        ClassLoader loader = new URLClassLoader("simulators", jars(libraries), ClassLoader.getPlatformClassLoader());
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        thread.setContextClassLoader(loader);
        try {
            BiFunction<String, Path, URI> simulators = simulators(loader);
            Map<Backend, URI> addresses = new EnumMap<>(Backend.class);
            for (Backend backend : backends) {
                addresses.put(backend, simulators.apply(backend.name(), work));
            }
            return addresses;
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
