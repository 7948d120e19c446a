package org.genaiconnector.ra.comfyui.jobs;

import java.lang.System.Logger;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.genaiconnector.FailureCategory;
import org.genaiconnector.GenAiException;
import org.genaiconnector.comfyui.JobQueue;
import org.genaiconnector.ra.comfyui.wire.FoundJob;
import org.genaiconnector.ra.http.FailureTrait;
import org.genaiconnector.ra.messages.OperatorMessage;

/**
 * Asks a backend what its ledger wants to know: in rounds of one question for all jobs that wait or run, then one for each
 * that no longer does, and at once about a job that is said to have ended. One thread asks at a time.
 */
final class JobPoller {
    private static final Logger LOG = System.getLogger(JobPoller.class.getName());

    private final LedgerQuestions questions;
    private final BackendAccess access;
    private final TrackingTimes times;
    private final JobQueries queries;
    private final Function<JobQueue, List<URI>> twins;
    private final ReentrantLock asking = new ReentrantLock();

    /** Whether the last questions failed by an error within the adapter. */
    private volatile boolean troubled;

    /** Whether the backend did not answer the last questions. */
    private volatile boolean failing;

    /**
     * Asks about the jobs of a ledger.
     *
     * @param home this adapter, in the prompts that it has sent
     * @param twins takes a queue that was seen, and tells other addresses that have shown the same, each once
     */
    JobPoller(
            JobLedger ledger,
            BackendAccess access,
            TrackingTimes times,
            String home,
            Function<JobQueue, List<URI>> twins) {
        this.questions = ledger.questions();
        this.access = access;
        this.times = times;
        this.queries = new JobQueries(ledger, access, home);
        this.twins = twins;
    }

    /** Asks what is due, unless another thread does. */
    void step() {
        if (!asking.tryLock()) {
            return;
        }
        try {
            LedgerQuestions.Due due = questions.due();
            for (JobEntry job : due.jobs()) {
                questions.asking(job);
                queries.ask(job, JobQueries.Unknown.IS_EARLY);
                questions.askedAtOnce(job);
            }
            if (due.round()) {
                round();
            }
            answered();
        } catch (GenAiException e) {
            failed(e);
        } catch (RuntimeException e) {
            // of any kind, because the jobs must reach their ends
            failedWithin(e);
        } finally {
            asking.unlock();
        }
    }

    /** Asks about a job that has ended; waits for other questions. */
    Optional<FoundJob> recall(String id) throws GenAiException {
        asking.lock();
        try {
            return access.routes().findEnded(id);
        } finally {
            asking.unlock();
        }
    }

    private void round() throws GenAiException {
        for (JobWatch watch : questions.watches()) {
            queries.look(watch);
        }
        long began = questions.now();
        JobQueue queue = access.routes().alive();
        warnOfTwins(queue);
        queries.takeBack(queue);
        List<JobEntry> absent = questions.queue(queue, began);
        for (JobEntry job : questions.leaving(queue)) {
            queries.takeAway(job);
        }
        warnOfSilentJobs();
        for (JobEntry job : absent) {
            queries.ask(job, JobQueries.Unknown.IS_MISSING);
            questions.askedAsMissing(job);
        }
        questions.roundEnded(began);
    }

    private void warnOfTwins(JobQueue queue) {
        if (access.backend().isOfFleet()) {
            for (URI twin : twins.apply(queue)) {
                OperatorMessage.SAME_COMFYUI.log(LOG, access.server(), twin);
            }
        }
    }

    private void warnOfSilentJobs() {
        for (String id : questions.newlySilent()) {
            OperatorMessage.JOB_SILENT.log(
                    LOG, id, access.name(), times.silentAfter().toMinutes());
        }
    }

    private void answered() {
        troubled = false;
        failing = false;
        if (questions.isFailing()) {
            OperatorMessage.JOBS_ANSWERED_AGAIN.log(LOG, access.name());
            access.cameBack();
        }
        questions.answered();
    }

    private void failedWithin(RuntimeException e) {
        if (!troubled) {
            troubled = true;
            OperatorMessage.POLLING_FAILED.logFailure(LOG, e, access.name());
        }
        failed(new GenAiException(FailureCategory.PROTOCOL, e.toString(), e));
    }

    boolean isTroubled() {
        return troubled;
    }

    boolean isFailing() {
        return failing;
    }

    private void failed(GenAiException e) {
        failing = !FailureTrait.ENDED_HERE.of(e);
        int count = questions.failed(e);
        if (count > 0) {
            OperatorMessage.JOBS_NOT_ANSWERED.log(LOG, access.name(), count, e.getMessage());
        }
    }
}
