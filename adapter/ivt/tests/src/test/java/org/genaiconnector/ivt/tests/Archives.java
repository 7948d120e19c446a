package org.genaiconnector.ivt.tests;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.genaiconnector.ivt.tests.control.ControlBean;
import org.genaiconnector.ivt.tests.control.ControlServlet;
import org.genaiconnector.servers.NoopArchive;
import org.jboss.shrinkwrap.api.ShrinkWrap;
import org.jboss.shrinkwrap.api.asset.ByteArrayAsset;
import org.jboss.shrinkwrap.api.asset.StringAsset;
import org.jboss.shrinkwrap.api.exporter.ZipExporter;
import org.jboss.shrinkwrap.api.spec.EnterpriseArchive;
import org.jboss.shrinkwrap.api.spec.JavaArchive;
import org.jboss.shrinkwrap.api.spec.WebArchive;

/** What the build has put in place for the tests. */
final class Archives {
    static final Path RAR = archive("genai-connector.rar");
    static final Path WAR = archive("genai-connector-ivt.war");

    /** What the build makes; its simulators listen at {@link #PORTS}. */
    private static final Path BUILT_EAR = archive("genai-connector-ivt.ear");

    private static final List<Integer> PORTS = List.of(31188, 31189);
    private static final String BEANS = "/genai-connector-ivt-ejb.jar";
    private static final String DEFINITIONS = "/org/genaiconnector/ivt/beans/Definitions.class";

    private Archives() {}

    /**
     * Writes the EAR with other ports for its simulators.
     *
     * @param ports of ComfyUI and of the LLM service; of five digits, as those in the constants of its class
     */
    static Path ear(List<Integer> ports) throws IOException {
        EnterpriseArchive ear = ShrinkWrap.createFromZipFile(EnterpriseArchive.class, BUILT_EAR.toFile());
        JavaArchive beans = ear.getAsType(JavaArchive.class, BEANS);
        String constants;
        try (InputStream in = beans.get(DEFINITIONS).getAsset().openStream()) {
            constants = new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
        }
        for (int i = 0; i < ports.size(); i++) {
            String built = ":" + PORTS.get(i);
            String wanted = ":" + ports.get(i);
            if (!constants.contains(built) || built.length() != wanted.length()) {
                throw new IllegalStateException(DEFINITIONS + " cannot have " + wanted + " instead of " + built);
            }
            constants = constants.replace(built, wanted);
        }
        beans.delete(DEFINITIONS);
        beans.add(new ByteArrayAsset(constants.getBytes(StandardCharsets.ISO_8859_1)), DEFINITIONS);
        ear.delete(BEANS);
        ear.add(beans, "/", ZipExporter.class);
        Path file = Files.createDirectories(work("ear")).resolve(BUILT_EAR.getFileName());
        ear.as(ZipExporter.class).exportTo(file.toFile(), true);
        return file;
    }

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
