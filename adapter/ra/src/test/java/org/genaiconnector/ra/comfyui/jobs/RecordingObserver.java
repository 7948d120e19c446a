package org.genaiconnector.ra.comfyui.jobs;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.genaiconnector.comfyui.JobPreview;
import org.genaiconnector.comfyui.JobState;
import org.genaiconnector.comfyui.JobStatus;

/** An observer that records its updates and can wait for them. */
public final class RecordingObserver implements JobObserver {
    private final Predicate<JobUpdate> taken;
    private final List<JobUpdate> news = new ArrayList<>();
    private final List<JobPreview> previews = new ArrayList<>();

    RecordingObserver(Predicate<JobUpdate> taken) {
        this.taken = taken;
    }

    public static RecordingObserver everything() {
        return new RecordingObserver(any -> true);
    }

    @Override
    public boolean takes(JobUpdate about) {
        return taken.test(about);
    }

    @Override
    public synchronized void onUpdate(JobUpdate one) {
        news.add(one);
        notifyAll();
    }

    @Override
    public synchronized void onPreview(JobPreview preview) {
        previews.add(preview);
        notifyAll();
    }

    public synchronized List<JobUpdate> news() {
        return List.copyOf(news);
    }

    synchronized List<JobPreview> previews() {
        return List.copyOf(previews);
    }

    /** The updates that tell of ends, with the tags of the jobs. */
    public synchronized List<JobUpdate> endNews() {
        return news.stream().filter(JobUpdate::isEnd).toList();
    }

    public List<JobStatus> ends() {
        return endNews().stream().map(JobUpdate::status).toList();
    }

    public synchronized List<JobStatus> ends(String jobId) {
        return ends().stream().filter(status -> status.id().equals(jobId)).toList();
    }

    /** How many jobs ended how. */
    synchronized Map<JobState, Long> outcome() {
        return ends().stream().collect(Collectors.groupingBy(JobStatus::state, TreeMap::new, Collectors.counting()));
    }

    /** The end of a job; fails if it does not arrive within 20 seconds. */
    public JobStatus awaitEnd(String jobId) throws InterruptedException {
        await(() -> !ends(jobId).isEmpty(), "the end of job " + jobId);
        return ends(jobId).get(0);
    }

    synchronized void awaitEnds(int count) throws InterruptedException {
        await(() -> ends().size() >= count, count + " ends");
    }

    public synchronized void await(java.util.function.BooleanSupplier condition, String what)
            throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(40);
        while (!condition.getAsBoolean()) {
            long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
            if (left <= 0) {
                throw new AssertionError("Not told within 40 s: " + what + "; told of " + news);
            }
            wait(left);
        }
    }
}
