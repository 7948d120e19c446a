package org.genaiconnector.tests.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
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
import org.jboss.shrinkwrap.api.ShrinkWrap;
import org.jboss.shrinkwrap.api.exporter.ZipExporter;
import org.jboss.shrinkwrap.api.spec.WebArchive;

/** The complete application and its test that the documentation shows: the Java blocks that begin with their package, compiled. */
final class FirstApplication {
    private static final Path DOCS = Path.of("..", "..", "docs");
    private static final String PACKAGE = "com/example/illustrator/";
    private static final Pattern COMPLETE = Pattern.compile("(?ms)^```java\\R(package .*?)^```$");
    private static final Pattern TYPE = Pattern.compile("(?m)^(?:public )?class (\\w+)");

    private final Path classes;

    private FirstApplication(Path classes) {
        this.classes = classes;
    }

    /** Compiles into an empty directory: the application with the APIs alone, its test with the class path of this module. */
    static FirstApplication compile(Path classes) throws IOException {
        String pages =
                Files.readString(DOCS.resolve("first-application.md")) + Files.readString(DOCS.resolve("testing.md"));
        List<Source> sources = COMPLETE.matcher(pages)
                .results()
                .map(block -> new Source(block.group(1)))
                .toList();
        List<String> api = classPath(FirstApplication::isApi);
        assertThat(api).as("the API of Jakarta EE and of this project").hasSize(2);

        FirstApplication application = new FirstApplication(classes);
        application.compile(sources.stream().filter(source -> !source.isTest()).toList(), api);
        application.compile(sources.stream().filter(Source::isTest).toList(), classPath(entry -> true));
        return application;
    }

    private static List<String> classPath(Predicate<String> wanted) {
        return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(wanted)
                .toList();
    }

    private static boolean isApi(String entry) {
        String path = entry.replace(File.separatorChar, '/');
        return path.contains("jakarta.jakartaee-api")
                || path.matches(".*/(adapter/api/target/classes/?|genai-connector-api-[^/]*\\.jar)");
    }

    private void compile(List<Source> sources, List<String> classPath) throws IOException {
        assertThat(sources).isNotEmpty();
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        DiagnosticCollector<JavaFileObject> problems = new DiagnosticCollector<>();
        try (StandardJavaFileManager files = compiler.getStandardFileManager(problems, Locale.ROOT, null)) {
            String entries = Stream.concat(classPath.stream(), Stream.of(classes.toString()))
                    .collect(Collectors.joining(File.pathSeparator));
            List<String> options = List.of("-Xlint:all", "-proc:none", "-d", classes.toString(), "-cp", entries);
            boolean compiled = compiler.getTask(null, files, problems, options, null, sources)
                    .call();
            assertThat(problems.getDiagnostics())
                    .filteredOn(problem -> problem.getKind() == Diagnostic.Kind.ERROR
                            || problem.getSource() instanceof Source) // not the API's jars without annotations
                    .isEmpty();
            assertThat(compiled).isTrue();
        }
    }

    /** Directory of the compiled classes. */
    Path classes() {
        return classes;
    }

    /** Packages the application with a workflow, as Maven does. */
    Path war(Path file) throws IOException {
        WebArchive archive = ShrinkWrap.create(
                        WebArchive.class, file.getFileName().toString())
                .addAsResource("painting.json");
        try (Stream<Path> compiled = Files.list(classes.resolve(PACKAGE))) {
            compiled.map(Path::toFile)
                    .filter(type -> !type.getName().contains("Test"))
                    .forEach(type -> archive.addAsResource(type, PACKAGE + type.getName()));
        }
        archive.as(ZipExporter.class).exportTo(file.toFile(), true);
        return file.toAbsolutePath();
    }

    /** A compilation unit. */
    private static final class Source extends SimpleJavaFileObject {
        private final String name;
        private final String text;

        Source(String text) {
            this(TYPE.matcher(text).results().findFirst().orElseThrow().group(1), text);
        }

        private Source(String name, String text) {
            super(URI.create("string:///" + PACKAGE + name + Kind.SOURCE.extension), Kind.SOURCE);
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
}
