package org.genaiconnector.ra.comfyui.durable;

import jakarta.resource.ResourceException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.genaiconnector.FailureCategory;
import org.genaiconnector.GenAiException;
import org.genaiconnector.comfyui.JobFailure;
import org.genaiconnector.comfyui.JobState;
import org.genaiconnector.comfyui.JobStatus;
import org.genaiconnector.comfyui.Submission;
import org.genaiconnector.comfyui.WorkflowRejectedException;
import org.genaiconnector.ra.comfyui.jobs.JobCalls;
import org.genaiconnector.ra.comfyui.store.Dispatch;
import org.genaiconnector.ra.comfyui.store.JobRow;
import org.genaiconnector.ra.comfyui.store.StoredState;
import org.genaiconnector.ra.comfyui.store.SubmissionCodec;
import org.genaiconnector.ra.comfyui.workflow.DanglingLinks;
import org.genaiconnector.ra.database.StoreException;
import org.genaiconnector.ra.http.FailureTrait;
import org.genaiconnector.ra.messages.OperatorMessage;
import org.genaiconnector.ra.util.BoundedMap;

/** Takes jobs of one backend from the store and sends them; all that is asked of the backend except how its jobs go. */
final class Sender extends StoreWork {
    private static final Logger LOG = System.getLogger(Sender.class.getName());

    /** Of the jobs that wait, so many are looked at: those behind them have to wait anyway. */
    private static final int MOST_PLANNED = 50;

    private final StoreSession session;
    private final BackendJobs jobs;

    /** Submissions of jobs that wait, of several backends. */
    private final Map<String, Submission> planned = BoundedMap.inOrderOfUse(2 * MOST_PLANNED);

    /** Of the backend to take a job, in a row. */
    private int failures;

    private long pauseEnds;

    Sender(StoreSession session, BackendJobs jobs) {
        super(session);
        this.session = session;
        this.jobs = jobs;
    }

    @Override
    protected Duration step() throws StoreException {
        Optional<RouteSource> way = jobs.way();
        if (way.isEmpty()) {
            return ENDED;
        }
        try {
            return step(way.get().route());
        } catch (GenAiException e) {
            failed(e);
        } catch (ResourceException e) {
            failed(new GenAiException(FailureCategory.UNAVAILABLE, e.getMessage(), e));
        }
        return session.times().poll();
    }

    private Duration step(Route route) throws GenAiException, StoreException {
        JobCalls calls = route.calls();
        jobs.limit(route.maxAttempts());
        Optional<String> instance = session.instance();
        if (instance.isEmpty()) {
            return session.times().poll();
        }
        for (JobRow orphan : dispatch().adopt(instance.get(), address(), route.maxInFlight())) {
            jobs.toFollow(orphan);
        }
        for (OwnJob job : jobs.all()) {
            if (job.isToBeFollowed()) {
                follow(job, route, calls);
            } else if (job.isDoubtOver() && known(job, calls).isEmpty()) {
                job.giveUp();
            }
        }
        catchStrays(calls);
        cancel(calls);
        if (isPausing(calls)) {
            if (route.fellows().isPresent()) { // who take it
                jobs.all().stream().filter(OwnJob::isToBeSent).forEach(OwnJob::returned);
            }
            return session.times().poll();
        }
        jobs.all().stream().filter(OwnJob::isToBeSent).forEach(job -> send(job, route, calls));
        if (claim(instance.get(), route, calls)) {
            return Duration.ZERO;
        }
        if (jobs.all().isEmpty()) {
            route.access().release(); // which the backend would close some time
        }
        return session.times().poll();
    }

    private Dispatch dispatch() {
        return session.store().dispatch();
    }

    private String address() {
        return jobs.address().toString();
    }

    /** Returns whether there may be more to claim. */
    private boolean claim(String instance, Route route, JobCalls calls) throws StoreException {
        int free = route.maxInFlight() - jobs.all().size();
        if (free <= 0 || isPaused()) {
            return false;
        }
        List<JobRow> rows = route.fellows().isPresent()
                ? claim(instance, route, free, route.fellows().get())
                : dispatch().claim(instance, address(), route.maxInFlight(), free);
        rows.stream().map(jobs::toSend).toList().forEach(job -> send(job, route, calls));
        return !rows.isEmpty();
    }

    /** Those of all backends of the factory that this one should run. */
    private List<JobRow> claim(String instance, Route route, int free, Fellows fellows) throws StoreException {
        List<Fellows.Waiting> waiting = new ArrayList<>();
        for (String id : dispatch().waiting(fellows.addresses(), MOST_PLANNED)) {
            Optional<Submission> submission = waiting(id);
            submission.ifPresent(known -> waiting.add(new Fellows.Waiting(id, known)));
        }
        List<String> own = waiting.isEmpty() ? List.of() : fellows.own(waiting);
        return dispatch().claim(instance, address(), route.maxInFlight(), own.isEmpty() ? 0 : free, own);
    }

    /** Unreadable ones go to the first that comes. */
    private Optional<Submission> waiting(String id) throws StoreException {
        Submission known = planned.get(id);
        if (known == null) {
            Optional<String> text = dispatch().submission(id);
            if (text.isEmpty()) {
                return Optional.empty();
            }
            known = SubmissionCodec.submission(text.get());
            planned.put(id, known);
        }
        return Optional.of(known);
    }

    // ---- sending

    private void send(OwnJob job, Route route, JobCalls calls) {
        JobRow row = job.row();
        if (job.isCancelled()) {
            job.ends(JobStatus.of(row.id(), JobState.CANCELLED));
            return;
        }
        if (isPaused()) { // the one before did not get through
            job.returned();
            return;
        }
        boolean known = false;
        try {
            Submission submission = SubmissionCodec.submission(row.submission());
            job.isOf(submission, route.access().findsPrompts(), route.fellows());
            JobCalls.Kept kept = send(job, submission, route, calls);
            known = true;
            job.follows(kept, session.times().doubt());
            works();
        } catch (WorkflowRejectedException e) {
            known = true;
            works();
            job.ends(JobStatus.rejected(
                    row.id(),
                    e.nodeErrors(),
                    failure(e).filter(any -> e.nodeErrors().isEmpty())));
        } catch (IllegalArgumentException e) {
            known = true;
            job.ends(JobStatus.rejected(row.id(), Map.of(), failure("UNREADABLE", e.getMessage())));
        } catch (GenAiException e) {
            known = true;
            refused(job, e);
        } finally {
            if (!known) {
                job.lostTrack();
            }
            if (job.isDropped()) {
                jobs.stray(job);
            }
        }
    }

    private JobCalls.Kept send(OwnJob job, Submission submission, Route route, JobCalls calls) throws GenAiException {
        JobRow row = job.row();
        DanglingLinks broken = DanglingLinks.of(submission);
        if (broken.exist() && calls.catalogue().isPresent()) {
            broken.refuse(submission.targets(), calls.catalogue().get());
        }
        Optional<String> there = row.reason().isPresent() ? known(job, calls) : Optional.empty();
        if (there.isPresent()) {
            return calls.resume(row.promptId(), there, submission, route.count(submission), job);
        }
        Submission here = route.fellows().isPresent()
                ? route.fellows().get().bring(submission, SubmissionCodec.uploads(row.submission()))
                : submission;
        return calls.keep(row.promptId(), here, route.count(submission), job, () -> requireOwned(job));
    }

    /** The id under which the backend has a prompt; empty if it does not know it. */
    private static Optional<String> known(OwnJob job, JobCalls calls) throws GenAiException {
        return calls.idOf(job.promptId(), job.row().tag());
    }

    /** Asked before each sending: an instance that was suspended may have lost the job meanwhile. */
    private void requireOwned(OwnJob job) throws GenAiException {
        if (!isOwned(job)) {
            throw new GenAiException(
                    FailureCategory.CONFLICT,
                    "Job " + job.jobId() + " is not sent: this instance has lost its lease in job store "
                            + session.store().name());
        }
    }

    private boolean isOwned(OwnJob job) {
        return !job.isDropped() && session.instance().equals(job.row().owner());
    }

    /** It surely did not arrive. */
    private void refused(OwnJob job, GenAiException why) {
        if (!isOwned(job)) {
            job.returned();
            return;
        }
        switch (why.category()) {
            case INVALID_REQUEST, TOO_LARGE, CONTENT_FILTER, CONTEXT_LENGTH -> {
                works();
                job.ends(JobStatus.rejected(job.jobId(), Map.of(), failure(why)));
            }
            default -> {
                failed(why);
                job.returned();
            }
        }
    }

    private static Optional<JobFailure> failure(GenAiException why) {
        return failure(why.category().name(), why.getMessage());
    }

    private static Optional<JobFailure> failure(String type, String message) {
        return Optional.of(JobFailure.of(type, message));
    }

    // ---- a backend that takes no jobs

    private void works() {
        if (failures > 0) {
            failures = 0;
            OperatorMessage.JOBS_TAKEN_AGAIN.log(LOG, address(), session.store().name());
        }
    }

    private void failed(GenAiException why) {
        failures++;
        pauseEnds = System.nanoTime() + session.times().pause(failures).toNanos();
        if (failures == 1 && !session.isClosed()) {
            OperatorMessage.JOBS_NOT_TAKEN.log(LOG, session.store().name(), address(), why.getMessage());
        }
    }

    private boolean isPaused() {
        return failures > 0 && pauseEnds - System.nanoTime() > 0;
    }

    /** While the backend takes no jobs none are claimed; it is asked something harmless first. */
    private boolean isPausing(JobCalls calls) throws GenAiException {
        if (isPaused()) {
            return true;
        }
        if (failures > 0) {
            calls.probe();
        }
        return false;
    }

    // ---- jobs that were sent before

    private void follow(OwnJob job, Route route, JobCalls calls) throws GenAiException {
        JobRow row = job.row();
        Optional<JobStatus> end = route.trackers()
                .ended(jobs.address(), job.promptId())
                .filter(status -> status.state() != JobState.LOST);
        if (end.isPresent()) {
            job.ends(end.get());
            return;
        }
        try {
            Submission submission = SubmissionCodec.submission(row.submission());
            job.isOf(submission, route.access().findsPrompts(), route.fellows());
            Optional<String> id = row.state() == StoredState.SENDING
                    ? knownOrInDoubt(job, route, calls)
                    : Optional.of(job.promptId());
            JobCalls.Kept kept = calls.resume(job.promptId(), id, submission, route.count(submission), job);
            job.follows(kept, session.times().doubt().minus(row.sinceSent()));
        } catch (IllegalArgumentException e) {
            job.ends(JobStatus.rejected(row.id(), Map.of(), failure("UNREADABLE", e.getMessage())));
        }
    }

    /** While one of several backends does not answer, its jobs are in doubt, and go to others some time. */
    private static Optional<String> knownOrInDoubt(OwnJob job, Route route, JobCalls calls) throws GenAiException {
        try {
            return known(job, calls);
        } catch (GenAiException e) {
            if (route.fellows().isPresent() && FailureTrait.DOWN.of(e)) {
                return Optional.empty();
            }
            throw e;
        }
    }

    private void cancel(JobCalls calls) {
        jobs.all().stream().filter(OwnJob::isToBeCancelled).forEach(job -> {
            try {
                calls.cancel(job.promptId());
            } catch (GenAiException e) {
                LOG.log(Level.DEBUG, "Job {0} cannot be cancelled yet: {1}", job.jobId(), e.getMessage());
            }
        });
    }

    /** Cancels prompts of jobs that another instance has sent under other ids meanwhile, or has ended. */
    private void catchStrays(JobCalls calls) throws StoreException {
        for (Optional<OwnJob> next = jobs.nextStray(); next.isPresent(); next = jobs.nextStray()) {
            OwnJob stray = next.get();
            Optional<JobRow> now = session.store().jobs().find(stray.jobId());
            if (now.filter(row -> row.promptId().equals(stray.promptId())).isEmpty()) {
                try {
                    boolean cancelled = calls.cancel(stray.promptId()).isAccepted();
                    OperatorMessage.STRAY_PROMPT.log(
                            LOG,
                            stray.jobId(),
                            address(),
                            stray.promptId(),
                            cancelled ? "is cancelled" : "has not arrived, or has run");
                } catch (GenAiException e) {
                    LOG.log(Level.DEBUG, "Prompt {0} cannot be cancelled yet: {1}", stray.promptId(), e.getMessage());
                    return;
                }
            }
            jobs.caught(stray);
        }
    }
}
