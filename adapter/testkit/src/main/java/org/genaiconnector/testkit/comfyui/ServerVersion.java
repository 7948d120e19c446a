package org.genaiconnector.testkit.comfyui;

import java.util.Arrays;

/** A ComfyUI version number of up to three parts, for example {@code 0.3.45}. */
record ServerVersion(int major, int minor, int patch) implements Comparable<ServerVersion> {

    static final ServerVersion RECORDED = of("0.33.0");

    static ServerVersion of(String text) {
        if (!text.matches("\\d+(\\.\\d+){0,2}")) {
            throw new IllegalArgumentException("Not a ComfyUI version: " + text);
        }
        int[] parts =
                Arrays.stream(text.split("\\.")).mapToInt(Integer::parseInt).toArray();
        return new ServerVersion(parts[0], parts.length > 1 ? parts[1] : 0, parts.length > 2 ? parts[2] : 0);
    }

    /** Whether this version already behaves as described by {@code change}. */
    boolean has(Since change) {
        return compareTo(change.version) >= 0;
    }

    @Override
    public int compareTo(ServerVersion other) {
        int order = Integer.compare(major, other.major);
        if (order == 0) {
            order = Integer.compare(minor, other.minor);
        }
        return order == 0 ? Integer.compare(patch, other.patch) : order;
    }

    @Override
    public String toString() {
        return major + "." + minor + "." + patch;
    }

    /** A visible change of the protocol and the version that brought it. */
    enum Since {
        /** Early refusals carry {@code node_errors} as an object; before, as an array. */
        NODE_ERRORS_OBJECT("0.3.28"),
        TEXT_FRAMES("0.3.34"),
        /** Client-chosen prompt ids, {@code progress_state}, feature flags, previews with metadata. */
        ASYNC_EXECUTOR("0.3.45"),
        PARTIAL_TARGETS("0.3.48"),
        TARGETED_INTERRUPT("0.3.57"),
        HISTORY_OFFSET("0.3.60"),
        CREATE_TIME("0.3.69"),
        JOBS("0.6.0"),
        CANCELLED_STATUS("0.9.0"),
        MISSING_NODE_TYPE("0.12.0"),
        /** Replaces classes of nodes by others, for which it goes through the inputs of all. */
        NODE_REPLACEMENTS("0.14.0"),
        CROSS_SITE_CHECK("0.19.0"),
        DEPENDENCY_CYCLE("0.20.0"),
        CANONICAL_PROMPT_ID("0.25.0"),
        JOB_CANCEL("0.26.0"),
        FORCED_ATTACHMENT("0.28.0"),
        PREVIEWABLE_COUNT("0.32.0"),
        /**
         * Files are assets: uploads and outputs name theirs, and {@code /features} says so. Jobs that have not ended show their workflow.
         * Read in the source of 0.38.1, not recorded.
         */
        ASSETS("0.38.0");

        private final ServerVersion version;

        Since(String version) {
            this.version = ServerVersion.of(version);
        }
    }
}
