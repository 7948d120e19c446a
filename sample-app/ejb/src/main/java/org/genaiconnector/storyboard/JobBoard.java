package org.genaiconnector.storyboard;

import jakarta.annotation.PreDestroy;
import jakarta.annotation.Resource;
import jakarta.ejb.ConcurrencyManagement;
import jakarta.ejb.ConcurrencyManagementType;
import jakarta.ejb.Singleton;
import jakarta.ejb.TransactionAttribute;
import jakarta.ejb.TransactionAttributeType;
import jakarta.enterprise.concurrent.ManagedScheduledExecutorService;
import jakarta.resource.ResourceException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.genaiconnector.FailureCategory;
import org.genaiconnector.GenAiException;
import org.genaiconnector.comfyui.Cancellation;
import org.genaiconnector.comfyui.ComfyUiConnection;
import org.genaiconnector.comfyui.ComfyUiConnectionFactory;
import org.genaiconnector.comfyui.Job;

/**
 * Session bean that knows the jobs of this application. While one of them is unfinished it asks the server several times
 * a second, with one borrowed connection for all jobs; otherwise it does nothing.
 */
@Singleton
@ConcurrencyManagement(ConcurrencyManagementType.BEAN)
@TransactionAttribute(TransactionAttributeType.NOT_SUPPORTED)
public class JobBoard {

    private static final Logger LOG = Logger.getLogger(JobBoard.class.getName());

    private static final int REMEMBERED = 1_000;
    private static final int MAX_ACTIVE = 10_000;
    /** One tick asks about this many jobs; with more, every job has its turn in one of the next ticks. */
    private static final int ASKED_AT_ONCE = 100;

    private static final Duration INTERVAL = Duration.ofMillis(300);
    private static final Duration LONGEST_INTERVAL = Duration.ofSeconds(10);

    @Resource(lookup = "java:app/genai/comfyui")
    private ComfyUiConnectionFactory comfyUi;

    @Resource
    private ManagedScheduledExecutorService scheduler;

    private final JobList jobs = new JobList(REMEMBERED);
    private final AtomicBoolean asking = new AtomicBoolean();
    private volatile boolean stopped;

    /**
     * Makes sure that one more job can be watched; to be called before sending it.
     *
     * @throws GenAiException category {@code OVERLOADED} if 10,000 jobs are unfinished
     */
    public void requireRoom() throws GenAiException {
        if (jobs.active(MAX_ACTIVE).size() == MAX_ACTIVE) {
            throw new GenAiException(
                    FailureCategory.OVERLOADED, MAX_ACTIVE + " jobs are unfinished; this application watches no more");
        }
    }

    /**
     * Begins to watch a job.
     *
     * @param job accepted by the server; sent in a transaction, it must have been committed
     * @return not null
     */
    public TrackedJob watch(Job job) {
        TrackedJob tracked = new TrackedJob(job, Instant.now());
        jobs.add(tracked);
        keepAsking(Duration.ZERO, 0);
        return tracked;
    }

    /**
     * Finds a job of this application.
     *
     * @param id as in {@link Job#id()}
     * @return empty if it is not of this application, or long finished and forgotten
     */
    public Optional<TrackedJob> find(String id) {
        return jobs.find(id);
    }

    /**
     * All remembered jobs.
     *
     * @return newest first
     */
    public List<TrackedJob> all() {
        return jobs.all();
    }

    /**
     * Cancels a job; its state changes when the server has been asked next.
     *
     * @param job not null
     * @return {@link Cancellation#NOT_ACTIVE} if it had ended already
     * @throws ResourceException if the server cannot be told
     */
    public Cancellation cancel(TrackedJob job) throws ResourceException {
        Cancellation outcome = Cancellation.NOT_ACTIVE;
        job.cancelling(true);
        try (ComfyUiConnection connection = comfyUi.getConnection()) {
            outcome = connection.cancelJob(job.id());
            return outcome;
        } finally {
            job.cancelling(outcome.isAccepted());
        }
    }

    @PreDestroy
    void stop() {
        stopped = true;
    }

    /** Schedules a tick unless one is due already. */
    private void keepAsking(Duration delay, int failures) {
        if (!stopped && asking.compareAndSet(false, true)) {
            scheduler.schedule(() -> tick(failures), delay.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    private void tick(int failures) {
        if (stopped) {
            return;
        }
        int failuresNow = failures + 1;
        try {
            askServer();
            if (failures > 0) {
                LOG.log(Level.INFO, "{0} answers again", comfyUi.server());
            }
            failuresNow = 0;
        } catch (ResourceException e) {
            if (failures == 0 && !stopped) {
                LOG.log(Level.WARNING, "Cannot ask {0} for the state of the jobs, going on trying: {1}", new Object[] {
                    comfyUi.server(), describe(e)
                });
            }
        } finally {
            asking.set(false);
            if (jobs.hasActive()) {
                keepAsking(pause(failuresNow), failuresNow);
            }
        }
    }

    private void askServer() throws ResourceException {
        try (ComfyUiConnection connection = comfyUi.getConnection()) {
            for (TrackedJob job : jobs.active(ASKED_AT_ONCE)) {
                job.asked(System.nanoTime()); // before asking: a job that cannot be asked about must not hold up the
                // others
                job.update(connection.findJob(job.id()));
            }
        }
    }

    private static Duration pause(int failures) {
        Duration doubled = INTERVAL.multipliedBy(1L << Math.min(failures, 10));
        return doubled.compareTo(LONGEST_INTERVAL) < 0 ? doubled : LONGEST_INTERVAL;
    }

    private static String describe(ResourceException e) {
        return Failure.of(e).map(Failure::message).orElse(e.getMessage());
    }
}
