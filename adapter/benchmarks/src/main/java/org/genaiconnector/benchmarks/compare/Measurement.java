package org.genaiconnector.benchmarks.compare;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.genaiconnector.benchmarks.CannedAnswers;

/**
 * What one client costs; run in a JVM of its own. Processor time and bytes are those of all running Java threads,
 * because some clients work on threads of their own; the JVM's own threads, which compile and collect garbage, do not
 * count, and neither do threads that have ended.
 */
final class Measurement {
    /** Threads that use the client at once. */
    static final int CALLERS = 8;

    private static final int ROUNDS = 7;
    private static final int CHATS = 1_000;
    private static final int STREAMS = 25;
    private static final int ALONE = 500;

    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private Measurement() {}

    /**
     * Prints the figures of each round.
     *
     * @param arguments the backend's base address, the kind of client
     */
    public static void main(String[] arguments) {
        int status = 1;
        try {
            measure(URI.create(arguments[0]), ChatClient.Kind.valueOf(arguments[1]));
            status = 0;
        } catch (Exception e) {
            e.printStackTrace();
        } finally {
            System.exit(status); // the callers, and clients that cannot be closed, keep threads
        }
    }

    private static void measure(URI backend, ChatClient.Kind kind) throws Exception {
        ExecutorService callers = Executors.newFixedThreadPool(CALLERS);
        cost(callers, CALLERS, () -> null); // so the threads are there
        int before = THREADS.getThreadCount();
        try (ChatClient client = kind.connect(backend)) {
            check(client);
            new WarmUp().until(() -> round(callers, client, before));
            for (int i = 0; i < ROUNDS; i++) {
                System.out.println(round(callers, client, before));
            }
        }
    }

    private static Figures round(ExecutorService callers, ChatClient client, int threadsBefore) throws Exception {
        double[] chat = cost(callers, CHATS, client::chat);
        double[] stream = cost(callers, STREAMS, client::stream);
        return new Figures(
                latency(client::chat),
                chat[0],
                chat[1],
                stream[0] / CannedAnswers.CHUNKS,
                stream[1] / CannedAnswers.CHUNKS,
                THREADS.getThreadCount() - threadsBefore);
    }

    private static void check(ChatClient client) throws Exception {
        if (!client.chat().equals(CannedAnswers.WORDS) || client.stream() != CannedAnswers.CHUNKS) {
            throw new IllegalStateException("The client does not understand the backend");
        }
    }

    /** Median time of a call while no other thread calls, in microseconds. */
    private static double latency(Callable<?> call) throws Exception {
        double[] micros = new double[ALONE];
        for (int i = 0; i < ALONE; i++) {
            long start = System.nanoTime();
            call.call();
            micros[i] = (System.nanoTime() - start) / 1e3;
        }
        Arrays.sort(micros);
        return micros[ALONE / 2];
    }

    /** Processor time in microseconds and bytes for each of the calls that all callers make. */
    private static double[] cost(ExecutorService callers, int calls, Callable<?> call) throws Exception {
        long cpu = processorTime();
        long bytes = allocated();
        List<Future<?>> running = new ArrayList<>();
        for (int i = 0; i < CALLERS; i++) {
            running.add(callers.submit(() -> {
                for (int j = 0; j < calls; j++) {
                    call.call();
                }
                return null;
            }));
        }
        for (Future<?> one : running) {
            one.get();
        }
        double all = (double) CALLERS * calls;
        return new double[] {(processorTime() - cpu) / 1e3 / all, (allocated() - bytes) / all};
    }

    private static long processorTime() {
        return Arrays.stream(THREADS.getThreadCpuTime(THREADS.getAllThreadIds()))
                .filter(nanos -> nanos > 0)
                .sum();
    }

    private static long allocated() {
        return Arrays.stream(THREADS.getThreadAllocatedBytes(THREADS.getAllThreadIds()))
                .filter(bytes -> bytes > 0)
                .sum();
    }
}
