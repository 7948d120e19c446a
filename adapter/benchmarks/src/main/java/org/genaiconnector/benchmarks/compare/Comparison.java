package org.genaiconnector.benchmarks.compare;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import org.genaiconnector.benchmarks.CannedServer;

/** Measures every client against one backend, which runs in this process, and prints the medians as a table. */
public final class Comparison {
    /** How often each client gets its turn, unless an argument says otherwise; more turns spread what disturbs the machine over all. */
    private static final int TURNS = 1;

    private static final String BEGIN = "<!-- begin comparison -->\n";
    private static final String END = "<!-- end comparison -->";

    private Comparison() {}

    /**
     * Measures.
     *
     * @param arguments the file that the table goes to, between its marks if it has such; perhaps the number of turns
     */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        Map<ChatClient.Kind, List<Figures>> rounds = new EnumMap<>(ChatClient.Kind.class);
        Map<ChatClient.Kind, Integer> connections = new EnumMap<>(ChatClient.Kind.class);
        int turns = arguments.length > 1 ? Integer.parseInt(arguments[1]) : TURNS;
        for (int turn = 0; turn < turns; turn++) {
            for (ChatClient.Kind kind : ChatClient.Kind.values()) {
                try (CannedServer server = CannedServer.start()) {
                    rounds.computeIfAbsent(kind, absent -> new ArrayList<>()).addAll(measured(server, kind));
                    connections.merge(kind, server.connectionsOpened(), Math::max);
                }
            }
        }
        String table = table(rounds, connections);
        System.out.println("\n" + table);
        write(Path.of(arguments[0]), table);
    }

    private static void write(Path file, String table) throws IOException {
        String text = Files.exists(file) ? Files.readString(file) : "";
        int begin = text.indexOf(BEGIN) + BEGIN.length();
        int end = text.indexOf(END);
        Files.writeString(file, end < begin ? table : text.substring(0, begin) + table + text.substring(end));
    }

    private static List<Figures> measured(CannedServer server, ChatClient.Kind kind)
            throws IOException, InterruptedException {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:+UseSerialGC",
                        "-Xms256m",
                        "-Xmx256m",
                        "-classpath",
                        System.getProperty("java.class.path"),
                        Measurement.class.getName(),
                        server.uri().toString(),
                        kind.name())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            System.err.println(kind.title + " failed, so this turn does not count");
            return List.of();
        }
        System.out.println(kind.title + "\n" + output);
        return output.lines().map(Figures::parse).toList();
    }

    private static String table(Map<ChatClient.Kind, List<Figures>> rounds, Map<ChatClient.Kind, Integer> connections) {
        List<String> lines = new ArrayList<>(List.of(
                "| client | chat alone, us | chat, us CPU | chat, kB | chunk, us CPU | chunk, kB | connections | threads |",
                "|---|---:|---:|---:|---:|---:|---:|---:|"));
        rounds.values().removeIf(List::isEmpty);
        rounds.forEach((kind, figures) -> lines.add(String.format(
                Locale.ROOT,
                "| %s | %.0f | %.0f | %.1f | %.2f | %.2f | %d | %.0f |",
                kind.title,
                median(figures, Figures::latency),
                median(figures, Figures::chatCpu),
                median(figures, Figures::chatBytes) / 1_000,
                median(figures, Figures::chunkCpu),
                median(figures, Figures::chunkBytes) / 1_000,
                connections.get(kind),
                median(figures, Figures::threads))));
        lines.addAll(
                List.of("", ratios(rounds.get(ChatClient.Kind.DIRECT_OPENAI), rounds.get(ChatClient.Kind.APACHE))));
        return String.join("\n", lines) + "\n";
    }

    /** What the adapter costs in addition to, or less than, the HTTP client that it uses; empty if one of the two was not measured. */
    private static String ratios(List<Figures> adapter, List<Figures> client) {
        return adapter == null || client == null
                ? ""
                : String.format(
                        Locale.ROOT,
                        "A chat with DIRECT takes %.2f times the processor time and %.2f times the bytes of bare Apache HttpClient"
                                + " with a JSON tree.",
                        median(adapter, Figures::chatCpu) / median(client, Figures::chatCpu),
                        median(adapter, Figures::chatBytes) / median(client, Figures::chatBytes));
    }

    private static double median(List<Figures> rounds, ToDoubleFunction<Figures> figure) {
        double[] sorted = rounds.stream().mapToDouble(figure).sorted().toArray();
        return sorted[sorted.length / 2];
    }
}
