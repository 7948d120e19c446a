package org.genaiconnector.tests.server;

import java.nio.file.Path;
import org.genaiconnector.tests.payara.testapp.Administration;
import org.genaiconnector.tests.payara.testapp.Answers;
import org.genaiconnector.tests.payara.testapp.CallResource;
import org.genaiconnector.tests.payara.testapp.Calls;
import org.genaiconnector.tests.payara.testapp.InjectedCdiBean;
import org.genaiconnector.tests.payara.testapp.KeptConnectionResource;
import org.genaiconnector.tests.payara.testapp.KeptFactoryResource;
import org.genaiconnector.tests.payara.testapp.NestedBean;
import org.genaiconnector.tests.payara.testapp.NestedResource;
import org.genaiconnector.tests.payara.testapp.NestingBean;
import org.genaiconnector.tests.payara.testapp.TestApplication;
import org.genaiconnector.tests.server.jndi.JndiOnlyResource;
import org.genaiconnector.tests.server.signon.SignOnResource;
import org.jboss.shrinkwrap.api.ShrinkWrap;
import org.jboss.shrinkwrap.api.exporter.ZipExporter;
import org.jboss.shrinkwrap.api.spec.WebArchive;

/** The archives to deploy, as files, because the application server reads them itself. */
final class Archives {
    /** Name under which the adapter is deployed. */
    static final String ADAPTER = "genai-connector";

    private Archives() {}

    static String rar() {
        return Path.of(System.getProperty("archives"), "genai-connector.rar")
                .toAbsolutePath()
                .toString();
    }

    /** The application that borrows and calls on demand, with both connection factories in fields and no other resource. */
    static String testApplication() {
        return exported(ShrinkWrap.create(WebArchive.class, "testapp.war")
                .addClasses(
                        TestApplication.class,
                        CallResource.class,
                        KeptConnectionResource.class,
                        KeptFactoryResource.class)
                .addClasses(NestedResource.class, NestingBean.class, NestedBean.class)
                .addClasses(Administration.class, Answers.class, Calls.class, InjectedCdiBean.class));
    }

    /** The application that has no reference to a resource of the adapter. */
    static String jndiOnly() {
        return exported(ShrinkWrap.create(WebArchive.class, "jndi-only.war")
                .addPackage(JndiOnlyResource.class.getPackage())
                .addClasses(TestApplication.class, Calls.class));
    }

    /** The application that authenticates its callers. */
    static String signOn() {
        return exported(ShrinkWrap.create(WebArchive.class, "sign-on.war")
                .addPackage(SignOnResource.class.getPackage())
                .addClass(Calls.class)
                .setWebXML("sign-on-web.xml"));
    }

    private static String exported(WebArchive archive) {
        Path file = Path.of("target", archive.getName()).toAbsolutePath();
        archive.as(ZipExporter.class).exportTo(file.toFile(), true);
        return file.toString();
    }
}
