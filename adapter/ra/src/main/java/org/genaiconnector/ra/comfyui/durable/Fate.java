package org.genaiconnector.ra.comfyui.durable;

/**
 * How an attempt came to nothing, and whether it counts as one of {@code maxAttempts}. It does if the job may be what made its
 * backend go away: otherwise a flapping network would end healthy jobs, and one job that kills its backend would end all that
 * wait behind it.
 */
enum Fate {
    /** It was sent, its answer was lost, and a backend that answers does not know it: it ran nowhere. */
    VANISHED(false),
    /** The backend has lost it while it waited behind another one, or has lost it with the one that counted. */
    LOST_WAITING(false),
    /** The backend has lost it when it was the next one, and may have begun with it unseen. */
    LOST_FIRST(true),
    /** The backend has lost it while it ran. */
    LOST_RUNNING(true);

    /** So often in a row a job may vanish: the network is not to blame any more, and perhaps its backend dies of reading it. */
    static final int MOST_VANISHED = 10;

    private final boolean counts;

    Fate(boolean counts) {
        this.counts = counts;
    }

    boolean counts() {
        return counts;
    }

    /**
     * The fate of an attempt that its backend does not know (any more).
     *
     * @param accepted whether the backend had it
     * @param ran whether it was seen running
     * @param waited whether something was before it when it was heard of for the last time, or has counted since it was accepted
     */
    static Fate of(boolean accepted, boolean ran, boolean waited) {
        if (ran) {
            return LOST_RUNNING;
        }
        if (!accepted) {
            return VANISHED;
        }
        return waited ? LOST_WAITING : LOST_FIRST;
    }
}
