package org.genaiconnector.ra.statistics;

import java.util.EnumMap;
import java.util.Map;
import org.genaiconnector.ConnectionStatistics.Jobs;

/** How many jobs of one factory are in which stage. Takes a lock, so that every snapshot adds up; jobs are few. */
final class JobFigures {
    private final Map<JobStage, Long> counts = new EnumMap<>(JobStage.class);
    private long submitted;

    synchronized void submitted() {
        submitted++;
    }

    synchronized void add(JobStage stage, int more) {
        counts.merge(stage, (long) more, Long::sum);
    }

    /** Keeps the jobs that have not ended. */
    synchronized void reset() {
        submitted = 0;
        counts.keySet().removeIf(JobStage::isEnd);
    }

    synchronized Jobs snapshot() {
        return new Jobs(
                submitted,
                count(JobStage.PENDING),
                count(JobStage.RUNNING),
                count(JobStage.COMPLETED),
                count(JobStage.FAILED),
                count(JobStage.CANCELLED),
                count(JobStage.REJECTED),
                count(JobStage.LOST));
    }

    private long count(JobStage stage) {
        return counts.getOrDefault(stage, 0L);
    }
}
