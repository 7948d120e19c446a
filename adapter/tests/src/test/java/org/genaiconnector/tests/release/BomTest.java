package org.genaiconnector.tests.release;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.w3c.dom.NodeList;

/** The BOM, which has no parent that would keep it in step. */
class BomTest {
    private static final Path ROOT = Path.of("..", "..");

    @Test
    void hasTheVersionOfTheProject() throws Exception {
        assertThat(child(pom("adapter/bom"), "version")).isEqualTo(child(pom("."), "version"));
    }

    @Test
    void namesPublishedArtifactsOnly() throws Exception {
        NodeList artifacts = ((Element) pom("adapter/bom")
                        .getElementsByTagName("dependencyManagement")
                        .item(0))
                .getElementsByTagName("artifactId");
        List<String> names = new ArrayList<>();
        for (int i = 0; i < artifacts.getLength(); i++) {
            names.add(artifacts.item(i).getTextContent());
        }
        assertThat(names).contains("genai-connector-api").isSubsetOf(PublishedArtifacts.MODULES);
    }

    @Test
    void hasThePluginsOfTheOthers() throws Exception {
        for (String plugin : List.of(
                "maven-install-plugin",
                "maven-deploy-plugin",
                "maven-gpg-plugin",
                "central-publishing-maven-plugin",
                "spotless-maven-plugin")) {
            assertThat(version(pom("adapter/bom"), plugin)).as(plugin).isEqualTo(version(pom("."), plugin));
        }
    }

    private static Element pom(String module) throws Exception {
        Document pom = DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(ROOT.resolve(module).resolve("pom.xml").toFile());
        return pom.getDocumentElement();
    }

    private static String version(Element pom, String plugin) {
        NodeList plugins = pom.getElementsByTagName("plugin");
        for (int i = 0; i < plugins.getLength(); i++) {
            Element candidate = (Element) plugins.item(i);
            if (child(candidate, "artifactId").equals(plugin)) {
                return child(candidate, "version");
            }
        }
        throw new AssertionError("no " + plugin);
    }

    private static String child(Element parent, String name) {
        for (Node node = parent.getFirstChild(); node != null; node = node.getNextSibling()) {
            if (node instanceof Element element && element.getTagName().equals(name)) {
                return element.getTextContent();
            }
        }
        throw new AssertionError("no " + name + " in " + parent.getTagName());
    }
}
