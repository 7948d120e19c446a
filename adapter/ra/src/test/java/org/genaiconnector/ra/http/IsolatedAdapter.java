package org.genaiconnector.ra.http;

import java.io.ByteArrayInputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.MalformedURLException;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.net.URLConnection;
import java.net.URLStreamHandler;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Function;
import java.util.stream.Stream;

/** The adapter and the tests once more, by a class loader that sees less, or other resources, than that of the tests. */
public final class IsolatedAdapter extends URLClassLoader {
    private final List<String> missing;
    private final Map<String, String> replaced;

    private IsolatedAdapter(List<String> missing, Map<String, String> replaced) {
        super(classPath(), ClassLoader.getPlatformClassLoader());
        this.missing = missing;
        this.replaced = replaced;
    }

    /**
     * An adapter that does not see some packages.
     *
     * @param packages with those below them
     */
    public static IsolatedAdapter without(String... packages) {
        return new IsolatedAdapter(Stream.of(packages).map(name -> name + ".").toList(), Map.of());
    }

    /** An adapter that sees another text in place of a resource. */
    static IsolatedAdapter with(String resource, String text) {
        return new IsolatedAdapter(List.of(), Map.of(resource, text));
    }

    private static URL[] classPath() {
        return Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
                .map(entry -> url(Path.of(entry).toUri()))
                .toArray(URL[]::new);
    }

    private static URL url(URI uri) {
        try {
            return uri.toURL();
        } catch (MalformedURLException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Whether a class has been loaded in here. */
    public boolean hasLoaded(String name) {
        return findLoadedClass(name) != null;
    }

    /** Runs the class of the same name in here, with this as the context class loader, as application servers call adapters. */
    public String run(Class<? extends Callable<String>> type) throws Exception {
        return call(() -> (String) ((Callable<?>) made(type)).call());
    }

    /** As {@link #run(Class)}, with an argument. */
    public String run(Class<? extends Function<String, String>> type, String argument) throws Exception {
        return call(() -> {
            @SuppressWarnings("unchecked") // a class of the same name
            Function<String, String> here = (Function<String, String>) made(type);
            return here.apply(argument);
        });
    }

    private Object made(Class<?> type) throws ReflectiveOperationException {
        return loadClass(type.getName()).getDeclaredConstructor().newInstance();
    }

    private String call(Callable<String> work) throws Exception {
        Thread thread = Thread.currentThread();
        ClassLoader usual = thread.getContextClassLoader();
        thread.setContextClassLoader(this);
        try {
            return work.call();
        } finally {
            thread.setContextClassLoader(usual);
        }
    }

    @Override
    protected Class<?> findClass(String name) throws ClassNotFoundException {
        if (missing.stream().anyMatch(name::startsWith)) {
            throw new ClassNotFoundException(name);
        }
        return super.findClass(name);
    }

    @Override
    public URL findResource(String name) {
        String text = replaced.get(name);
        return text == null ? super.findResource(name) : textUrl(text);
    }

    private static URL textUrl(String text) {
        try {
            return new URL("text", null, -1, "/", new URLStreamHandler() {
                @Override
                protected URLConnection openConnection(URL url) {
                    return new URLConnection(url) {
                        @Override
                        public void connect() {
                            // there is nothing to connect to
                        }

                        @Override
                        public InputStream getInputStream() {
                            return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
                        }
                    };
                }
            });
        } catch (MalformedURLException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        try {
            super.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
