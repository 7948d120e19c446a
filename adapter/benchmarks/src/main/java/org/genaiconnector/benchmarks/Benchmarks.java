package org.genaiconnector.benchmarks;

import jakarta.resource.ResourceException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.function.Function;
import org.genaiconnector.benchmarks.jobs.JobLatency;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;

/** Runs all measurements and prints their medians and averages as one table. */
public final class Benchmarks {

    private Benchmarks() {}

    /**
     * Measures.
     *
     * @param arguments the build directory, with both archives below {@code archives}
     */
    public static void main(String[] arguments)
            throws IOException, InterruptedException, RunnerException, ResourceException {
        Path target = Path.of(arguments[0]);
        Path archives = target.resolve("archives");
        Table table = new Table();
        try (CannedServer server = CannedServer.start()) {
            InContainer.measure(
                    archives.resolve("payara-micro.jar"),
                    archives.resolve("genai-connector.rar"),
                    target.resolve("server"),
                    server.uri(),
                    table);
            jmh(table);
            List<double[]> footprints = child(Footprint.class, server, Benchmarks::numbers);
            table.row("Heap of a fresh managed connection", Table.median(footprints, b -> b[0]) / 1_024, "KB", 64);
            table.row("Heap of one with an open socket", Table.median(footprints, b -> b[1]) / 1_024, "KB", 64);
            table.chat("Chat without application server", child(ChatCost.class, server, CallCost::parse));
        }
        String latency = "From the end of a ComfyUI job to the call of the bean, ";
        table.row(
                latency + "with the WebSocket", Table.median(JobLatency.withSocket(200), Long::doubleValue), "ms", 20);
        table.row(
                latency + "without it",
                Table.median(JobLatency.withoutSocket(100), Long::doubleValue),
                "ms",
                JobLatency.POLLING_PERIOD_MILLIS);
        System.out.println();
        System.out.println(table);
        Files.writeString(target.resolve("benchmarks.md"), table.toString());
    }

    private static void jmh(Table table) throws RunnerException {
        Collection<RunResult> results = new Runner(new OptionsBuilder()
                        .include(CreationBenchmark.class.getName())
                        .include(BorrowBenchmark.class.getName())
                        .addProfiler(GCProfiler.class)
                        .build())
                .run();
        for (RunResult result : results) {
            String name = result.getParams().getBenchmark();
            String what = name.substring(Benchmarks.class.getPackageName().length() + 1);
            double time = result.getPrimaryResult().getScore();
            if (name.startsWith(CreationBenchmark.class.getName())) {
                table.row(what + ", elapsed", time, "us", 1_000);
            } else {
                table.row(what + ", elapsed", time, "ns");
            }
            table.row(
                    what + ", allocated",
                    result.getSecondaryResults().get("gc.alloc.rate.norm").getScore(),
                    "B");
        }
    }

    private static double[] numbers(String line) {
        String[] numbers = line.split(" ");
        return new double[] {Double.parseDouble(numbers[0]), Double.parseDouble(numbers[1])};
    }

    /** Runs a measurement in a JVM of its own and reads what it prints. */
    private static <T> List<T> child(Class<?> main, CannedServer server, Function<String, T> reader)
            throws IOException, InterruptedException {
        return ChildJvm.lines(
                        System.getProperty("java.class.path"),
                        main,
                        server.uri().toString())
                .stream()
                .map(reader)
                .toList();
    }
}
