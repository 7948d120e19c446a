package org.genaiconnector.ra.comfyui.jobs;

import jakarta.json.JsonArray;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.genaiconnector.FailureCategory;
import org.genaiconnector.GenAiException;
import org.genaiconnector.comfyui.Cancellation;
import org.genaiconnector.comfyui.JobQueue;
import org.genaiconnector.comfyui.JobState;
import org.genaiconnector.ra.comfyui.wire.ComfyUiBackend;
import org.genaiconnector.ra.comfyui.wire.FoundJob;
import org.genaiconnector.ra.comfyui.wire.JobMarker;
import org.genaiconnector.ra.comfyui.wire.JobRoutes;
import org.genaiconnector.ra.comfyui.wire.JobSignal;
import org.genaiconnector.ra.comfyui.wire.WorkflowShape;
import org.genaiconnector.ra.json.JsonValues;
import org.genaiconnector.ra.messages.OperatorMessage;

/**
 * The questions of a poller about one job, or about the jobs of other clients. No answer must prevent questions about
 * the other jobs. Used by one thread at a time.
 */
final class JobQueries {
    private static final Logger LOG = System.getLogger(JobQueries.class.getName());
    private static final int MOST_ODD_JOBS = 100;

    /** A page; more than can end between two rounds, unless they take no time. */
    private static final int LATEST = 100;

    /** A page of what ended before the watch began: all of that is nothing new, also if it moves up as newer jobs are deleted. */
    private static final int BEFORE = 1_000;

    private final JobLedger ledger;
    private final LedgerQuestions questions;
    private final BackendAccess access;
    private final String home;

    /** Jobs whose answers could not be read, or that could not be cancelled: each is logged once. */
    private final Set<String> oddJobs = new HashSet<>();

    /** What it means that the backend does not know a job. */
    enum Unknown {
        /** It is not in the queue either, so that is a bad sign. */
        IS_MISSING,
        /** Nothing: what is not there yet may come at any moment. */
        IS_EARLY
    }

    JobQueries(JobLedger ledger, BackendAccess access, String home) {
        this.ledger = ledger;
        this.questions = ledger.questions();
        this.access = access;
        this.home = home;
    }

    /**
     * Asks about a job and passes the answer to the ledger.
     *
     * @throws GenAiException if the backend cannot be asked at all
     */
    void ask(JobEntry job, Unknown meaning) throws GenAiException {
        long asked = questions.now();
        try {
            Optional<FoundJob> found = access.routes().findEnded(job.id());
            if (found.isEmpty() && isElsewhere(job)) {
                return;
            }
            if (found.isPresent() || meaning == Unknown.IS_MISSING) {
                ledger.found(job, found, asked);
            }
            found.flatMap(answer -> answer.status().progress())
                    .map(at -> new JobSignal.Advanced(job.id(), at.node(), at.value(), at.max()))
                    .ifPresent(questions::signal);
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

    /** Its answer is too large to be read: it ends as the WebSocket has signalled, or as the backend lists it. */
    private void endUnread(JobEntry job) throws GenAiException {
        if (ledger.endUnread(job, listed(job))) {
            OperatorMessage.OUTPUTS_TOO_LARGE.log(LOG, job.id(), access.name());
        }
    }

    private Optional<JobState> listed(JobEntry job) throws GenAiException {
        try {
            return access.routes().endedAs(job.id());
        } catch (GenAiException e) {
            requireAboutOneJob(e);
            return Optional.empty();
        }
    }

    /** Whether what is in doubt has turned up under another id, as on backends before 0.3.45. */
    private boolean isElsewhere(JobEntry job) throws GenAiException {
        JobRoutes routes = access.routes();
        if (!(job.isDoubtful() || job.isUnwanted()) || routes.keepIds()) {
            return false;
        }
        Optional<String> id = routes.idOf(job.origin().marker(job.id(), home));
        if (id.isPresent() && job.isUnwanted()) {
            routes.cancel(id.get());
            ledger.refused(job);
        } else if (id.isPresent()) {
            ledger.accepted(job, id.get());
        }
        return id.isPresent();
    }

    /** Takes a job from the queue, for another backend. One that is not there any more begins, or ends. */
    void takeAway(JobEntry job) throws GenAiException {
        try {
            if (access.routes().cancel(job.id()) == Cancellation.DEQUEUED) {
                ledger.left(job);
            } else {
                ledger.hurry(job);
            }
        } catch (GenAiException e) {
            requireAboutOneJob(e);
            LOG.log(Level.DEBUG, "Job {0} cannot be taken from the queue: {1}", job.id(), e.getMessage());
        }
    }

    /** Looks for jobs that the ledger does not have yet. */
    void look(JobWatch watch) throws GenAiException {
        try {
            JobRoutes routes = access.routes();
            for (JsonArray item : routes.queueItems()) {
                Optional<JobMarker> marker = item.size() > 3 ? JobMarker.in(item.get(3)) : Optional.empty();
                met(watch, JsonValues.text(item.get(1)), marker, true, shape(item));
            }
            if (watch.scope() == JobWatch.Scope.ALL) {
                lookBack(watch, routes);
            }
            watch.begun();
        } catch (GenAiException e) {
            requireAboutOneJob(e);
            LOG.log(Level.DEBUG, "{0} cannot be asked about the jobs of others: {1}", access.name(), e.getMessage());
            return;
        }
        if (watch.scope() == JobWatch.Scope.OWN_ONCE) {
            questions.remove(watch);
        }
    }

    private boolean met(JobWatch watch, String id, Optional<JobMarker> marker, boolean follow, WorkflowShape shape) {
        return questions.met(watch, id, marker, follow && ComfyUiBackend.isJobId(id), shape);
    }

    /** Page after page, as long as there is anything new: many jobs may have ended while the backend could not be asked. */
    private void lookBack(JobWatch watch, JobRoutes routes) throws GenAiException {
        int page = watch.hasBegun() ? LATEST : BEFORE;
        for (int offset = 0; offset < JobWatch.MOST_SEEN; offset += page) {
            List<String> ids = routes.ended(page, offset);
            boolean anyNew = false;
            for (String id : ids) {
                anyNew |= met(watch, id, Optional.empty(), watch.hasBegun(), WorkflowShape.UNKNOWN);
            }
            if (!anyNew || ids.size() < page) {
                return;
            }
        }
    }

    private static WorkflowShape shape(JsonArray item) {
        List<String> outputs = item.size() > 4
                ? JsonValues.elements(item.get(4)).map(JsonValues::text).toList()
                : List.of();
        return WorkflowShape.of(JsonValues.object(item.get(2)), outputs);
    }

    /** Cancels what has turned up and is not wanted any more. */
    void takeBack(JobQueue alive) throws GenAiException {
        List<String> unwanted = questions.unwanted(alive);
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
