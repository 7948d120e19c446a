package org.genaiconnector.ivt.tests;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.genaiconnector.ivt.tests.control.ControlBean;
import org.genaiconnector.ivt.tests.control.ControlServlet;
import org.genaiconnector.servers.NoopArchive;
import org.jboss.shrinkwrap.api.ShrinkWrap;
import org.jboss.shrinkwrap.api.asset.StringAsset;
import org.jboss.shrinkwrap.api.exporter.ZipExporter;
import org.jboss.shrinkwrap.api.spec.EnterpriseArchive;
import org.jboss.shrinkwrap.api.spec.JavaArchive;
import org.jboss.shrinkwrap.api.spec.WebArchive;

/** What the build has put in place for the tests. */
final class Archives {
    static final Path RAR = archive("genai-connector.rar");
    static final Path WAR = archive("genai-connector-ivt.war");
    static final Path EAR = archive("genai-connector-ivt.ear");

    private Archives() {}

    static Path archive(String name) {
        return Path.of(System.getProperty("archives")).resolve(name);
    }

    /** Writes an EAR with the adapter that does nothing and an application that uses it. */
    static Path control() throws IOException {
        Path file = Files.createDirectories(work("control")).resolve("control.ear");
        ShrinkWrap.create(EnterpriseArchive.class, file.getFileName().toString())
                .setApplicationXML(new StringAsset("""
                        <application xmlns="https://jakarta.ee/xml/ns/jakartaee" version="10">
                          <application-name>control</application-name>
                          <initialize-in-order>true</initialize-in-order>
                          <module><connector>noop.rar</connector></module>
                          <module><ejb>beans.jar</ejb></module>
                          <module><web><web-uri>web.war</web-uri><context-root>/control</context-root></web></module>
                        </application>"""))
                .addAsModule(NoopArchive.create())
                .addAsModule(ShrinkWrap.create(JavaArchive.class, "beans.jar").addClass(ControlBean.class))
                .addAsModule(ShrinkWrap.create(WebArchive.class, "web.war").addClass(ControlServlet.class))
                .as(ZipExporter.class)
                .exportTo(file.toFile(), true);
        return file;
    }

    /** Directory of an unpacked distribution: the only one in the directory of the product. */
    static Path home(String product) throws IOException {
        Path directory = Path.of(System.getProperty("servers")).resolve(product);
        try (Stream<Path> children = Files.list(directory)) {
            List<Path> homes = children.filter(Files::isDirectory).toList();
            if (homes.size() != 1) {
                throw new IOException(directory + " has " + homes + " instead of one distribution");
            }
            return homes.get(0);
        }
    }

    /** Directory for what an application server writes. */
    static Path work(String product) {
        return Path.of("target", "work", product).toAbsolutePath();
    }
}
