package org.genaiconnector.ra.comfyui.store;

import java.util.List;
import java.util.Optional;
import org.genaiconnector.comfyui.JobQuery;

/** What applications do with the jobs of a store. */
public final class StoredJobs {

    /**
     * Inserts a job, in the calling thread's transaction if there is one, else for good. Wake the dispatcher after the commit.
     *
     * @param job with a new id
     * @throws StoreException kind {@code NOT_ENLISTED} if the thread is in a transaction in which the data source takes no part,
     *     {@code REFUSED} if a value is too long for its column
     */
    public void insert(NewJob job) throws StoreException {
        throw new UnsupportedOperationException();
    }

    /**
     * Reads a job, in the calling thread's transaction if there is one: then it also sees what that has inserted, and possibly
     * nothing that others changed meanwhile.
     *
     * @param id any text
     * @return the job without its submission; empty if the store does not have it (any more)
     */
    public Optional<JobRow> find(String id) throws StoreException {
        throw new UnsupportedOperationException();
    }

    /**
     * Selects jobs, in the calling thread's transaction if there is one.
     *
     * @param query which ones
     * @param backend address of the backend; empty for all
     * @return the newest first, without their submissions
     */
    public List<JobRow> query(JobQuery query, Optional<String> backend) throws StoreException {
        throw new UnsupportedOperationException();
    }

    /**
     * The place of a queued job among those of its backend that wait to be sent.
     *
     * @param id any text
     * @return 1 for the job that is sent next; empty if it does not wait to be sent
     */
    public Optional<Integer> position(String id) throws StoreException {
        throw new UnsupportedOperationException();
    }

    /**
     * Ends a job that waits to be sent as cancelled, for all its subscriptions. A job of the calling thread's transaction is
     * cancelled in that transaction, any other one at once.
     *
     * @param id any text
     * @return the ended job; empty if it does not wait to be sent
     */
    public Optional<JobRow> cancelQueued(String id) throws StoreException {
        throw new UnsupportedOperationException();
    }

    /**
     * Tells the owner of a job that somebody wants it cancelled.
     *
     * @param id any text
     * @return false if there is no such job, or it has ended
     */
    public boolean requestCancel(String id) throws StoreException {
        throw new UnsupportedOperationException();
    }
}
