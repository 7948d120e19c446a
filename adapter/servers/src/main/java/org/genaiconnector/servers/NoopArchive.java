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

    /** A new one, named {@code noop.rar}. */
    public static ResourceAdapterArchive create() {
        return ShrinkWrap.create(ResourceAdapterArchive.class, "noop.rar")
                .addAsLibrary(ShrinkWrap.create(JavaArchive.class, "noop.jar")
                        .addPackage(NoopConnectionFactory.class.getPackage()));
    }

    /**
     * Writes it.
     *
     * @param file overwritten if it exists
     */
    public static void write(Path file) {
        create().as(ZipExporter.class).exportTo(file.toFile(), true);
    }
}
