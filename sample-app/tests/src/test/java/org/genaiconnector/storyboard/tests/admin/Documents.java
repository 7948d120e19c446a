package org.genaiconnector.storyboard.tests.admin;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Names and settings in documents, command files and files of other programs. */
final class Documents {

    private static final Pattern METRIC = Pattern.compile("\\bgenai_[a-z0-9_]+\\b");
    private static final Pattern SETTING = Pattern.compile("(?m)^set (\\S+)$");

    private Documents() {}

    static Set<String> metricNames(Path file) throws IOException {
        return METRIC.matcher(Files.readString(file))
                .results()
                .map(MatchResult::group)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** The settings of a command file: dotted names with their values. */
    static Set<String> settings(Path file) throws IOException {
        return SETTING.matcher(Files.readString(file))
                .results()
                .map(found -> found.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
