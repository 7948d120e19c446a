package org.genaiconnector.ra.statistics;

/**
 * One job in the figures of the factory that submitted it: counted from its first stage on, in one stage at a time and with
 * one end. Safe for all threads.
 */
public final class CountedJob {
    private final JobFigures figures;
    private JobStage stage;
    private boolean over;

    CountedJob(JobFigures figures) {
        this.figures = figures;
    }

    /**
     * A job that no figures count.
     *
     * @return a new one
     */
    public static CountedJob uncounted() {
        return new CountedJob(new JobFigures());
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
    }

    /**
     * The adapter does not track the job any more: if it was submitted it still counts as such, but neither as pending
     * nor as running.
     */
    public void forget() {
        synchronized (figures) {
            if (!over && stage != null) {
                figures.add(stage, -1);
                over = true;
            }
        }
    }
}
