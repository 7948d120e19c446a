package org.genaiconnector.ra.comfyui.durable;

import java.lang.ref.WeakReference;
import java.net.URI;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.genaiconnector.ra.comfyui.store.JobRow;

/** The jobs of one backend that this instance owns, and the two works that serve them. Any thread. */
final class BackendJobs {
    private final URI address;
    private final Sender sender;
    private final Recorder recorder;
    private final Map<String, OwnJob> own = new ConcurrentHashMap<>();
    private final Queue<OwnJob> strays = new ConcurrentLinkedQueue<>();
    private volatile WeakReference<RouteSource> way = new WeakReference<>(null);
    private volatile int maxAttempts = 1;

    BackendJobs(URI address, StoreSession session) {
        this.address = address;
        this.sender = new Sender(session, this);
        this.recorder = new Recorder(session, this);
    }

    URI address() {
        return address;
    }

    List<StoreWork> works() {
        return List.of(sender, recorder);
    }

    void use(RouteSource told) {
        if (way.get() != told) {
            way = new WeakReference<>(told);
        }
    }

    /** Empty if the factory is gone. */
    Optional<RouteSource> way() {
        return Optional.ofNullable(way.get());
    }

    boolean isServed() {
        return way.get() != null;
    }

    /** How often a job is sent that its backend loses. */
    int maxAttempts() {
        return maxAttempts;
    }

    void limit(int attempts) {
        maxAttempts = attempts;
    }

    OwnJob toSend(JobRow row) {
        return put(OwnJob.toSend(row, recorder::wake));
    }

    void sendAgain(OwnJob vanished, JobRow next) {
        put(vanished.next(next));
    }

    OwnJob toFollow(JobRow row) {
        return put(OwnJob.toFollow(row, recorder::wake));
    }

    private OwnJob put(OwnJob job) {
        own.put(job.jobId(), job);
        return job;
    }

    Optional<OwnJob> own(String id) {
        return Optional.ofNullable(own.get(id));
    }

    Collection<OwnJob> all() {
        return own.values();
    }

    void remove(OwnJob job) {
        own.remove(job.jobId(), job);
        sender.wake();
    }

    /** This instance has lost a job. */
    void drop(OwnJob job) {
        if (job.drop()) {
            strays.add(job);
        }
        remove(job);
    }

    /** A lost job whose prompt may be at the backend under an id that nobody knows. */
    void stray(OwnJob job) {
        strays.add(job);
    }

    Optional<OwnJob> nextStray() {
        return Optional.ofNullable(strays.peek());
    }

    void caught(OwnJob stray) {
        strays.remove(stray);
    }

    void wakeSender() {
        sender.wake();
    }

    void wake() {
        sender.wake();
        recorder.wake();
    }
}
