package org.genaiconnector.ra.comfyui;

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

/** An observer that remembers what it was told, and can be waited for. */
final class Heard implements JobObserver {
    private final Predicate<JobNews> taken;
    private final List<JobNews> news = new ArrayList<>();
    private final List<JobPreview> previews = new ArrayList<>();

    Heard(Predicate<JobNews> taken) {
        this.taken = taken;
    }

    static Heard everything() {
        return new Heard(any -> true);
    }

    @Override
    public boolean takes(JobNews about) {
        return taken.test(about);
    }

    @Override
    public synchronized void onNews(JobNews one) {
        news.add(one);
        notifyAll();
    }

    @Override
    public synchronized void onPreview(JobPreview preview) {
        previews.add(preview);
        notifyAll();
    }

    synchronized List<JobNews> news() {
        return List.copyOf(news);
    }

    synchronized List<JobPreview> previews() {
        return List.copyOf(previews);
    }

    synchronized List<JobStatus> ends() {
        return news.stream().filter(JobNews::isEnd).map(JobNews::status).toList();
    }

    synchronized List<JobStatus> ends(String jobId) {
        return ends().stream().filter(status -> status.id().equals(jobId)).toList();
    }

    /** How many jobs ended how. */
    synchronized Map<JobState, Long> outcome() {
        return ends().stream().collect(Collectors.groupingBy(JobStatus::state, TreeMap::new, Collectors.counting()));
    }

    /** The end of a job; fails if it is not told within 20 seconds. */
    JobStatus awaitEnd(String jobId) throws InterruptedException {
        await(() -> !ends(jobId).isEmpty(), "the end of job " + jobId);
        return ends(jobId).get(0);
    }

    synchronized void awaitEnds(int count) throws InterruptedException {
        await(() -> ends().size() >= count, count + " ends");
    }

    synchronized void await(java.util.function.BooleanSupplier condition, String what) throws InterruptedException {
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
