package org.genaiconnector.containers;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Stream;
import javax.naming.NamingException;
import javax.sql.DataSource;
import org.apache.openejb.OpenEJB;
import org.apache.openejb.OpenEJBException;
import org.apache.openejb.assembler.classic.AppInfo;
import org.apache.openejb.assembler.classic.Assembler;
import org.apache.openejb.config.ConfigurationFactory;
import org.apache.openejb.core.ParentClassLoaderFinder;
import org.apache.openejb.loader.SystemInstance;
import org.apache.openejb.spi.ContainerSystem;

/**
 * The engine of TomEE in this JVM, with the unpacked RAR and an application. As in a TomEE whose shared class loader has the
 * adapter's jars, the application sees the classes of the RAR. The engine can be started once in a JVM; the RAR can be deployed again.
 */
final class TomEe {
    private static final Path APPS = Path.of(System.getProperty("apps"));
    private static final Path RAR = APPS.resolve("genai-connector.rar");
    private static final String BEANS = "org/genaiconnector/containers/beans";

    private URLClassLoader shared;
    private AppInfo adapter;
    private AppInfo application;

    /** Starts the engine. */
    TomEe() throws Exception {
        System.setProperty(
                "openejb.classloader.first.disallow-system-loading", "true"); // the application has its own classes
        Path base = Files.createDirectories(APPS.resolveSibling("tomee"));
        Path configuration = Files.createDirectories(base.resolve("conf")).resolve("openejb.xml");
        Files.writeString(configuration, "<openejb/>");
        Properties settings = new Properties();
        settings.put("openejb.home", base.toString());
        settings.put("openejb.base", base.toString());
        settings.put("openejb.configuration", configuration.toString());
        settings.put("openejb.deployments.classpath", "false");
        settings.put("openejb.log.async", "false");
        settings.put("booksXa", "new://Resource?class-name=org.hsqldb.jdbc.pool.JDBCXADataSource");
        settings.put("booksXa.SkipImplicitAttributes", "true");
        settings.put("booksXa.Url", "jdbc:hsqldb:mem:books");
        settings.put("booksXa.User", "sa");
        settings.put("booksXa.Password", "");
        settings.put("books", "new://Resource?type=DataSource");
        settings.put("books.XaDataSource", "booksXa");
        settings.put("books.UserName", "sa");
        settings.put("books.Password", "");
        OpenEJB.init(settings);
        SystemInstance.get().setComponent(ParentClassLoaderFinder.class, fallback -> shared);
        copyBeans();
    }

    private static void copyBeans() throws IOException {
        Path classes = Path.of(
                TomEe.class.getProtectionDomain().getCodeSource().getLocation().getPath());
        Path target = Files.createDirectories(APPS.resolve("beans").resolve(BEANS));
        try (Stream<Path> beans = Files.list(classes.resolve(BEANS))) {
            for (Path bean : beans.toList()) {
                Files.write(target.resolve(bean.getFileName()), Files.readAllBytes(bean));
            }
        }
    }

    /**
     * Sets properties of a connection factory or its pool, for the next deployment.
     *
     * @param factory the interface of the connection factory
     */
    static void configure(String factory, Map<String, String> properties) {
        properties.forEach(
                (name, value) -> SystemInstance.get().setProperty("genai-connector-" + factory + '.' + name, value));
    }

    /** Deploys the RAR, then the application. */
    Checks deploy() throws Exception {
        try (Stream<Path> files = Files.list(RAR)) {
            shared = new URLClassLoader(
                    files.filter(file -> file.toString().endsWith(".jar"))
                            .map(TomEe::url)
                            .toArray(URL[]::new),
                    TomEe.class.getClassLoader());
        }
        adapter = deploy(RAR);
        application = deploy(APPS.resolve("beans"));
        return (Checks) lookUp("openejb/global/global/beans/ChecksBean");
    }

    /** An XA data source. */
    static DataSource database() throws NamingException {
        return (DataSource) lookUp("openejb/Resource/books");
    }

    private static Object lookUp(String name) throws NamingException {
        return SystemInstance.get()
                .getComponent(ContainerSystem.class)
                .getJNDIContext()
                .lookup(name);
    }

    private static URL url(Path file) {
        try {
            return file.toUri().toURL();
        } catch (MalformedURLException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static AppInfo deploy(Path module) throws Exception {
        AppInfo info = new ConfigurationFactory().configureApplication(module.toFile());
        assembler().createApplication(info);
        return info;
    }

    private static Assembler assembler() {
        return SystemInstance.get().getComponent(Assembler.class);
    }

    /** Undeploys the application, then the RAR. */
    void undeploy() throws OpenEJBException, IOException {
        assembler().destroyApplication(application);
        assembler().destroyApplication(adapter);
        shared.close();
    }

    /** Ends the engine. */
    static void stop() {
        OpenEJB.destroy();
    }
}
