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

/** A bean that records its calls, and can be slow or fail on command. */
final class TestBean implements ComfyUiJobListener {
    /** A call: the method and its parameter. */
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

    /** Makes all calls about these jobs hang until {@link #letGo}. */
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

    /** The most jobs that it processed events of at the same time. */
    int mostAtOnce() {
        return most.get();
    }

    /** How often it was called about a job while another call about the same job was running. */
    int overlaps() {
        return overlaps.get();
    }

    private void receive(String method, String jobId, Object parameter) {
        Call call = new Call(method, jobId, parameter);
        if (!busy.add(jobId)) {
            overlaps.incrementAndGet();
        }
        try {
            most.accumulateAndGet(busy.size(), Math::max);
            calls.add(call);
            if (held.contains(jobId) && !gate.await(60, TimeUnit.SECONDS)) {
                throw new IllegalStateException("The gate stayed closed");
            }
            behaviour.accept(call);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        } finally {
            busy.remove(jobId);
        }
    }

    private void receive(String method, JobEvent event) {
        receive(method, event.jobId(), event);
    }

    @Override
    public void onProgress(JobEvent event) {
        receive("onProgress", event);
    }

    @Override
    public void onPreview(JobPreview preview) {
        receive("onPreview", preview.jobId(), preview);
    }

    @Override
    public void onCompleted(JobEvent event) {
        receive("onCompleted", event);
    }

    @Override
    public void onFailed(JobEvent event) {
        receive("onFailed", event);
    }

    @Override
    public void onCancelled(JobEvent event) {
        receive("onCancelled", event);
    }

    @Override
    public void onRejected(JobEvent event) {
        receive("onRejected", event);
    }

    @Override
    public void onLost(JobEvent event) {
        receive("onLost", event);
    }
}
