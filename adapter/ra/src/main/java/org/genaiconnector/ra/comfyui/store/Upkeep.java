package org.genaiconnector.ra.comfyui.store;

import java.time.Duration;

/** What an administrator sees and does. */
public final class Upkeep {

    /** The figures; reading them takes time that grows with the number of jobs, so they may be up to ten seconds old. */
    public StoreFigures figures() throws StoreException {
        throw new UnsupportedOperationException();
    }

    /**
     * Deletes old jobs that have ended. Never one of which a delivery waits or is dead.
     *
     * @param age after the end; zero for any
     * @param count of ended jobs that are kept, the youngest; zero for no limit
     * @param most that this call deletes
     * @return how many it has deleted; call it again if that is {@code most}
     */
    public int purge(Duration age, long count, int most) throws StoreException {
        throw new UnsupportedOperationException();
    }

    /**
     * Queues a job again that ended as failed, cancelled, rejected or lost. Its attempts begin anew.
     *
     * @return false if there is no such job
     */
    public boolean requeue(String id) throws StoreException {
        throw new UnsupportedOperationException();
    }

    /**
     * Makes a dead delivery due. Its attempts begin anew.
     *
     * @return false if there is no such delivery
     */
    public boolean redeliver(String subscription, String jobId) throws StoreException {
        throw new UnsupportedOperationException();
    }

    /**
     * Deletes a dead delivery.
     *
     * @return false if there is no such delivery
     */
    public boolean discard(String subscription, String jobId) throws StoreException {
        throw new UnsupportedOperationException();
    }

    /**
     * Deletes a subscription with all its deliveries.
     *
     * @return false if there is no such subscription
     */
    public boolean unsubscribe(String subscription) throws StoreException {
        throw new UnsupportedOperationException();
    }
}
