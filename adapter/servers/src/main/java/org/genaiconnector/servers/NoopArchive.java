package org.genaiconnector.servers;

import java.nio.file.Path;
import org.genaiconnector.servers.noop.NoopConnectionFactory;
import org.jboss.shrinkwrap.api.ShrinkWrap;
import org.jboss.shrinkwrap.api.exporter.ZipExporter;
import org.jboss.shrinkwrap.api.spec.JavaArchive;
import org.jboss.shrinkwrap.api.spec.ResourceAdapterArchive;

/** The RAR of the adapter that does nothing. */
public final class NoopArchive {

    private NoopArchive() {}

    /**
     * Writes it.
     *
     * @param file overwritten if it exists
     */
    public static void write(Path file) {
        ShrinkWrap.create(ResourceAdapterArchive.class, "noop.rar")
                .addAsLibrary(ShrinkWrap.create(JavaArchive.class, "noop.jar")
                        .addPackage(NoopConnectionFactory.class.getPackage()))
                .as(ZipExporter.class)
                .exportTo(file.toFile(), true);
    }
}
