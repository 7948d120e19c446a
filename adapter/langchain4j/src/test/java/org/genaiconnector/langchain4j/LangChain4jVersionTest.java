package org.genaiconnector.langchain4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.File;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** A LangChain4j that does not fit is refused with its version and place. */
class LangChain4jVersionTest {
    private static final Path TOO_OLD = Path.of("target", "too-old");

    /** The class path of this test, but an older LangChain4j in place of the one there. */
    private static URLClassLoader withOldLangChain4j() throws Exception {
        List<URL> urls = new ArrayList<>();
        try (Stream<Path> jars = Files.list(TOO_OLD)) {
            for (Path jar : jars.toList()) {
                urls.add(jar.toUri().toURL());
            }
        }
        assertThat(urls).hasSize(1);
        for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
            if (!Path.of(entry).getFileName().toString().startsWith("langchain4j-core")) {
                urls.add(Path.of(entry).toUri().toURL());
            }
        }
        return new URLClassLoader(urls.toArray(URL[]::new), ClassLoader.getPlatformClassLoader());
    }

    @Test
    void refusesAnOldJar() throws Exception {
        try (URLClassLoader application = withOldLangChain4j()) {
            Class<?> factory = application.loadClass("org.genaiconnector.llm.LlmConnectionFactory");
            Object llm = Proxy.newProxyInstance(application, new Class<?>[] {factory}, (proxy, method, values) -> null);
            for (String model : List.of("ConnectorChatModel", "ConnectorStreamingChatModel")) {
                assertThatThrownBy(() -> application
                                .loadClass("org.genaiconnector.langchain4j." + model)
                                .getMethod("of", factory)
                                .invoke(null, llm))
                        .isInstanceOf(InvocationTargetException.class)
                        .cause()
                        .isInstanceOf(IllegalStateException.class)
                        .hasMessageContaining("needs LangChain4j " + LangChain4jVersion.NEEDED)
                        .hasMessageContaining("found langchain4j-core 1.16.")
                        .hasMessageContaining("target/too-old/langchain4j-core-1.16.");
            }
        }
    }

    @Test
    void knowsWhichVersionsFit() {
        String place = "file:/app/WEB-INF/lib/langchain4j-core.jar";
        for (String wrong : List.of("0.36.2", "1.11.0", "1.17.2", "2.0.0-beta1")) {
            assertThatThrownBy(() -> LangChain4jVersion.check(wrong, place))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining(wrong + " in " + place);
        }
        for (String right : List.of("1.18.0", "1.23.0-SNAPSHOT", "")) {
            LangChain4jVersion.check(right, place);
        }
        LangChain4jVersion.check();
    }
}
