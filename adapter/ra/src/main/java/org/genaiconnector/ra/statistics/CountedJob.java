package org.genaiconnector.ra.statistics;

import java.util.Optional;

/**
 * One job in the figures of the factory that submitted it: counted from its first stage on, in one stage at a time and with
 * one end. Safe for all threads.
 */
public final class CountedJob {
    private final JobFigures figures;
    private final Optional<Follower> follower;
    private JobStage stage;
    private boolean over;

    /** Hears of a job; called without a lock, by any thread. */
    public interface Follower {
        /**
         * It is in another stage than before.
         *
         * @param now its stage
         */
        void is(JobStage now);

        /** The adapter does not track it any more; its end will not be known. */
        void forget();
    }

    CountedJob(JobFigures figures, Optional<Follower> follower) {
        this.figures = figures;
        this.follower = follower;
    }

    /**
     * A job that no figures count.
     *
     * @return a new one
     */
    public static CountedJob uncounted() {
        return new CountedJob(new JobFigures(), Optional.empty());
    }

    /**
     * A job of which only a follower hears, because it counts as another one.
     *
     * @param follower hears of it
     * @return a new one
     */
    public static CountedJob followedBy(Follower follower) {
        return new CountedJob(new JobFigures(), Optional.of(follower));
    }

    /**
     * The job is in this stage now. Does nothing after its end or {@link #forget()}.
     *
     * @param now at the first call any stage, also an end
     */
    public void is(JobStage now) {
        synchronized (figures) {
            if (over || stage == now) {
                return;
            }
            if (stage == null) {
                figures.submitted();
            } else {
                figures.add(stage, -1);
            }
            figures.add(now, 1);
            stage = now;
            over = now.isEnd();
        }
        follower.ifPresent(each -> each.is(now));
    }

    /**
     * The adapter does not track the job any more: if it was submitted it still counts as such, but neither as pending
     * nor as running.
     */
    public void forget() {
        synchronized (figures) {
            if (over) {
                return;
            }
            if (stage != null) {
                figures.add(stage, -1);
                over = true;
            }
        }
        follower.ifPresent(Follower::forget);
    }
}
