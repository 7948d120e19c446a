package org.genaiconnector.benchmarks;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/** Results as a Markdown table. */
final class Table {
    private final List<String> lines =
            new ArrayList<>(List.of("| what | figure | limit | kept |", "|---|---:|---:|---|"));

    /** A figure without a limit. */
    void row(String what, double figure, String unit) {
        lines.add("| " + what + " | " + number(figure) + " " + unit + " | | |");
    }

    /** A figure that should not exceed a limit. */
    void row(String what, double figure, String unit, double limit) {
        lines.add("| " + what + " | " + number(figure) + " " + unit + " | " + number(limit) + " " + unit + " | "
                + (figure <= limit ? "yes" : "**no**") + " |");
    }

    /** What a chat costs the calling thread, by the adapter alone: the medians of all rounds. */
    void chat(String what, List<CallCost> rounds) {
        row(what + ", elapsed", median(rounds, CallCost::micros), "us");
        row(what + ", processor time", median(rounds, CallCost::cpuMicros), "us", 79);
        row(what + ", allocated", median(rounds, CallCost::bytes) / 1_000, "kB", 33);
    }

    /** The same with what an application server adds. */
    void chatInContainer(String what, List<CallCost> rounds) {
        row(what + ", elapsed", median(rounds, CallCost::micros), "us");
        row(what + ", processor time", median(rounds, CallCost::cpuMicros), "us");
        row(what + ", allocated", median(rounds, CallCost::bytes) / 1_000, "kB");
    }

    static <T> double median(List<T> rounds, ToDoubleFunction<T> figure) {
        double[] sorted = rounds.stream().mapToDouble(figure).sorted().toArray();
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1
                ? sorted[middle]
                : Arrays.stream(sorted, middle - 1, middle + 1).average().orElseThrow();
    }

    private static String number(double figure) {
        return String.format(Locale.ROOT, figure < 10 ? "%.2f" : figure < 100 ? "%.1f" : "%.0f", figure);
    }

    @Override
    public String toString() {
        return String.join("\n", lines) + "\n";
    }
}
