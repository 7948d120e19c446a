package org.genaiconnector.tests.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/** What docs/recipes.md has to copy. */
final class Recipes {
    private static final Path PAGE = Documentation.ROOT.resolve("docs").resolve("recipes.md");
    private static final Pattern COMPLETE = Pattern.compile("(?ms)^```java\\R(package .*?)^```$");
    private static final Pattern TYPE = Pattern.compile("(?m)^public class (\\w+)");
    private static final Pattern BATCH = Pattern.compile("(?ms)^```xml\\R(<job .*?)^```$");

    private Recipes() {}

    /** Compiles all classes with the class path of this module. */
    static void compile(Path directory) throws IOException {
        List<Path> sources = new ArrayList<>();
        for (MatchResult block :
                COMPLETE.matcher(Files.readString(PAGE)).results().toList()) {
            String type = TYPE.matcher(block.group(1))
                    .results()
                    .findFirst()
                    .orElseThrow()
                    .group(1);
            sources.add(Files.writeString(directory.resolve(type + ".java"), block.group(1)));
        }
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        StringWriter messages = new StringWriter();
        try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null)) {
            List<String> options =
                    List.of("-proc:none", "-d", directory.toString(), "-cp", System.getProperty("java.class.path"));
            boolean compiled = compiler.getTask(
                            messages, files, null, options, null, files.getJavaFileObjectsFromPaths(sources))
                    .call();
            assertThat(compiled).as(messages.toString()).isTrue();
        }
    }

    /** The definition of the batch. */
    static String batch() throws IOException {
        return BATCH.matcher(Files.readString(PAGE))
                .results()
                .findFirst()
                .orElseThrow()
                .group(1);
    }
}
