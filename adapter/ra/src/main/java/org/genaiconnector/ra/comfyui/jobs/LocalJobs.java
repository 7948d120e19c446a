package org.genaiconnector.ra.comfyui.jobs;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.genaiconnector.FailureCategory;
import org.genaiconnector.GenAiException;
import org.genaiconnector.comfyui.JobState;
import org.genaiconnector.comfyui.JobStatus;
import org.genaiconnector.ra.util.BoundedMap;

/** Jobs that no backend knows: those of transactions that are not committed yet, and the newest of those that never ran. */
public final class LocalJobs implements AutoCloseable {
    private static final int REMEMBERED = 1_000;

    private final Set<String> uncommitted = ConcurrentHashMap.newKeySet();
    private final Set<String> committing = ConcurrentHashMap.newKeySet();
    private final Map<String, JobStatus> neverSent = BoundedMap.inOrderOfInsertion(REMEMBERED);

    public void queued(String id) {
        uncommitted.add(id);
    }

    /** It is sent from now on; tells false if it was cancelled before. */
    public boolean committing(String id) {
        committing.add(id);
        boolean waited = uncommitted.remove(id);
        if (!waited) {
            committing.remove(id);
        }
        return waited;
    }

    /** Its transaction has ended. */
    public void settled(String id) {
        uncommitted.remove(id);
        committing.remove(id);
    }

    /** It will never be sent, and that is its end. */
    public void ended(JobStatus status) {
        synchronized (neverSent) {
            neverSent.put(status.id(), status);
        }
        settled(status.id());
    }

    /** Takes a job out of its transaction; tells false if it waits in none, or is being sent. */
    public boolean cancel(String id) {
        boolean waited = uncommitted.remove(id);
        if (waited) {
            ended(JobStatus.of(id, JobState.CANCELLED));
        }
        return waited;
    }

    private boolean isUncommitted(String id) {
        return uncommitted.contains(id) || committing.contains(id);
    }

    public Optional<JobStatus> find(String id) {
        if (isUncommitted(id)) {
            return Optional.of(JobStatus.of(id, JobState.PENDING));
        }
        synchronized (neverSent) {
            return Optional.ofNullable(neverSent.get(id));
        }
    }

    /** Waiting for a job that waits for the end of the waiting would only end with the transaction's timeout. */
    public void requireCommitted(String id) throws GenAiException {
        if (isUncommitted(id)) {
            throw new GenAiException(
                    FailureCategory.INVALID_REQUEST,
                    "Job " + id
                            + " will be sent when its transaction is committed, so it cannot be awaited before: await it "
                            + "after the transaction, queue it in one of its own (REQUIRES_NEW), or set the pool's "
                            + "transaction-support to NoTransaction");
        }
    }

    @Override
    public void close() {
        uncommitted.clear();
        committing.clear();
    }
}
