package org.genaiconnector.ra.llm.targets;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** In which order a model's candidates are tried. */
public enum Strategy {
    /** As they are listed. */
    ORDER("order"),
    /** Each first as often as its weight says; the others follow by weight. */
    WEIGHT("weight"),
    /** The one with the fewest calls under way for its weight comes first. */
    LEAST_BUSY("leastBusy"),
    /** The one that answered fastest lately comes first; those of which nothing is known come before it. */
    LOWEST_LATENCY("lowestLatency");

    private final String word;

    Strategy(String word) {
        this.word = word;
    }

    /**
     * The name in files.
     *
     * @return such as {@code leastBusy}
     */
    public String word() {
        return word;
    }

    static Optional<Strategy> named(String word) {
        return Arrays.stream(values())
                .filter(one -> one.word.toLowerCase(Locale.ROOT).equals(word.toLowerCase(Locale.ROOT)))
                .findFirst();
    }

    static String all() {
        return String.join(", ", Arrays.stream(values()).map(Strategy::word).toList());
    }
}
