package org.genaiconnector.testkit.comfyui;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Which recorded name stands for which one of the simulator: ids, temporary files, entity tags and dates differ from
 * run to run, but each must stay the same wherever it turns up again.
 */
final class RecordedNames {
    private static final List<Pattern> VARYING = List.of(
            Pattern.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"),
            Pattern.compile("[0-9a-f]{32}"),
            Pattern.compile("ComfyUI_temp_[a-z]{5}_\\d{5}_\\.png"),
            Pattern.compile("\"[0-9a-f]+-[0-9a-f]+\""));
    private static final Pattern DATE = Pattern.compile("\\w{3}, \\d\\d \\w{3} \\d{4} \\d\\d:\\d\\d:\\d\\d GMT");

    private final Map<String, String> names = new HashMap<>();

    /** Whether {@code actual} is what {@code recorded} stands for; learns it if it is new. */
    boolean same(String recorded, String actual) {
        boolean sameKind = VARYING.stream()
                .anyMatch(kind ->
                        kind.matcher(recorded).matches() && kind.matcher(actual).matches());
        return sameKind ? names.computeIfAbsent(recorded, name -> actual).equals(actual) : recorded.equals(actual);
    }

    /** Learns what a recorded date stands for from now on; false if one of the two is no date. */
    boolean date(String recorded, String actual) {
        boolean dates = DATE.matcher(recorded).matches() && DATE.matcher(actual).matches();
        if (dates) {
            names.put(recorded, actual);
        }
        return dates;
    }

    /** Runs a comparison, and forgets again what it learned if it found a difference. */
    Optional<String> unlessDifferent(Comparison comparison) throws JsonProcessingException {
        Map<String, String> before = Map.copyOf(names);
        Optional<String> difference = comparison.difference();
        if (difference.isPresent()) {
            names.clear();
            names.putAll(before);
        }
        return difference;
    }

    /** A comparison of a recorded thing with one of the simulator. */
    @FunctionalInterface
    interface Comparison {
        Optional<String> difference() throws JsonProcessingException;
    }

    /** {@code text} with every recorded name in it replaced by the simulator's. */
    String translate(String text) {
        String translated = text;
        for (Map.Entry<String, String> name : names.entrySet()) {
            translated = translated.replace(name.getKey(), name.getValue());
        }
        return translated;
    }
}
