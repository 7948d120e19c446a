package org.genaiconnector.storyboard.tests.admin;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** Web archives made for a test. */
final class Archives {

    private Archives() {}

    /**
     * An archive that holds nothing but a servlet.
     *
     * @param manifest lines of its manifest
     */
    static Path of(Class<?> servlet, Path war, String... manifest) throws IOException {
        String file = servlet.getName().replace('.', '/') + ".class";
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(war));
                InputStream bytes = servlet.getClassLoader().getResourceAsStream(file)) {
            zip.putNextEntry(new ZipEntry("WEB-INF/classes/" + file));
            bytes.transferTo(zip);
            zip.putNextEntry(new ZipEntry("META-INF/MANIFEST.MF"));
            for (String line : manifest) {
                zip.write((line + "\n").getBytes(StandardCharsets.UTF_8));
            }
        }
        return war;
    }

    /** A copy of an archive with another {@code web.xml}. */
    static Path withWebXml(Path original, Path webXml, Path war) throws IOException {
        Files.copy(original, war, StandardCopyOption.REPLACE_EXISTING);
        try (FileSystem zip = FileSystems.newFileSystem(war, Map.of())) {
            Files.copy(webXml, zip.getPath("WEB-INF/web.xml"), StandardCopyOption.REPLACE_EXISTING);
        }
        return war;
    }
}
