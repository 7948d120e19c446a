package org.genaiconnector.ra.inflow;

import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.genaiconnector.comfyui.ComfyUiJobListener;
import org.genaiconnector.comfyui.JobEvent;
import org.genaiconnector.comfyui.JobPreview;

/** A bean that remembers what it has heard, and can be slow or fail on command. */
final class TestBean implements ComfyUiJobListener {
    /** What it has heard: the method, and its parameter. */
    record Call(String method, String jobId, Object parameter) {
        JobEvent event() {
            return (JobEvent) parameter;
        }

        int value() {
            return (int) event().status().progress().orElseThrow().value();
        }

        int picture() {
            return ((JobPreview) parameter).image()[0];
        }
    }

    private final List<Call> calls = new CopyOnWriteArrayList<>();
    private final Set<String> busy = ConcurrentHashMap.newKeySet();
    private final AtomicInteger most = new AtomicInteger();
    private final AtomicInteger overlaps = new AtomicInteger();
    private final CountDownLatch gate = new CountDownLatch(1);
    private volatile Set<String> held = Set.of();
    private volatile Consumer<Call> behaviour = call -> {};

    /** What it does with all further calls; it may throw. */
    void behave(Consumer<Call> reaction) {
        behaviour = reaction;
    }

    /** Has it hang in whatever concerns one of these jobs, until {@link #letGo}. */
    void hold(String... jobs) {
        held = Set.of(jobs);
    }

    void letGo() {
        gate.countDown();
    }

    List<Call> calls() {
        return calls;
    }

    List<Call> calls(String jobId) {
        return calls.stream().filter(call -> call.jobId().equals(jobId)).toList();
    }

    /** How many jobs it was told of at the same time, at most. */
    int mostAtOnce() {
        return most.get();
    }

    /** How often it was told of a job while it was being told of the same job. */
    int overlaps() {
        return overlaps.get();
    }

    private void hear(String method, String jobId, Object parameter) {
        Call call = new Call(method, jobId, parameter);
        if (!busy.add(jobId)) {
            overlaps.incrementAndGet();
        }
        try {
            most.accumulateAndGet(busy.size(), Math::max);
            calls.add(call);
            if (held.contains(jobId) && !gate.await(60, TimeUnit.SECONDS)) {
                throw new IllegalStateException("Nobody opened the gate");
            }
            behaviour.accept(call);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        } finally {
            busy.remove(jobId);
        }
    }

    private void hear(String method, JobEvent event) {
        hear(method, event.jobId(), event);
    }

    @Override
    public void onProgress(JobEvent event) {
        hear("onProgress", event);
    }

    @Override
    public void onPreview(JobPreview preview) {
        hear("onPreview", preview.jobId(), preview);
    }

    @Override
    public void onCompleted(JobEvent event) {
        hear("onCompleted", event);
    }

    @Override
    public void onFailed(JobEvent event) {
        hear("onFailed", event);
    }

    @Override
    public void onCancelled(JobEvent event) {
        hear("onCancelled", event);
    }

    @Override
    public void onRejected(JobEvent event) {
        hear("onRejected", event);
    }

    @Override
    public void onLost(JobEvent event) {
        hear("onLost", event);
    }
}
