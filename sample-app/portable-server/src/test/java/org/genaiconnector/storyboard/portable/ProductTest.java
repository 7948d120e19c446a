package org.genaiconnector.storyboard.portable;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import javax.xml.parsers.DocumentBuilderFactory;
import org.genaiconnector.servers.Listeners;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.w3c.dom.Element;

class ProductTest {

    @Test
    void isNamedByTheFirstArgument() {
        assertThat(Product.named("liberty")).isEqualTo(Product.LIBERTY);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Product.named(""))
                .withMessage("the first argument must be glassfish, wildfly, liberty; then may come --port NUMBER");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Product.named("--port"))
                .withMessageContaining("glassfish, wildfly, liberty, not \"--port\"");
    }

    @ParameterizedTest
    @EnumSource
    void namesTheCommandThatUnpacksIt(Product product, @TempDir Path home) {
        assertThatIOException()
                .isThrownBy(() -> product.start(
                        home, home.resolve("work"), new Listeners(Listeners.LOOPBACK, 0, 0, 0), Map.of(), "password"))
                .withMessageContaining("./mvnw -Prun-" + product.name().toLowerCase(Locale.ROOT))
                .withMessageContaining(home.toString());
        assertThat(home.resolve("work")).doesNotExist();
    }

    @Test
    void writesVariablesThatKeepTheirValues() throws Exception {
        String value = "<\"a\" & 'b'>";
        String xml = "<server>" + Product.variables(Map.of("llm.api.key", value)) + "</server>";

        Element server = DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(new ByteArrayInputStream(xml.getBytes(StandardCharsets.UTF_8)))
                .getDocumentElement();

        Element variable = (Element) server.getElementsByTagName("variable").item(0);
        assertThat(variable.getAttribute("name")).isEqualTo("llm.api.key");
        assertThat(variable.getAttribute("value")).isEqualTo(value);
    }
}
