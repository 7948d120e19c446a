package org.genaiconnector.tests.server;

import java.nio.file.Path;
import org.genaiconnector.tests.payara.bench.Administration;
import org.genaiconnector.tests.payara.bench.Answers;
import org.genaiconnector.tests.payara.bench.Assistant;
import org.genaiconnector.tests.payara.bench.BenchApplication;
import org.genaiconnector.tests.payara.bench.BenchResource;
import org.genaiconnector.tests.payara.bench.Calls;
import org.genaiconnector.tests.payara.bench.Director;
import org.genaiconnector.tests.payara.bench.KeptResource;
import org.genaiconnector.tests.payara.bench.LoanResource;
import org.genaiconnector.tests.payara.bench.NestedResource;
import org.genaiconnector.tests.payara.bench.Studio;
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

    /** What borrows and calls on demand, with both connection factories in fields and no other resource. */
    static String bench() {
        return exported(ShrinkWrap.create(WebArchive.class, "bench.war")
                .addClasses(BenchApplication.class, BenchResource.class, LoanResource.class, KeptResource.class)
                .addClasses(NestedResource.class, Director.class, Assistant.class)
                .addClasses(Administration.class, Answers.class, Calls.class, Studio.class));
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
