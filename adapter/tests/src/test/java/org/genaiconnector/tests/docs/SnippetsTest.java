package org.genaiconnector.tests.docs;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.source.util.JavacTask;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
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

/**
 * Every Java block of the documentation compiles: as a class, as members of a class or as statements, with the imports and the
 * variables that a reader expects. Those that begin with their package are compiled by {@code FirstApplicationTest}.
 */
class SnippetsTest {
    private static final Pattern BLOCK = Pattern.compile("(?ms)^( *)```java\\R(?! *package )(.*?)^ *```$");
    private static final Pattern TYPE = Pattern.compile("(?m)^public class (\\w+)");

    private static final String IMPORTS = Stream.of(
                    "dev.langchain4j.model.chat.ChatModel",
                    "dev.langchain4j.model.chat.StreamingChatModel",
                    "dev.langchain4j.model.embedding.EmbeddingModel",
                    "dev.langchain4j.model.image.ImageModel",
                    "dev.langchain4j.model.openai.OpenAiChatModel",
                    "dev.langchain4j.service.AiServices",
                    "dev.langchain4j.service.TokenStream",
                    "jakarta.inject.*",
                    "jakarta.annotation.*",
                    "jakarta.ejb.*",
                    "jakarta.persistence.*",
                    "jakarta.resource.*",
                    "java.io.*",
                    "java.net.URI",
                    "java.nio.file.*",
                    "java.time.*",
                    "java.util.*",
                    "javax.naming.*",
                    "org.genaiconnector.*",
                    "org.genaiconnector.client.*",
                    "org.genaiconnector.comfyui.*",
                    "org.genaiconnector.langchain4j.*",
                    "org.genaiconnector.llm.*")
            .map(name -> "import " + name + ";\n")
            .reduce("", String::concat);

    /** What snippets use without declaring it. */
    private static final String VARIABLES = """
            class Variables {
            LlmConnectionFactory llm;
            ComfyUiConnectionFactory comfyUi;
            Workflow workflow;
            OutputFile file;
            String jobId;
            Path directory;
            PrintWriter out;
            }
            """;

    /** An entity of an application that snippets store. */
    private static final String ENTITY = "record Order(String jobId) {}\n";

    /** A Java block and its place. */
    record Snippet(Path page, int number, String text) {
        /** A name that is unique and Java's. */
        String name() {
            return page.getFileName().toString().replaceAll("\\W", "_") + number;
        }
    }

    private static List<Snippet> snippets() throws IOException {
        List<Snippet> snippets = new ArrayList<>();
        for (Path page : Documentation.pages()) {
            List<MatchResult> blocks =
                    BLOCK.matcher(Files.readString(page)).results().toList();
            for (int i = 0; i < blocks.size(); i++) {
                snippets.add(new Snippet(page, i + 1, blocks.get(i).group(2)));
            }
        }
        return snippets;
    }

    /** All blocks in one run of the compiler, which costs more to start than to use. */
    @Test
    void compile(@TempDir Path classes) throws IOException {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        DiagnosticCollector<JavaFileObject> problems = new DiagnosticCollector<>();
        List<Source> sources = new ArrayList<>();
        for (Snippet snippet : snippets()) {
            sources.add(source(compiler, snippet));
        }
        assertThat(sources).isNotEmpty();
        try (StandardJavaFileManager files = compiler.getStandardFileManager(problems, Locale.ROOT, null)) {
            List<String> options =
                    List.of("-proc:none", "-d", classes.toString(), "-cp", System.getProperty("java.class.path"));
            compiler.getTask(null, files, problems, options, null, sources).call();
        }
        assertThat(problems.getDiagnostics())
                .filteredOn(problem -> problem.getKind() == Diagnostic.Kind.ERROR)
                .extracting(problem -> problem.getSource() + ": " + problem.getMessage(Locale.ROOT))
                .isEmpty();
    }

    /** A block as a class, as members of a class or as statements: the first that has the syntax of Java. */
    private static Source source(JavaCompiler compiler, Snippet snippet) throws IOException {
        String type = TYPE.matcher(snippet.text())
                .results()
                .findFirst()
                .map(found -> found.group(1))
                .orElse("Snippet");
        List<Source> ways = List.of(
                new Source(snippet, type, snippet.text()),
                new Source(snippet, "Snippet", "class Snippet extends Variables {\n" + snippet.text() + "}\n"),
                new Source(
                        snippet,
                        "Snippet",
                        "class Snippet extends Variables {\n" + "void run() throws Exception {\n" + snippet.text()
                                + "}\n}\n"));
        for (Source way : ways) {
            DiagnosticCollector<JavaFileObject> problems = new DiagnosticCollector<>();
            ((JavacTask) compiler.getTask(null, null, problems, List.of("-proc:none"), null, List.of(way))).parse();
            if (problems.getDiagnostics().isEmpty()) {
                return way;
            }
        }
        return ways.get(2);
    }

    /** A compilation unit in a package of its own. */
    private static final class Source extends SimpleJavaFileObject {
        private final Snippet snippet;
        private final String text;

        Source(Snippet snippet, String name, String types) {
            super(URI.create("string:///" + snippet.name() + "/" + name + Kind.SOURCE.extension), Kind.SOURCE);
            this.snippet = snippet;
            this.text = "package " + snippet.name() + ";\n" + IMPORTS + types + VARIABLES + ENTITY;
        }

        @Override
        public CharSequence getCharContent(boolean ignoreEncodingErrors) {
            return text;
        }

        @Override
        public String toString() {
            return snippet.page().getFileName() + ", Java block " + snippet.number();
        }
    }
}
