package org.genaiconnector.benchmarks;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.concurrent.Callable;

/**
 * What a call costs the thread that makes it, the average of many calls.
 *
 * @param micros elapsed time
 * @param cpuMicros processor time of the thread
 * @param bytes allocated by the thread
 */
public record CallCost(double micros, double cpuMicros, double bytes) {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    /** Makes a number of calls. */
    public static CallCost of(int count, Callable<?> call) throws Exception {
        long thread = Thread.currentThread().getId();
        long bytes = THREADS.getThreadAllocatedBytes(thread);
        long cpu = THREADS.getCurrentThreadCpuTime();
        long start = System.nanoTime();
        for (int i = 0; i < count; i++) {
            call.call();
        }
        long elapsed = System.nanoTime() - start;
        return new CallCost(
                elapsed / 1e3 / count,
                (THREADS.getCurrentThreadCpuTime() - cpu) / 1e3 / count,
                (THREADS.getThreadAllocatedBytes(thread) - bytes) / (double) count);
    }

    /** Three numbers, as {@link #parse} reads them. */
    @Override
    public String toString() {
        return micros + " " + cpuMicros + " " + bytes;
    }

    /** Reads what {@link #toString} has written. */
    public static CallCost parse(String line) {
        String[] numbers = line.split(" ");
        return new CallCost(
                Double.parseDouble(numbers[0]), Double.parseDouble(numbers[1]), Double.parseDouble(numbers[2]));
    }
}
