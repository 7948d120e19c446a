package org.genaiconnector.ra.comfyui;

import jakarta.resource.spi.work.Work;
import jakarta.resource.spi.work.WorkException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Optional;
import org.genaiconnector.ra.connection.AdapterServices;

/** The two works of a tracker, its poller and its socket: begun when there is a job to follow, ended together. */
final class TrackerThreads {
    private static final Logger LOG = System.getLogger(TrackerThreads.class.getName());

    private final JobTracker tracker;
    private final JobPoller poller;
    private final ServerAccess access;
    private final Pace pace;
    private final Optional<AdapterServices> services;

    // what follows is guarded by the tracker
    private EventSocket socket;
    private boolean running;

    /** @param services gives threads; without it there are none */
    TrackerThreads(
            JobTracker tracker, JobPoller poller, ServerAccess access, Pace pace, Optional<AdapterServices> services) {
        this.tracker = tracker;
        this.poller = poller;
        this.access = access;
        this.pace = pace;
        this.services = services;
    }

    /** Under the lock. */
    Optional<EventSocket> socket() {
        return Optional.ofNullable(socket);
    }

    /** Whether somebody asks the server besides those who wait. Under the lock. */
    boolean areRunning() {
        return running;
    }

    /** Begins what is not running yet. Without the lock. */
    void start() {
        tracker.locked(this::newSocket).filter(work -> !start(work)).ifPresent(EventSocket::close);
        if (tracker.locked(this::newPoller) && !start(new Polling())) {
            tracker.locked(() -> running = false);
        }
    }

    private Optional<EventSocket> newSocket() {
        if (services.isEmpty() || tracker.isClosed() || socket != null) {
            return Optional.empty();
        }
        socket = access.newSocket(tracker, pace.ping());
        return Optional.of(socket);
    }

    private boolean newPoller() {
        boolean isNew = services.isPresent() && !tracker.isClosed() && !running;
        running |= isNew;
        return isNew;
    }

    private boolean start(Work work) {
        try {
            services.orElseThrow().startWork(work);
            return true;
        } catch (WorkException e) {
            LOG.log(
                    Level.WARNING,
                    "GENAI-1305 The Work Manager gives no thread to follow the jobs of " + access.name()
                            + ": nobody hears of their ends who does not wait for them",
                    e);
            return false;
        }
    }

    /** Asks whenever something is due, until there has been nothing to follow for a while. */
    private final class Polling implements Work {
        @Override
        public void run() {
            boolean told = false;
            try {
                while (tracker.awaitDue()) {
                    poller.step();
                }
                told = true;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt(); // the container wants its thread back
            } finally {
                if (!told) {
                    tracker.locked(() -> running = false);
                }
            }
        }

        @Override
        public void release() {
            tracker.close();
        }
    }

    /** Under the lock. */
    void end() {
        running = false;
        if (socket != null) {
            socket.close();
            socket = null;
        }
    }
}
