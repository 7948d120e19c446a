package org.genaiconnector.ra.llm.limits;

import java.util.EnumMap;
import java.util.Map;

/**
 * The text of a row: for each measure what happened in which slice of time, and what calls under way hold at which application
 * server, until when.
 *
 * <p>{@code 1;tokensPerMinute:3489=400,3490=30|INSTANCE=430@1764588000000;concurrentCalls:|INSTANCE=1@1764588000000}. The first
 * number is the version of the format.
 */
final class RowText {
    private static final String FORMAT = "1";

    private RowText() {}

    /**
     * The parts of a text.
     *
     * @param text empty for none
     * @throws IllegalArgumentException if it is of another format
     */
    static Map<Measure, String> parts(String text) {
        Map<Measure, String> parts = new EnumMap<>(Measure.class);
        if (text.isEmpty()) {
            return parts;
        }
        String[] all = text.split(";");
        if (!all[0].equals(FORMAT)) {
            throw new IllegalArgumentException("it has format " + all[0] + ", and this adapter reads " + FORMAT);
        }
        for (int i = 1; i < all.length; i++) {
            int colon = all[i].indexOf(':');
            String word = all[i].substring(0, Math.max(0, colon));
            Measure measure =
                    Measure.named(word).orElseThrow(() -> new IllegalArgumentException("it counts \"" + word + "\""));
            parts.put(measure, all[i].substring(colon + 1));
        }
        return parts;
    }

    /** The text of parts. */
    static String of(Map<Measure, String> parts) {
        StringBuilder text = new StringBuilder(FORMAT);
        parts.forEach((measure, part) ->
                text.append(';').append(measure.word()).append(':').append(part));
        return text.toString();
    }
}
