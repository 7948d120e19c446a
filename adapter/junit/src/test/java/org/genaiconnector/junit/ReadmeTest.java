package org.genaiconnector.junit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;
import org.junit.platform.launcher.listeners.TestExecutionSummary;

/** The README's complete application and its test, which are the Java blocks that begin with their package. */
class ReadmeTest {
    private static final Path README = Path.of("..", "..", "README.md");
    private static final Pattern COMPLETE = Pattern.compile("(?ms)^```java\\R(package .*?)^```$");
    private static final Pattern TYPE = Pattern.compile("(?m)^(?:public )?class (\\w+)");

    @TempDir
    private Path directory;

    /** A compilation unit of the README. */
    private static final class Source extends SimpleJavaFileObject {
        private final String name;
        private final String text;

        Source(String text) {
            this(TYPE.matcher(text).results().findFirst().orElseThrow().group(1), text);
        }

        private Source(String name, String text) {
            super(URI.create("string:///com/example/illustrator/" + name + Kind.SOURCE.extension), Kind.SOURCE);
            this.name = name;
            this.text = text;
        }

        boolean isTest() {
            return name.endsWith("Test");
        }

        @Override
        public CharSequence getCharContent(boolean ignoreEncodingErrors) {
            return text;
        }
    }

    private static List<Source> sources() throws IOException {
        return COMPLETE.matcher(Files.readString(README))
                .results()
                .map(MatchResult::group)
                .map(block -> new Source(block.substring(block.indexOf('\n') + 1, block.lastIndexOf("```"))))
                .toList();
    }

    private static List<Path> classPath(Predicate<String> wanted) {
        return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(wanted)
                .map(Path::of)
                .toList();
    }

    /** What an application has at compile time: this project's API and Jakarta EE's. */
    private static boolean isApi(String entry) {
        String path = entry.replace(File.separatorChar, '/');
        return path.contains("jakartaee-api")
                || path.matches(".*/(adapter/api/target/classes|genai-connector-api-[^/]*\\.jar)");
    }

    private void compile(List<Source> sources, List<Path> classPath) throws IOException {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        DiagnosticCollector<JavaFileObject> problems = new DiagnosticCollector<>();
        try (StandardJavaFileManager files = compiler.getStandardFileManager(problems, Locale.ROOT, null)) {
            String entries = Stream.concat(classPath.stream(), Stream.of(directory))
                    .map(Path::toString)
                    .collect(Collectors.joining(File.pathSeparator));
            List<String> options =
                    List.of("-Xlint:all,-processing", "-proc:none", "-d", directory.toString(), "-cp", entries);
            boolean compiled = compiler.getTask(null, files, problems, options, null, sources)
                    .call();
            assertThat(problems.getDiagnostics())
                    .filteredOn(problem -> problem.getKind() != Diagnostic.Kind.NOTE)
                    .isEmpty();
            assertThat(compiled).isTrue();
        }
    }

    @Test
    void applicationCompilesWithTheApiAloneAndItsTestPasses() throws Exception {
        List<Source> sources = sources();
        assertThat(sources).extracting(source -> source.name).contains("Illustrator", "IllustratorTest");
        List<Path> api = classPath(ReadmeTest::isApi);
        assertThat(api).as("the API of Jakarta EE and of this project").hasSize(2);

        compile(sources.stream().filter(source -> !source.isTest()).toList(), api);
        compile(sources.stream().filter(Source::isTest).toList(), classPath(entry -> true));

        TestExecutionSummary summary = run("com.example.illustrator.IllustratorTest");
        assertThat(summary.getFailures())
                .extracting(failure -> failure.getException().toString())
                .isEmpty();
        assertThat(summary.getTestsSucceededCount()).isEqualTo(1);
    }

    private TestExecutionSummary run(String test) throws Exception {
        SummaryGeneratingListener listener = new SummaryGeneratingListener();
        URL[] classes = {directory.toUri().toURL()};
        try (URLClassLoader loader = new URLClassLoader(classes, getClass().getClassLoader())) {
            LauncherFactory.create()
                    .execute(
                            LauncherDiscoveryRequestBuilder.request()
                                    .selectors(selectClass(loader.loadClass(test)))
                                    .build(),
                            listener);
        }
        return listener.getSummary();
    }
}
