package org.genaiconnector.ra.statistics;

import java.util.EnumMap;
import java.util.Map;
import org.genaiconnector.ConnectionStatistics.Jobs;
import org.genaiconnector.comfyui.JobState;

/** How many jobs of one factory are in which state. Takes a lock, so that every snapshot adds up; jobs are few. */
final class JobFigures {
    private final Map<JobState, Long> counts = new EnumMap<>(JobState.class);
    private long submitted;

    synchronized void submitted() {
        submitted++;
    }

    synchronized void add(JobState state, int more) {
        counts.merge(state, (long) more, Long::sum);
    }

    /** What is under way stays. */
    synchronized void reset() {
        submitted = 0;
        counts.keySet().removeIf(JobState::isFinal);
    }

    synchronized Jobs snapshot() {
        return new Jobs(
                submitted,
                count(JobState.PENDING),
                count(JobState.RUNNING),
                count(JobState.COMPLETED),
                count(JobState.FAILED),
                count(JobState.CANCELLED),
                count(JobState.REJECTED),
                count(JobState.LOST));
    }

    private long count(JobState state) {
        return counts.getOrDefault(state, 0L);
    }
}
