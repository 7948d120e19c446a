package org.genaiconnector.ivt.simulators;

import jakarta.servlet.ServletContext;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Class loader of the simulators: it sees the JDK, the JARs in {@code WEB-INF/simulators}, {@link BuiltInBackends} and
 * {@link Backends}.
 */
public final class SimulatorLoader extends URLClassLoader {
    private static final String LIBRARIES = "/WEB-INF/simulators/";

    /** By name: the class loader of the application cannot load it. */
    private static final String BUILT_IN = "org.genaiconnector.ivt.simulators.BuiltInBackends";

    private final Path directory;

    private SimulatorLoader(URL[] libraries, Path directory) {
        super("genai-connector-ivt-simulators", libraries, ClassLoader.getPlatformClassLoader());
        this.directory = directory;
    }

    /**
     * Of the libraries in an application.
     *
     * @throws IOException if they cannot be copied to a temporary directory
     */
    public static SimulatorLoader of(ServletContext application) throws IOException {
        // an archive need not be a directory of files, and a class loader wants files
        Path directory = Files.createTempDirectory("genai-connector-ivt");
        List<URL> libraries = new ArrayList<>();
        for (String resource : application.getResourcePaths(LIBRARIES)) {
            Path file = directory.resolve(resource.substring(LIBRARIES.length()));
            try (InputStream in = application.getResourceAsStream(resource)) {
                Files.copy(in, file);
            }
            libraries.add(file.toUri().toURL());
        }
        return new SimulatorLoader(libraries.toArray(URL[]::new), directory);
    }

    /** Backends, none of them started. */
    public Backends backends() {
        try {
            return (Backends) loadClass(BUILT_IN).getConstructor().newInstance();
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("The simulators are not complete", e);
        }
    }

    @Override
    protected Class<?> findClass(String name) throws ClassNotFoundException {
        if (name.equals(Backends.class.getName())) {
            return Backends.class;
        }
        if (!name.equals(BUILT_IN)) {
            return super.findClass(name);
        }
        try (InputStream in = SimulatorLoader.class.getResourceAsStream("BuiltInBackends.class")) {
            byte[] code = in.readAllBytes();
            return defineClass(name, code, 0, code.length);
        } catch (IOException e) {
            throw new ClassNotFoundException(name, e);
        }
    }

    /** Closes and deletes the libraries. */
    @Override
    public void close() throws IOException {
        super.close();
        try (var files = Files.list(directory)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        Files.delete(directory);
    }
}
