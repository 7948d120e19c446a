package org.genaiconnector.tests.rar;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipInputStream;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.w3c.dom.Document;
import org.xml.sax.SAXException;

/** The archive that the build makes. */
final class Rar {
    private static final Path FILE = Path.of(System.getProperty("archives"), "genai-connector.rar");

    private Rar() {}

    static Path file() {
        return FILE;
    }

    /** The files in it by path. */
    static Map<String, byte[]> entries() throws IOException {
        try (InputStream in = Files.newInputStream(FILE)) {
            return entries(in);
        }
    }

    /** The libraries in it by file name without version, each with its files by path. */
    static Map<String, Map<String, byte[]>> libraries() throws IOException {
        Map<String, Map<String, byte[]>> libraries = new TreeMap<>();
        for (Map.Entry<String, byte[]> entry : entries().entrySet()) {
            if (entry.getKey().endsWith(".jar")) {
                String name = entry.getKey().replaceFirst("-\\d.*", "");
                libraries.put(name, entries(new ByteArrayInputStream(entry.getValue())));
            }
        }
        return libraries;
    }

    static Document descriptor() throws IOException, SAXException, ParserConfigurationException {
        try (ZipFile archive = new ZipFile(FILE.toFile());
                InputStream in = archive.getInputStream(archive.getEntry("META-INF/ra.xml"))) {
            return DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(in);
        }
    }

    private static Map<String, byte[]> entries(InputStream archive) throws IOException {
        Map<String, byte[]> entries = new TreeMap<>();
        ZipInputStream zip = new ZipInputStream(archive);
        for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
            if (!entry.isDirectory()) {
                entries.put(entry.getName(), zip.readAllBytes());
            }
        }
        return entries;
    }
}
