package org.genaiconnector.storyboard;

import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.genaiconnector.comfyui.Job;
import org.genaiconnector.comfyui.JobPreview;
import org.genaiconnector.comfyui.JobState;
import org.genaiconnector.comfyui.JobStatus;
import org.genaiconnector.comfyui.NodeError;
import org.genaiconnector.comfyui.Output;
import org.genaiconnector.comfyui.OutputText;
import org.genaiconnector.comfyui.OutputValue;

/** A job of this application and what is known of it. Safe for any number of threads. */
public final class TrackedJob {

    private static final Duration READ_LATE = Duration.ofSeconds(3);

    private final String id;
    private final URI server;
    private final List<Consumer<JobSnapshot>> listeners = new CopyOnWriteArrayList<>();
    private volatile Map<String, List<NodeError>> nodeErrors = Map.of();
    private volatile JobSnapshot snapshot;
    private volatile JobPreview preview;
    private volatile long characters;
    private Optional<Instant> heard = Optional.empty();

    TrackedJob(String id, URI server) {
        this.id = id;
        this.server = server;
        this.snapshot = new JobSnapshot(1, JobStatus.of(id, JobState.PENDING), 0);
    }

    /**
     * The job's id.
     *
     * @return ComfyUI's {@code prompt_id}
     */
    public String id() {
        return id;
    }

    /**
     * Where it runs.
     *
     * @return base address of its ComfyUI
     */
    public URI server() {
        return server;
    }

    /**
     * The nodes that ComfyUI left out of an accepted workflow.
     *
     * @return empty if all of it runs
     */
    public Map<String, List<NodeError>> nodeErrors() {
        return nodeErrors;
    }

    /**
     * The newest status.
     *
     * @return the newest one, replaced at every change
     */
    public JobSnapshot snapshot() {
        return snapshot;
    }

    /**
     * The newest state.
     *
     * @return the state of that snapshot
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

    /** ComfyUI has accepted it. */
    void accepted(Job job) {
        nodeErrors = job.nodeErrors();
    }

    /** Takes what has been heard of it as soon as it happened. */
    synchronized void hear(JobStatus now) {
        heard = Optional.of(Instant.now());
        update(now);
    }

    /** Takes what has been read of it, unless something newer may have been heard: what can be read is up to a second old. */
    synchronized void read(JobStatus now) {
        boolean newer = heard.filter(time -> time.isAfter(Instant.now().minus(READ_LATE)))
                .isPresent();
        if (now.state().isFinal() || !newer) {
            update(now);
        }
    }

    /** Takes what is known of it now. A final state stays. */
    synchronized void update(JobStatus now) {
        JobStatus known = snapshot.status();
        if (known.state().isFinal() || now.equals(known)) {
            return;
        }
        if (now.state().isFinal()) {
            preview = null;
            characters =
                    now.outputs().stream().mapToLong(TrackedJob::characters).sum();
        }
        change(new JobSnapshot(snapshot.version() + 1, now, preview == null ? 0 : snapshot.previews()));
    }

    /** Takes a picture of how far it is. */
    synchronized void show(JobPreview picture) {
        if (!state().isFinal()) {
            preview = picture;
            change(new JobSnapshot(snapshot.version() + 1, snapshot.status(), snapshot.previews() + 1));
        }
    }

    /**
     * The newest picture of the unfinished job.
     *
     * @return empty if there is none, and when the job has ended
     */
    public Optional<JobPreview> preview() {
        return Optional.ofNullable(preview);
    }

    /** Of all its outputs together, as far as they are not files. */
    long characters() {
        return characters;
    }

    private static long characters(Output output) {
        if (output instanceof OutputText text) {
            return text.text().length();
        }
        return output instanceof OutputValue value ? value.value().toString().length() : 0;
    }

    private void change(JobSnapshot changed) {
        snapshot = changed;
        listeners.forEach(listener -> listener.accept(changed));
    }
}
