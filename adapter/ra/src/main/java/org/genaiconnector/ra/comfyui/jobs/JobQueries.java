package org.genaiconnector.ra.comfyui.jobs;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.genaiconnector.FailureCategory;
import org.genaiconnector.GenAiException;
import org.genaiconnector.comfyui.Cancellation;
import org.genaiconnector.comfyui.JobQueue;
import org.genaiconnector.comfyui.JobState;
import org.genaiconnector.comfyui.JobStatus;
import org.genaiconnector.ra.comfyui.wire.FoundJob;
import org.genaiconnector.ra.comfyui.wire.JobMarker;
import org.genaiconnector.ra.comfyui.wire.JobRoutes;
import org.genaiconnector.ra.messages.OperatorMessage;

/**
 * What a poller asks of a server that is about one job, or about the jobs of others. Whatever the answer is, it must not keep
 * the other jobs from being asked about. Used by one thread at a time.
 */
final class JobQueries {
    private static final Logger LOG = System.getLogger(JobQueries.class.getName());
    private static final int MOST_ODD_JOBS = 100;

    private final JobTracker tracker;
    private final BackendAccess access;

    /** Those whose answers nobody could read, or that could not be cancelled: to say so once. */
    private final Set<String> oddJobs = new HashSet<>();

    /** What it means that the server does not know a job. */
    enum Unknown {
        /** It is not in the queue either, so that is a bad sign. */
        IS_MISSING,
        /** Nothing: what is not there yet may come at any moment. */
        IS_EARLY
    }

    JobQueries(JobTracker tracker, BackendAccess access) {
        this.tracker = tracker;
        this.access = access;
    }

    /**
     * Asks about a job and hands the answer to the tracker.
     *
     * @throws GenAiException if the server cannot be asked at all
     */
    void ask(TrackedJob job, Unknown meaning) throws GenAiException {
        long asked = System.nanoTime();
        try {
            Optional<FoundJob> found = access.routes().findEnded(job.id());
            if (found.isEmpty() && isElsewhere(job)) {
                return;
            }
            if (found.isPresent() || meaning == Unknown.IS_MISSING) {
                tracker.found(job, found, asked);
            }
        } catch (GenAiException e) {
            requireAboutOneJob(e);
            LOG.log(Level.DEBUG, "No usable answer about job {0}: {1}", job.id(), e.getMessage());
            if (e.category() == FailureCategory.TOO_LARGE) {
                endUnread(job);
            }
        } catch (RuntimeException e) {
            if (isNewlyOdd(job.id())) {
                OperatorMessage.JOB_QUESTION_FAILED.logFailure(LOG, e, access.name(), job.id());
            }
        }
    }

    private boolean isNewlyOdd(String id) {
        return oddJobs.size() < MOST_ODD_JOBS && oddJobs.add(id);
    }

    private static void requireAboutOneJob(GenAiException failure) throws GenAiException {
        switch (failure.category()) {
            case SERVER, PROTOCOL, INVALID_REQUEST, TOO_LARGE, NOT_FOUND -> {
                // the next question may be answered
            }
            default -> throw failure;
        }
    }

    /** There is more to tell of its end than can be read: what the WebSocket told has to do, or what the server lists. */
    private void endUnread(TrackedJob job) throws GenAiException {
        Optional<JobState> listed = listed(job);
        Optional<JobStatus> end = tracker.locked(() -> job.heardEnd(listed));
        if (end.isPresent()) {
            OperatorMessage.OUTPUTS_TOO_LARGE.log(LOG, job.id(), access.name());
            tracker.locked(() -> {
                if (!job.isEnded()) {
                    tracker.end(job, end.get());
                }
                return null;
            });
        }
    }

    private Optional<JobState> listed(TrackedJob job) throws GenAiException {
        try {
            return access.routes().endedAs(job.id());
        } catch (GenAiException e) {
            requireAboutOneJob(e);
            return Optional.empty();
        }
    }

    /** Whether what is in doubt has turned up under another id, as on servers before 0.3.45. */
    private boolean isElsewhere(TrackedJob job) throws GenAiException {
        JobRoutes routes = access.routes();
        if (!(job.isDoubtful() || job.isUnwanted()) || routes.keepIds()) {
            return false;
        }
        Optional<String> id = routes.idOf(new JobMarker(job.id(), job.origin().tag(), tracker.home()));
        if (id.isPresent() && job.isUnwanted()) {
            routes.cancel(id.get());
            tracker.refused(job);
        } else if (id.isPresent()) {
            tracker.accepted(job, id.get());
        }
        return id.isPresent();
    }

    /** Looks for what the tracker does not know yet. */
    void look(JobWatch watch) throws GenAiException {
        try {
            watch.look(access.routes());
        } catch (GenAiException e) {
            requireAboutOneJob(e);
            LOG.log(Level.DEBUG, "{0} cannot be asked about the jobs of others: {1}", access.name(), e.getMessage());
            return;
        }
        if (watch.scope() == JobWatch.Scope.OWN_ONCE) {
            tracker.remove(watch);
        }
    }

    /** Cancels what has turned up and is not wanted any more. */
    void takeBack(JobQueue alive) throws GenAiException {
        List<String> unwanted = tracker.locked(() -> Stream.concat(alive.running().stream(), alive.pending().stream())
                .filter(id -> tracker.job(id) != null && tracker.job(id).isUnwanted())
                .toList());
        for (String id : unwanted) {
            String outcome = cancel(id);
            if (isNewlyOdd(id)) {
                OperatorMessage.JOB_OF_ROLLBACK_FOUND.log(LOG, id, access.name(), outcome);
            }
        }
    }

    private String cancel(String id) throws GenAiException {
        try {
            Cancellation outcome = access.routes().cancel(id);
            return outcome.isAccepted() ? "it is cancelled" : "it could not be cancelled";
        } catch (GenAiException e) {
            requireAboutOneJob(e);
            return "it could not be cancelled: " + e.getMessage();
        }
    }
}
