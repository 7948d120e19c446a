package org.genaiconnector.storyboard;

import jakarta.annotation.PostConstruct;
import jakarta.annotation.PreDestroy;
import jakarta.annotation.Resource;
import jakarta.ejb.ConcurrencyManagement;
import jakarta.ejb.ConcurrencyManagementType;
import jakarta.ejb.Singleton;
import jakarta.ejb.TransactionAttribute;
import jakarta.ejb.TransactionAttributeType;
import jakarta.enterprise.concurrent.ManagedScheduledExecutorService;
import jakarta.inject.Inject;
import jakarta.resource.ResourceException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.genaiconnector.FailureCategory;
import org.genaiconnector.GenAiException;
import org.genaiconnector.comfyui.Cancellation;
import org.genaiconnector.comfyui.ComfyUiConnection;
import org.genaiconnector.comfyui.ComfyUiConnectionFactory;
import org.genaiconnector.comfyui.Job;
import org.genaiconnector.comfyui.JobEvent;
import org.genaiconnector.comfyui.JobPreview;
import org.genaiconnector.comfyui.JobQuery;
import org.genaiconnector.comfyui.JobState;
import org.genaiconnector.comfyui.JobStatus;
import org.genaiconnector.comfyui.StoredJob;

/** Session bean that knows the jobs of this application. It gets their events from {@link JobMessages}. */
@Singleton
@ConcurrencyManagement(ConcurrencyManagementType.BEAN)
@TransactionAttribute(TransactionAttributeType.NOT_SUPPORTED)
public class JobBoard {

    private static final int REMEMBERED = 1_000;
    private static final long MAX_CHARACTERS = 10_000_000;
    private static final int MAX_ACTIVE = 10_000;

    private static final long FOLLOW_MILLIS = 500;

    @Resource(lookup = "java:app/genai/comfyui")
    private ComfyUiConnectionFactory comfyUi;

    @Resource
    private ManagedScheduledExecutorService executor;

    @Inject
    private Changes changes;

    private final FollowedJobs followed = new FollowedJobs(this::askAll);
    private ScheduledFuture<?> following;
    private volatile boolean followAll;

    private final JobList jobs = new JobList(REMEMBERED, MAX_CHARACTERS, new JobList.Listener() {
        @Override
        public void changed(JobSnapshot job) {
            changes.job(job);
        }

        @Override
        public void forgotten(String id) {
            changes.forgetJob(id);
        }
    });

    @PostConstruct
    void start() {
        following =
                executor.scheduleWithFixedDelay(followed::update, FOLLOW_MILLIS, FOLLOW_MILLIS, TimeUnit.MILLISECONDS);
    }

    @PreDestroy
    void stop() {
        following.cancel(true);
    }

    /**
     * Makes sure that one more job can be watched; to be called before sending it.
     *
     * @throws GenAiException category {@code OVERLOADED} if 10,000 jobs are unfinished
     */
    public void requireRoom() throws GenAiException {
        if (jobs.active() >= MAX_ACTIVE) {
            throw new GenAiException(
                    FailureCategory.OVERLOADED, MAX_ACTIVE + " jobs are unfinished; this application watches no more");
        }
    }

    /**
     * Begins to watch a job; an event of it may have arrived already.
     *
     * @param job accepted by ComfyUI; if it was sent in a transaction, that must have been committed
     * @return the job as it is now
     */
    public TrackedJob watch(Job job) {
        TrackedJob tracked = jobs.findOrAdd(job.id(), job.server());
        tracked.accepted(job);
        if (followAll) {
            followed.follow(tracked);
        }
        return tracked;
    }

    /** From now on other application servers may run the jobs of this one, and {@link JobMessages} does not hear of them. */
    public void followAll() {
        followAll = true;
    }

    /**
     * Remembers a job of before a restart of this application. ComfyUI is asked for it until it has ended: its events may go to
     * nobody.
     *
     * @param last as it was then
     * @return the job as far as it is known
     */
    public TrackedJob resume(JobStatus last) {
        TrackedJob job = jobs.findOrAdd(last.id(), comfyUi.server());
        job.update(last);
        if (!job.state().isFinal()) {
            followed.follow(job);
        }
        return job;
    }

    /**
     * Takes what happened to a job, perhaps before {@link #watch}, or before this application was started again.
     *
     * @param event as it was heard
     */
    public void heard(JobEvent event) {
        jobs.findOrAdd(event.jobId(), event.server()).hear(event.status());
    }

    /**
     * Takes a picture of an unfinished job.
     *
     * @param preview as it was heard
     */
    public void heard(JobPreview preview) {
        jobs.find(preview.jobId()).ifPresent(job -> job.show(preview));
    }

    /**
     * Finds a job. If this application has forgotten it, as in a restart, it asks ComfyUI.
     *
     * @param id as in {@link Job#id()}
     * @return empty if ComfyUI does not know it either
     * @throws ResourceException if ComfyUI cannot be asked
     */
    public Optional<TrackedJob> find(String id) throws ResourceException {
        Optional<TrackedJob> known = jobs.find(id);
        return known.isPresent() ? known : ask(id).map(this::forgotten);
    }

    /** Of what still runs nothing is heard unless it is followed, so it is not put on the list, and asked for again the next time. */
    private TrackedJob forgotten(JobStatus status) {
        TrackedJob job = status.state().isFinal()
                ? jobs.findOrAdd(status.id(), comfyUi.server())
                : new TrackedJob(status.id(), comfyUi.server());
        job.update(status);
        return job;
    }

    /**
     * Keeps a job that is not on the list up to date until it ends; the others are kept up to date by {@link JobMessages}.
     *
     * @param job as {@link #find} found it
     * @return ends that, and may be called more than once
     */
    public Runnable follow(TrackedJob job) {
        if (job.state().isFinal() || jobs.find(job.id()).isPresent()) {
            return () -> {};
        }
        return followed.follow(job);
    }

    /** With a job store one question for most of them; those that have ended are asked for one by one. */
    private Map<String, JobStatus> askAll(Set<String> ids) throws ResourceException {
        Map<String, JobStatus> found = new HashMap<>();
        JobQuery unfinished = JobQuery.all()
                .withTag(Illustrator.TAG)
                .withStates(Set.of(JobState.PENDING, JobState.RUNNING))
                .withLimit(REMEMBERED);
        stored(unfinished).ifPresent(all -> all.forEach(job -> found.put(job.id(), job.status())));
        for (String id : ids) {
            if (!found.containsKey(id)) {
                ask(id).ifPresent(status -> found.put(id, status));
            }
        }
        return found;
    }

    private Optional<JobStatus> ask(String id) throws ResourceException {
        try (ComfyUiConnection connection = comfyUi.getConnection()) {
            return connection.findJob(id);
        }
    }

    /**
     * How many of the remembered jobs have not ended.
     *
     * @return 0 or more
     */
    public long active() {
        return jobs.active();
    }

    /**
     * The jobs of this application: the newest that are in the job store, or without one those that are remembered.
     *
     * @return newest first, at most 1,000
     * @throws ResourceException if the job store cannot be asked
     */
    public List<JobSnapshot> all() throws ResourceException {
        Optional<List<StoredJob>> stored =
                stored(JobQuery.all().withTag(Illustrator.TAG).withLimit(REMEMBERED));
        return stored.isPresent()
                ? stored.get().stream().map(this::newest).toList()
                : jobs.all().stream().map(TrackedJob::snapshot).toList();
    }

    /** Empty without a job store. */
    private Optional<List<StoredJob>> stored(JobQuery query) throws ResourceException {
        try {
            return Optional.of(comfyUi.jobs(query));
        } catch (GenAiException e) {
            if (e.category() == FailureCategory.UNSUPPORTED) {
                return Optional.empty();
            }
            throw e;
        }
    }

    /** What was heard of a job is newer than what the store has of its progress, but not newer than its end there. */
    private JobSnapshot newest(StoredJob stored) {
        Optional<TrackedJob> known = jobs.find(stored.id());
        if (known.isPresent() && stored.status().state().isFinal()) {
            known.get().update(stored.status());
        }
        return known.map(TrackedJob::snapshot).orElseGet(() -> new JobSnapshot(1, stored.status(), 0));
    }

    /**
     * Says whether jobs are kept in a job store, so that workflows are sent later and the caller hears nothing of a refusal.
     *
     * @return false if workflows are sent at once
     * @throws ResourceException if the job store cannot be asked
     */
    public boolean isDurable() throws ResourceException {
        return stored(JobQuery.all().withLimit(1)).isPresent();
    }

    /**
     * Cancels a job; its state changes when the event of its end arrives.
     *
     * @param job not null
     * @return what ComfyUI did
     * @throws ResourceException if ComfyUI cannot be asked
     */
    public Cancellation cancel(TrackedJob job) throws ResourceException {
        try (ComfyUiConnection connection = comfyUi.getConnection()) {
            return connection.cancelJob(job.id());
        }
    }
}
