package org.genaiconnector.benchmarks.compare;

import java.util.Arrays;

/**
 * What one round showed.
 *
 * @param latency of a chat alone, microseconds
 * @param chatCpu processor time of a chat, microseconds
 * @param chatBytes allocated by a chat
 * @param chunkCpu processor time of a piece of a stream, microseconds
 * @param chunkBytes allocated by a piece of a stream
 * @param threads that the client keeps besides those of its callers
 */
record Figures(double latency, double chatCpu, double chatBytes, double chunkCpu, double chunkBytes, double threads) {

    static Figures parse(String line) {
        double[] numbers =
                Arrays.stream(line.split(" ")).mapToDouble(Double::parseDouble).toArray();
        return new Figures(numbers[0], numbers[1], numbers[2], numbers[3], numbers[4], numbers[5]);
    }

    /** As {@link #parse} reads it. */
    @Override
    public String toString() {
        return latency + " " + chatCpu + " " + chatBytes + " " + chunkCpu + " " + chunkBytes + " " + threads;
    }
}
