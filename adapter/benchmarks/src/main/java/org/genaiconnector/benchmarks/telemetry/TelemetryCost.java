package org.genaiconnector.benchmarks.telemetry;

import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import org.genaiconnector.benchmarks.CallCost;
import org.genaiconnector.benchmarks.CannedServer;
import org.genaiconnector.benchmarks.ChildJvm;

/**
 * What OpenTelemetry costs a chat: without it, with its API alone, with spans and metrics, and these alone. JVMs of each kind take turns, so
 * that what else the machine does concerns all alike.
 */
public final class TelemetryCost {
    private static final int TURNS = 5;

    private enum Kind {
        ABSENT("absent: no class of it on the class path", PlainChats.class),
        NOT_SET_UP("its API is there, and nobody has set it up", PlainChats.class),
        ON("spans and metrics, dropped where they would be sent", TracedChats.class),
        BARE("the same spans and metrics without a chat: OpenTelemetry itself", TracedChats.class);

        private final String words;
        private final Class<?> main;

        Kind(String words, Class<?> main) {
            this.words = words;
            this.main = main;
        }

        /** Its class path, of that of this program. */
        String classPath() {
            return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                    .filter(entry -> this != ABSENT || !entry.contains("opentelemetry"))
                    .collect(Collectors.joining(File.pathSeparator));
        }
    }

    private TelemetryCost() {}

    /**
     * Measures, and prints a table.
     *
     * @param arguments the file for the table
     */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        Map<Kind, List<CallCost>> costs = new EnumMap<>(Kind.class);
        try (CannedServer server = CannedServer.start()) {
            for (int turn = 0; turn < TURNS; turn++) {
                for (Kind kind : Kind.values()) {
                    costs.computeIfAbsent(kind, any -> new ArrayList<>()).addAll(measure(kind, server.uri()));
                }
            }
        }
        StringBuilder table = new StringBuilder(
                "| OpenTelemetry | processor time of a chat | allocated by a chat |\n|---|---:|---:|\n");
        costs.forEach((kind, rounds) -> table.append(String.format(
                Locale.ROOT,
                "| %s | %.1f us | %.0f B |%n",
                kind.words,
                median(rounds, CallCost::cpuMicros),
                median(rounds, CallCost::bytes))));
        System.out.println(table);
        Files.writeString(Path.of(arguments[0]), table.toString());
    }

    private static double median(List<CallCost> rounds, ToDoubleFunction<CallCost> figure) {
        double[] sorted = rounds.stream().mapToDouble(figure).sorted().toArray();
        return sorted[sorted.length / 2];
    }

    private static List<CallCost> measure(Kind kind, URI server) throws IOException, InterruptedException {
        String[] arguments = kind == Kind.BARE ? new String[0] : new String[] {server.toString()};
        return ChildJvm.lines(kind.classPath(), kind.main, arguments).stream()
                .map(CallCost::parse)
                .toList();
    }
}
