package org.genaiconnector.ra.comfyui.durable;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.genaiconnector.comfyui.JobFailure;
import org.genaiconnector.comfyui.JobState;
import org.genaiconnector.comfyui.JobStatus;
import org.genaiconnector.ra.comfyui.store.Dispatch;
import org.genaiconnector.ra.comfyui.store.JobRow;
import org.genaiconnector.ra.database.StoreException;

/** Writes to the store what became of the jobs of one backend, and publishes it then. */
final class Recorder extends StoreWork {
    private static final String LOST = "ComfyUI has lost it: it was restarted, or the job was removed";
    private static final String VANISHED = "it did not turn up at ComfyUI after its answer was lost";

    private final StoreSession session;
    private final BackendJobs jobs;

    /** See {@link OwnJob#fate}. */
    private long lastCause;

    Recorder(StoreSession session, BackendJobs jobs) {
        super(session);
        this.session = session;
        this.jobs = jobs;
        this.lastCause = System.nanoTime();
    }

    @Override
    protected Duration step() throws StoreException {
        for (OwnJob job : jobs.all()) {
            if (session.registered().equals(job.row().owner())) {
                record(job);
            } else {
                jobs.drop(job);
            }
        }
        return jobs.all().isEmpty() && !jobs.isServed()
                ? ENDED
                : session.times().poll();
    }

    private void record(OwnJob job) throws StoreException {
        if (job.end().isPresent()) {
            end(job, job.end().get());
        } else if (job.isReturned()) {
            returned(job, dispatch().requeue(job.row(), Duration.ZERO, false, Optional.empty()));
        } else if (job.isGivenUp()) {
            again(job);
        } else {
            track(job);
        }
    }

    private Dispatch dispatch() {
        return session.store().dispatch();
    }

    /** It has not ended. */
    private void track(OwnJob job) throws StoreException {
        if (job.isNewlyAccepted() && !written(job, dispatch().sent(job.row(), job.promptId()))) {
            return;
        }
        job.takeUntold().ifPresent(session::tell);
        Optional<JobStatus> progress = job.takeUnwritten(session.times().progress());
        if (progress.isPresent() && !written(job, dispatch().progressed(job.row(), progress.get()))) {
            return;
        }
        if (job.isForsaken() || job.isToBeCancelled() || job.isDoubtOver()) {
            jobs.wakeSender();
        }
    }

    private boolean written(OwnJob job, Optional<JobRow> row) {
        row.ifPresentOrElse(job::written, () -> jobs.drop(job));
        return row.isPresent();
    }

    private void returned(OwnJob job, Optional<JobRow> row) {
        if (row.isPresent()) {
            jobs.remove(job);
        } else {
            jobs.drop(job);
        }
    }

    private void end(OwnJob job, JobStatus status) throws StoreException {
        if (status.state() != JobState.LOST) {
            write(job, status);
        } else if (isUnwanted(job)) {
            write(job, JobStatus.of(job.jobId(), JobState.CANCELLED));
        } else {
            lost(job);
        }
    }

    /** Whether somebody wants it cancelled; the wish may be newer than what is known here. */
    private boolean isUnwanted(OwnJob job) throws StoreException {
        return job.isCancelled()
                || session.store()
                        .jobs()
                        .find(job.jobId())
                        .filter(JobRow::cancel)
                        .isPresent();
    }

    /** The backend has lost it, and perhaps others with it. */
    private void lost(OwnJob job) throws StoreException {
        Fate fate = job.fate(lastCause, jobs.all());
        if (fate == Fate.VANISHED) {
            again(job);
        } else if (fate == Fate.LOST_RUNNING && !job.isRestartable()) {
            write(job, JobStatus.of(job.jobId(), JobState.LOST));
        } else if (fate.counts() && job.row().attempts() >= jobs.maxAttempts()) {
            write(job, lostTooOften(job));
        } else {
            returned(job, dispatch().requeue(job.row(), Duration.ZERO, fate.counts(), Optional.of(LOST)));
        }
        if (fate.counts()) {
            lastCause = System.nanoTime();
        }
    }

    /** It was sent, but never turned up. */
    private void again(OwnJob job) throws StoreException {
        if (isUnwanted(job)) {
            write(job, JobStatus.of(job.jobId(), JobState.CANCELLED));
        } else if (!job.isFindable()) { // it may run, under an id that nobody knows
            write(job, JobStatus.of(job.jobId(), JobState.LOST));
        } else if (job.timesVanished() >= Fate.MOST_VANISHED) {
            write(
                    job,
                    exhausted(
                            job, "It was sent " + job.timesVanished() + " times in a row, and each time " + VANISHED));
        } else {
            Optional<JobRow> next = dispatch().nextAttempt(job.row(), VANISHED);
            if (next.isPresent()) {
                jobs.sendAgain(job, next.get());
                jobs.wakeSender();
            } else {
                jobs.drop(job);
            }
        }
    }

    private static JobStatus lostTooOften(OwnJob job) {
        return exhausted(
                job,
                "It was sent " + job.row().attempts() + " times without an end. "
                        + job.row().reason().map(before -> before + "; ").orElse("") + LOST);
    }

    private static JobStatus exhausted(OwnJob job, String message) {
        JobFailure failure = JobFailure.of("ATTEMPTS_EXHAUSTED", message);
        return JobStatus.ended(job.jobId(), JobState.FAILED, List.of(), Optional.of(failure));
    }

    private void write(OwnJob job, JobStatus end) throws StoreException {
        Optional<JobRow> ended = dispatch().end(job.row(), News.named(end, job.jobId()));
        if (ended.isPresent()) {
            jobs.remove(job);
            session.told(ended.get(), job.submitter());
        } else {
            jobs.drop(job);
        }
    }
}
