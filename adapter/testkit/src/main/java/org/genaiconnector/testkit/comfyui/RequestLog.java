package org.genaiconnector.testkit.comfyui;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/** The requests to a simulator, the prompts that it has run and the number of its connections, over all restarts. Thread-safe. */
final class RequestLog implements ServerProcess.Observer {
    private static final int REQUESTS_KEPT = 10_000;

    private final Runnable whenCrashed;
    private final Deque<SeenRequest> requests = new ArrayDeque<>();
    private final Deque<RanPrompt> completed = new ArrayDeque<>();
    private int connections;

    RequestLog(Runnable whenCrashed) {
        this.whenCrashed = whenCrashed;
    }

    synchronized List<SeenRequest> requests() {
        return List.copyOf(requests);
    }

    synchronized List<RanPrompt> completed() {
        return List.copyOf(completed);
    }

    synchronized int connections() {
        return connections;
    }

    @Override
    public synchronized void requested(SeenRequest request) {
        if (requests.size() == REQUESTS_KEPT) {
            requests.removeFirst();
        }
        requests.addLast(request);
    }

    @Override
    public synchronized void connected() {
        connections++;
    }

    @Override
    public synchronized void completed(Job job) {
        if (completed.size() == REQUESTS_KEPT) {
            completed.removeFirst();
        }
        completed.addLast(new RanPrompt(job.id(), job.extraData().toString()));
    }

    @Override
    public void crashed() {
        // Not in the thread that serves the request, which is among those that end
        new Thread(whenCrashed, "comfyui-crash").start();
    }
}
