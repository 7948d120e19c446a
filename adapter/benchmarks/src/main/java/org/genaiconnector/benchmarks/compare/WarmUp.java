package org.genaiconnector.benchmarks.compare;

import java.lang.management.CompilationMXBean;
import java.lang.management.ManagementFactory;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;

/**
 * Repeats rounds until they get no cheaper. Callers keep every processor busy, so that the compiler of the JVM falls behind
 * them by some hundred thousand calls, the more the more classes a client has; hence each round waits until the compiler has
 * nothing left to do.
 */
final class WarmUp {
    /** Some code is compiled for good only after so many calls. */
    private static final int LEAST = 12;

    private static final int MOST = 40;

    /** Cheapness that so many rounds do not better is the end. */
    private static final int ENOUGH = 4;

    private static final double BETTER = 0.97;
    private static final long QUIET_MILLIS = 200;
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(10);

    private static final CompilationMXBean COMPILER = ManagementFactory.getCompilationMXBean();

    private double chat = Double.MAX_VALUE;
    private double chunk = Double.MAX_VALUE;
    private int best;

    /** Says on the error output how long it took. */
    void until(Callable<Figures> round) throws Exception {
        int rounds = 0;
        while (rounds < LEAST || rounds < MOST && rounds - best < ENOUGH) {
            Figures figures = round.call();
            rounds++;
            if (figures.chatCpu() < chat * BETTER || figures.chunkCpu() < chunk * BETTER) {
                best = rounds;
            }
            chat = Math.min(chat, figures.chatCpu());
            chunk = Math.min(chunk, figures.chunkCpu());
            awaitCompiler();
        }
        System.err.printf("Warm after %d rounds%s%n", rounds, rounds < MOST ? "" : ", and perhaps not yet");
    }

    private static void awaitCompiler() throws InterruptedException {
        long end = System.nanoTime() + PATIENCE_NANOS;
        long before;
        do {
            before = COMPILER.getTotalCompilationTime();
            Thread.sleep(QUIET_MILLIS);
        } while (COMPILER.getTotalCompilationTime() > before && System.nanoTime() < end);
    }
}
