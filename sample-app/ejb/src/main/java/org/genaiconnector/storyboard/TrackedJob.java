package org.genaiconnector.storyboard;

import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.genaiconnector.comfyui.Job;
import org.genaiconnector.comfyui.JobState;
import org.genaiconnector.comfyui.JobStatus;
import org.genaiconnector.comfyui.NodeError;

/** A job of this application and what is known of it. Safe for any number of threads. */
public final class TrackedJob {

    private final Job job;
    private final Instant submitted;
    private final List<Consumer<JobSnapshot>> listeners = new CopyOnWriteArrayList<>();
    private volatile JobSnapshot snapshot;
    private volatile boolean cancelling;
    private volatile long lastAsked = Long.MIN_VALUE;

    TrackedJob(Job job, Instant submitted) {
        this.job = job;
        this.submitted = submitted;
        this.snapshot = new JobSnapshot(1, JobStatus.of(job.id(), JobState.PENDING));
    }

    /**
     * The job's id.
     *
     * @return ComfyUI's {@code prompt_id}
     */
    public String id() {
        return job.id();
    }

    /**
     * Where it runs.
     *
     * @return the server's base address
     */
    public URI server() {
        return job.server();
    }

    /**
     * When this application sent it.
     *
     * @return not null
     */
    public Instant submitted() {
        return submitted;
    }

    /**
     * What the server left out of an accepted workflow.
     *
     * @return empty if all of it runs
     */
    public Map<String, List<NodeError>> nodeErrors() {
        return job.nodeErrors();
    }

    /**
     * The newest status.
     *
     * @return not null
     */
    public JobSnapshot snapshot() {
        return snapshot;
    }

    /**
     * The newest state.
     *
     * @return not null
     */
    public JobState state() {
        return snapshot.status().state();
    }

    /**
     * Calls a listener with the status now and after every change, on the thread that brings the change. A listener must
     * not block.
     *
     * @param listener called by one thread at a time
     * @return ends the subscription
     */
    public synchronized Runnable listen(Consumer<JobSnapshot> listener) {
        listeners.add(listener);
        listener.accept(snapshot);
        return () -> listeners.remove(listener);
    }

    /** Takes the server's answer; empty means that the server does not know the job. A final state stays. */
    synchronized void update(Optional<JobStatus> answer) {
        JobStatus known = snapshot.status();
        JobStatus now = answer.orElseGet(() -> JobStatus.of(id(), cancelling ? JobState.CANCELLED : JobState.LOST));
        if (known.state().isFinal() || now.equals(known)) {
            return;
        }
        snapshot = new JobSnapshot(snapshot.version() + 1, now);
        listeners.forEach(listener -> listener.accept(snapshot));
    }

    /** While this is set, a job unknown to the server is a cancelled one: it keeps no record of jobs it never began. */
    void cancelling(boolean wish) {
        cancelling = wish;
    }

    void asked(long when) {
        lastAsked = when;
    }

    long lastAsked() {
        return lastAsked;
    }
}
