package org.genaiconnector.ra.statistics;

import org.genaiconnector.comfyui.JobState;

/**
 * One job in the figures of the factory it was submitted through: counted from when a server is known to have it, in one
 * state at a time, and with one end, whoever tells of it first. Safe for all threads.
 */
public final class CountedJob {
    private final JobFigures figures;
    private JobState state;
    private boolean over;

    CountedJob(JobFigures figures) {
        this.figures = figures;
    }

    /**
     * A job that is in nobody's figures.
     *
     * @return not null
     */
    public static CountedJob ofNobody() {
        return new CountedJob(new JobFigures());
    }

    /**
     * The job is in that state now. Nothing happens after its end or {@link #forget()}.
     *
     * @param now at the first call any state, also a final one
     */
    public void is(JobState now) {
        synchronized (figures) {
            if (over || state == now) {
                return;
            }
            if (state == null) {
                figures.submitted();
            } else {
                figures.add(state, -1);
            }
            figures.add(now, 1);
            state = now;
            over = now.isFinal();
        }
    }

    /** Nobody follows it any more: if it was submitted it stays so, and neither waits nor runs. */
    public void forget() {
        synchronized (figures) {
            if (!over && state != null) {
                figures.add(state, -1);
                over = true;
            }
        }
    }
}
