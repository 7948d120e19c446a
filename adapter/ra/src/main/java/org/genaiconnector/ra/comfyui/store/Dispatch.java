package org.genaiconnector.ra.comfyui.store;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.genaiconnector.comfyui.JobFailure;
import org.genaiconnector.comfyui.JobState;
import org.genaiconnector.comfyui.JobStatus;
import org.genaiconnector.ra.database.Database;
import org.genaiconnector.ra.database.StoreException;

/**
 * Sending and tracking: what an instance does with the jobs that it owns. The methods that take a row change it only if the
 * instance still owns it, and return it as it is now; an empty result means that the instance has lost it, and must drop it
 * without any effect. They may be repeated with the same row after a failure whose outcome is unknown.
 */
public final class Dispatch {
    private static final String OWNED = " WHERE id = ? AND owner = ? AND fence = ?";

    private final Database database;
    private final Claims<JobRow> claims;
    private final Claims<JobRow> adoptions;
    private final Set<String> backends = ConcurrentHashMap.newKeySet();

    Dispatch(Database database) {
        this.database = database;
        this.claims = new Claims<>(database);
        this.adoptions = new Claims<>(database);
    }

    /**
     * Takes jobs to be sent: state {@code SENDING}, one attempt more, a new prompt id. All instances together never have more
     * than {@code maxInFlight} jobs of a backend, and each of those that asked lately has its share.
     *
     * @param instance its id
     * @param backend address
     * @param maxInFlight over all instances, 1 or more
     * @param mostNow that this call takes, 0 or more
     * @return jobs with their submissions, in the order of sending; empty if the instance was given up
     */
    public List<JobRow> claim(String instance, String backend, int maxInFlight, int mostNow) throws StoreException {
        known(backend);
        return claims.claim(
                "claiming jobs of " + backend,
                instance + ' ' + backend,
                new JobClaim.Waiting(instance, backend, maxInFlight, mostNow, Optional.empty()));
    }

    /**
     * The jobs that wait to be sent to any of several backends, and are due.
     *
     * @param backends their addresses
     * @param most how many
     * @return ids in the order of sending
     */
    public List<String> waiting(List<String> backends, int most) throws StoreException {
        return database.own(
                "reading what waits for " + backends,
                session -> session.first(
                        most,
                        "SELECT id FROM genai_job WHERE backend IN (" + JobColumns.marks(backends.size())
                                + ") AND state = 'QUEUED' AND due <= {now} AND (deadline IS NULL OR deadline > {now})"
                                + " ORDER BY priority, created, seq",
                        row -> row.getString(1),
                        backends.toArray()));
    }

    /**
     * The submission of a job that waits to be sent.
     *
     * @param id of the job
     * @return as {@link JobRow#submission}; empty if there is no such job any more
     */
    public Optional<String> submission(String id) throws StoreException {
        return database.own(
                "reading job " + id, session -> JobColumns.findAll(session, id).map(JobRow::submission));
    }

    /**
     * As {@link #claim(String, String, int, int)}, but takes certain jobs, which may wait for other backends until now.
     *
     * @param ids of the jobs, in the order of sending
     */
    public List<JobRow> claim(String instance, String backend, int maxInFlight, int mostNow, List<String> ids)
            throws StoreException {
        known(backend);
        return claims.claim(
                "claiming jobs of " + backend,
                instance + ' ' + backend,
                new JobClaim.Waiting(instance, backend, maxInFlight, mostNow, Optional.of(ids)));
    }

    /**
     * Takes jobs whose owner is gone and that the backend has, or may have. States and prompt ids stay.
     *
     * @param instance its id
     * @param backend address
     * @param most that this call takes; it also leaves other instances their share
     * @return jobs with their submissions; empty if the instance was given up
     */
    public List<JobRow> adopt(String instance, String backend, int most) throws StoreException {
        return adoptions.claim(
                "adopting jobs of " + backend,
                instance + ' ' + backend,
                new JobClaim.Orphaned(instance, backend, most));
    }

    /**
     * The backend has accepted the job.
     *
     * @param row that is being sent
     * @param promptId by which the backend knows it
     */
    public Optional<JobRow> sent(JobRow row, String promptId) throws StoreException {
        return changed("job " + row.id() + " was sent", row, "state = 'SENT', prompt_id = ?", promptId);
    }

    /**
     * The job waits in the backend's queue, or runs. Call it at most once per second and job.
     *
     * @param row that was sent
     * @param status pending or running, with queue position and progress
     */
    public Optional<JobRow> progressed(JobRow row, JobStatus status) throws StoreException {
        StoredState state = status.state() == JobState.RUNNING ? StoredState.RUNNING : StoredState.SENT;
        return changed(
                "progress of job " + row.id(),
                row,
                "state = ?, progress = ?",
                state.name(),
                JobColumns.progress(status));
    }

    /**
     * Back into the queue, at its old place.
     *
     * @param row that is not at the backend
     * @param delay before it may be claimed again
     * @param attemptCounts false if it surely never arrived; then the attempt is taken back with its prompt id
     * @param reason is added to the reasons of the job
     */
    public Optional<JobRow> requeue(JobRow row, Duration delay, boolean attemptCounts, Optional<String> reason)
            throws StoreException {
        boolean sameAgain = !attemptCounts && row.promptId().equals(row.id());
        return changed(
                "queueing job " + row.id() + " again",
                row,
                "state = 'QUEUED', owner = NULL, fence = fence + 1, progress = NULL, due = {now} + ?, attempts = ?,"
                        + " reason = ?, prompt_id = ?",
                delay.toMillis(),
                attemptCounts ? row.attempts() : row.attempts() - 1,
                reasons(row, reason),
                sameAgain ? Optional.empty() : Optional.of(row.promptId()));
    }

    /**
     * Sends an attempt that has vanished once more, at once: state {@code SENDING}, a new prompt id, the same number of attempts.
     *
     * @param row that is not at the backend
     * @param reason is added to the reasons of the job
     */
    public Optional<JobRow> nextAttempt(JobRow row, String reason) throws StoreException {
        String promptId = JobClaim.promptId(row.id(), row.fence() + 1);
        String step = "next attempt of job " + row.id();
        return database.own(step, session -> {
            session.update(
                    "UPDATE genai_job SET state = 'SENDING', fence = fence + 1, progress = NULL,"
                            + " sent = {now}, prompt_id = ?, reason = ?" + OWNED,
                    promptId,
                    reasons(row, Optional.of(reason)),
                    row.id(),
                    row.owner(),
                    row.fence());
            // also if this was done already, and only the answer was lost
            return JobColumns.findAll(session, row.id())
                    .filter(now ->
                            now.owner().equals(row.owner()) && now.promptId().equals(promptId));
        });
    }

    /**
     * Ends a job, for all its subscriptions.
     *
     * @param row of which the instance is the owner
     * @param end a final status; its id need not be the job's
     * @return the ended job
     */
    public Optional<JobRow> end(JobRow row, JobStatus end) throws StoreException {
        return database.own("end of job " + row.id(), session -> {
            Optional<JobRow> ended = Ends.end(session, row, end);
            return ended.isPresent()
                    ? ended
                    : JobColumns.find(session, row.id()) // done already, and only the answer was lost
                            .filter(now -> now.ended().isPresent() && now.fence() == row.fence());
        });
    }

    /**
     * Ends jobs that waited longer than their queue timeout as {@code FAILED}, with a failure of type {@code QUEUE_TIMEOUT}. Any
     * instance may call it at any time.
     *
     * @param most that this call ends
     * @return the ended jobs, of all backends
     */
    public List<JobRow> endOverdue(int most) throws StoreException {
        JobFailure failure = JobFailure.of("QUEUE_TIMEOUT", "The job was not sent within its queue timeout");
        return database.own("ending jobs that waited too long", session -> {
            List<JobRow> overdue = session.first(
                    most,
                    "SELECT " + JobColumns.SHORT
                            + " FROM genai_job j WHERE j.deadline > 0 AND j.deadline <= {now} AND j.state = 'QUEUED'"
                            + " ORDER BY j.deadline",
                    JobColumns::read);
            List<JobRow> ended = new ArrayList<>();
            for (JobRow row : overdue) {
                Ends.end(session, row, JobStatus.ended(row.id(), JobState.FAILED, List.of(), Optional.of(failure)))
                        .ifPresent(ended::add);
            }
            return ended;
        });
    }

    /**
     * The jobs of an instance that somebody wants cancelled, and that have not ended.
     *
     * @param instance its id
     */
    public List<JobRow> cancelRequests(String instance) throws StoreException {
        return database.own(
                "reading what is to be cancelled",
                session -> session.list(
                        "SELECT " + JobColumns.SHORT + " FROM genai_job j WHERE j.owner = ? AND j.cancel = 1",
                        JobColumns::read,
                        instance));
    }

    private Optional<JobRow> changed(String step, JobRow row, String change, Object... values) throws StoreException {
        Object[] all = Stream.concat(Stream.of(values), Stream.of(row.id(), row.owner(), row.fence()))
                .toArray();
        return database.own(
                step,
                session -> session.update("UPDATE genai_job SET " + change + OWNED, all) == 0
                        ? Optional.empty()
                        : JobColumns.find(session, row.id()));
    }

    private static Optional<String> reasons(JobRow row, Optional<String> another) {
        return another.map(reason -> JobColumns.fitted(
                        row.reason().map(before -> before + "\n").orElse("") + "attempt " + row.attempts() + ": "
                                + reason))
                .or(row::reason);
    }

    /** A backend has a row before jobs of it are claimed. */
    private void known(String backend) throws StoreException {
        if (backends.contains(backend)) {
            return;
        }
        String step = "registering backend " + backend;
        Database.Work<Boolean> there =
                session -> session.find("SELECT version FROM genai_backend WHERE address = ?", row -> true, backend)
                        .isPresent();
        if (!database.own(step, there)) {
            try {
                database.own(
                        step,
                        session ->
                                session.update("INSERT INTO genai_backend (address, version) VALUES (?, 0)", backend));
            } catch (StoreException e) {
                if (e.kind() != StoreException.Kind.REFUSED || !database.own(step, there)) {
                    throw e;
                } // else another application server was first
            }
        }
        backends.add(backend);
    }
}
