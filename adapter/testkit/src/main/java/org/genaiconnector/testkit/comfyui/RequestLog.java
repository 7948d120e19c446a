package org.genaiconnector.testkit.comfyui;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/** The requests to a simulator and the number of its connections, over all restarts. Thread-safe. */
final class RequestLog implements ServerProcess.Observer {
    private static final int REQUESTS_KEPT = 10_000;

    private final Runnable whenCrashed;
    private final Deque<SeenRequest> requests = new ArrayDeque<>();
    private int connections;

    RequestLog(Runnable whenCrashed) {
        this.whenCrashed = whenCrashed;
    }

    synchronized List<SeenRequest> requests() {
        return List.copyOf(requests);
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
    public void crashed() {
        // Not in the thread that serves the request, which is among those that end
        new Thread(whenCrashed, "comfyui-crash").start();
    }
}
