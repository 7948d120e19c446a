package org.genaiconnector.tests.server;

import java.nio.file.Path;
import org.genaiconnector.tests.payara.BenchClient;
import org.genaiconnector.tests.payara.bench.BenchApplication;
import org.genaiconnector.tests.payara.bench.Calls;
import org.genaiconnector.tests.server.office.OfficeResource;
import org.genaiconnector.tests.server.stranger.StrangerResource;
import org.jboss.shrinkwrap.api.ShrinkWrap;
import org.jboss.shrinkwrap.api.exporter.ZipExporter;
import org.jboss.shrinkwrap.api.spec.WebArchive;

/** What is deployed, as files: the server reads them itself. */
final class Archives {
    /** The adapter's name in the server. */
    static final String ADAPTER = "genai-connector";

    private Archives() {}

    static String rar() {
        return Path.of(System.getProperty("archives"), "genai-connector.rar")
                .toAbsolutePath()
                .toString();
    }

    /** The application that borrows and calls on demand. */
    static String bench() {
        return exported(BenchClient.application());
    }

    /** The application that has nothing of the adapter in a field. */
    static String stranger() {
        return exported(ShrinkWrap.create(WebArchive.class, "stranger.war")
                .addPackage(StrangerResource.class.getPackage())
                .addClasses(BenchApplication.class, Calls.class));
    }

    /** The application that knows its callers. */
    static String office() {
        return exported(ShrinkWrap.create(WebArchive.class, "office.war")
                .addPackage(OfficeResource.class.getPackage())
                .addClass(Calls.class)
                .setWebXML("office-web.xml"));
    }

    private static String exported(WebArchive archive) {
        Path file = Path.of("target", archive.getName()).toAbsolutePath();
        archive.as(ZipExporter.class).exportTo(file.toFile(), true);
        return file.toString();
    }
}
