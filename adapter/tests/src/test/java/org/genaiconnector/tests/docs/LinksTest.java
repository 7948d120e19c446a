package org.genaiconnector.tests.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Relative links of the documentation resolve, anchors included. */
class LinksTest {
    private static final Pattern CODE = Pattern.compile("(?ms)^```.*?^```$|`[^`\n]+`");
    private static final Pattern LINK = Pattern.compile("\\]\\(([^)\\s]+)\\)");
    private static final Pattern HEADING = Pattern.compile("(?m)^#{1,6} (.+)$");
    private static final Pattern BLOCK = Pattern.compile("(?ms)^```.*?^```$");
    private static final Pattern DOCUMENT = Pattern.compile("docs/[\\w-]+\\.md");
    private static final List<String> SOURCES =
            List.of("java", "xml", "sh", "yml", "asadmin", "txt", "html", "js", "run");

    static Stream<Path> pages() throws IOException {
        return Documentation.pages().stream();
    }

    @ParameterizedTest
    @MethodSource("pages")
    void everyRelativeLinkResolves(Path page) throws IOException {
        for (String link : links(page)) {
            Path target = target(page, link);
            assertThat(target).as("target of " + link).exists();
            if (link.contains("#")) {
                assertThat(anchors(target)).as("anchors of " + target).contains(link.substring(link.indexOf('#') + 1));
            }
        }
    }

    @Test
    void everyPageOfTheDocumentationIsReachableFromTheReadme() throws IOException {
        Set<Path> reached = new HashSet<>();
        Deque<Path> next =
                new ArrayDeque<>(List.of(Documentation.ROOT.resolve("README.md").normalize()));
        while (!next.isEmpty()) {
            Path page = next.pop();
            if (page.toString().endsWith(".md") && reached.add(page)) {
                links(page).forEach(link -> next.push(target(page, link)));
            }
        }
        assertThat(reached)
                .containsAll(Documentation.pages().stream()
                        .filter(page -> page.getParent().endsWith("docs"))
                        .toList());
    }

    @Test
    void everyPageThatSourcesNameExists() throws IOException {
        Set<String> named = new HashSet<>();
        for (String directory : List.of("adapter", "sample-app", "server-config", ".ci")) {
            try (Stream<Path> files = Files.walk(Documentation.ROOT.resolve(directory))) {
                for (Path file : files.filter(LinksTest::isSource).toList()) {
                    DOCUMENT.matcher(Files.readString(file)).results().forEach(found -> named.add(found.group()));
                }
            }
        }
        assertThat(named)
                .isNotEmpty()
                .allSatisfy(name -> assertThat(Documentation.ROOT.resolve(name)).exists());
    }

    private static boolean isSource(Path file) {
        String name = file.getFileName().toString();
        return Files.isRegularFile(file)
                && SOURCES.contains(name.substring(name.lastIndexOf('.') + 1))
                && Stream.of("target", "run")
                        .noneMatch(skipped -> file.getParent().toString().contains("/" + skipped));
    }

    /** Targets of links, without those on the network. */
    private static List<String> links(Path page) throws IOException {
        return LINK.matcher(CODE.matcher(Files.readString(page)).replaceAll("code"))
                .results()
                .map(link -> link.group(1))
                .filter(link -> !link.matches("\\w+:.*"))
                .toList();
    }

    private static Path target(Path page, String link) {
        String path = link.replaceFirst("#.*", "");
        return path.isEmpty() ? page : page.resolveSibling(path).normalize();
    }

    /** The anchors of a page as GitHub makes them from its headings. */
    private static Set<String> anchors(Path page) throws IOException {
        Map<String, Integer> seen = new HashMap<>();
        Set<String> anchors = new HashSet<>();
        HEADING.matcher(BLOCK.matcher(Files.readString(page)).replaceAll(""))
                .results()
                .forEach(heading -> {
                    String anchor = heading.group(1)
                            .toLowerCase(Locale.ROOT)
                            .replaceAll("[^\\p{L}\\p{N} _-]", "")
                            .replace(' ', '-');
                    int before = seen.merge(anchor, 1, Integer::sum) - 1;
                    anchors.add(before == 0 ? anchor : anchor + "-" + before);
                });
        return anchors;
    }
}
