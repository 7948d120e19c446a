package org.genaiconnector.ra.comfyui.jobs;

import java.util.List;
import java.util.Map;
import org.genaiconnector.comfyui.JobFailure;
import org.genaiconnector.comfyui.JobStatus;
import org.genaiconnector.comfyui.NodeError;
import org.genaiconnector.comfyui.Output;
import org.genaiconnector.comfyui.OutputText;

/** How much memory something takes that is remembered, to about a quarter, and how much may be remembered in all. */
public final class Footprint {
    private static final long OBJECT = 64;

    /** From so many bytes on it is worth leaving outputs out. */
    private static final long HEAVY = 16 * 1024;

    private static final long MOST_BYTES = 64L * 1024 * 1024;

    private Footprint() {}

    /**
     * The bytes that one memory may take.
     *
     * @return 64 MiB, or with a small heap a thirty-second part of it
     */
    public static long budget() {
        return Math.min(MOST_BYTES, Runtime.getRuntime().maxMemory() / 32);
    }

    /**
     * The size of a status.
     *
     * @param status not null
     * @return bytes
     */
    public static long of(JobStatus status) {
        return 4 * OBJECT
                + of(status.id())
                + of(status.outputs())
                + status.failure().map(Footprint::of).orElse(0L)
                + of(status.nodeErrors());
    }

    /** Whether a status is so large that it is worth leaving its outputs out where many are kept. */
    static boolean isHeavy(JobStatus status) {
        return of(status) >= HEAVY;
    }

    static long of(List<Output> outputs) {
        return outputs.stream().mapToLong(Footprint::of).sum();
    }

    private static long of(Output output) {
        return 3 * OBJECT
                + (output instanceof OutputText text
                        ? text.text().length()
                        : output.toString().length());
    }

    private static long of(JobFailure failure) {
        return OBJECT
                + of(failure.message())
                + failure.traceback().stream().mapToLong(Footprint::of).sum();
    }

    private static long of(Map<String, List<NodeError>> errors) {
        return errors.values().stream()
                .flatMap(List::stream)
                .mapToLong(error -> 3 * OBJECT + of(error.message()) + of(error.details()))
                .sum();
    }

    private static long of(String text) {
        return OBJECT + text.length();
    }
}
