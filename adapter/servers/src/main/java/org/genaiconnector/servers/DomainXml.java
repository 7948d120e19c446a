package org.genaiconnector.servers;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import javax.xml.transform.TransformerException;
import javax.xml.transform.TransformerFactory;
import javax.xml.transform.dom.DOMSource;
import javax.xml.transform.stream.StreamResult;
import javax.xml.xpath.XPath;
import javax.xml.xpath.XPathConstants;
import javax.xml.xpath.XPathExpressionException;
import javax.xml.xpath.XPathFactory;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.SAXException;

/**
 * The configuration file of a domain of GlassFish or Payara, changed before the first start: GlassFish has no commands for
 * that time, and some of what has to be closed opens before commands can be given.
 */
final class DomainXml {
    private static final String CONFIG = "/domain/configs/config[@name='server-config']";

    private final Path file;
    private final Document document;
    private final XPath xpath = XPathFactory.newInstance().newXPath();

    DomainXml(Path file) throws IOException {
        this.file = file;
        try {
            document = DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(file.toFile());
        } catch (ParserConfigurationException | SAXException e) {
            throw new IOException(file + " cannot be read", e);
        }
    }

    /**
     * Sets attributes of all elements that match.
     *
     * @param path below the configuration of the server
     * @return how many match
     */
    int set(String path, Map<String, String> attributes) throws IOException {
        NodeList found = find(path);
        for (int i = 0; i < found.getLength(); i++) {
            attributes.forEach(((Element) found.item(i))::setAttribute);
        }
        return found.getLength();
    }

    /** Sets attributes of an element that must be there. */
    void require(String path, Map<String, String> attributes) throws IOException {
        if (set(path, attributes) == 0) {
            throw new IOException(file + " has no " + path + ", so the application server would be open");
        }
    }

    /**
     * Adds an element as the last one.
     *
     * @param parent path below the configuration of the server; empty for itself
     */
    Element add(String parent, String name) throws IOException {
        Element element = document.createElement(name);
        find(parent).item(0).appendChild(element);
        return element;
    }

    /** Removes all elements that match. */
    void remove(String path) throws IOException {
        NodeList found = find(path);
        for (int i = 0; i < found.getLength(); i++) {
            found.item(i).getParentNode().removeChild(found.item(i));
        }
    }

    private NodeList find(String path) throws IOException {
        try {
            return (NodeList)
                    xpath.evaluate(path.isEmpty() ? CONFIG : CONFIG + "/" + path, document, XPathConstants.NODESET);
        } catch (XPathExpressionException e) {
            throw new IOException(path + " is no path", e);
        }
    }

    void write() throws IOException {
        try {
            TransformerFactory.newInstance()
                    .newTransformer()
                    .transform(new DOMSource(document), new StreamResult(file.toFile()));
        } catch (TransformerException e) {
            throw new IOException(file + " cannot be written", e);
        }
    }
}
