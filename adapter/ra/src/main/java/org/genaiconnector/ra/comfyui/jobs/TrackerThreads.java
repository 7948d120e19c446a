package org.genaiconnector.ra.comfyui.jobs;

import jakarta.resource.spi.work.Work;
import jakarta.resource.spi.work.WorkException;
import java.lang.System.Logger;
import java.util.Optional;
import org.genaiconnector.ra.connection.AdapterServices;
import org.genaiconnector.ra.messages.OperatorMessage;

/** The two works of a tracker, its poller and its socket: begun when there is a job to follow, ended together. */
final class TrackerThreads {
    private static final Logger LOG = System.getLogger(TrackerThreads.class.getName());

    private final JobTracker tracker;
    private final JobPoller poller;
    private final BackendAccess access;
    private final TrackingTimes pace;
    private final Optional<AdapterServices> services;

    /** Guarded by the tracker. */
    private EventSocket socket;

    /** Changed with the tracker's lock, but for an end that nobody has foreseen. */
    private volatile boolean running;

    /** Why the last step of the poller failed, if it was an error within the adapter. */
    private volatile boolean troubled;

    /** @param services gives threads; without it there are none */
    TrackerThreads(
            JobTracker tracker,
            JobPoller poller,
            BackendAccess access,
            TrackingTimes pace,
            Optional<AdapterServices> services) {
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

    /** Whether nobody asks the server though there are threads to be had, or whoever does fails. Under the lock. */
    boolean areDead() {
        return services.isPresent() && (!running || troubled || poller.isTroubled());
    }

    /** Begins what is not running, not yet or not any more. Without the lock. */
    void start() {
        startSocket();
        if (tracker.locked(this::newPoller) && !start(new Polling())) {
            tracker.locked(() -> running = false);
        }
    }

    private void startSocket() {
        tracker.locked(this::newSocket).filter(work -> !start(work)).ifPresent(EventSocket::close);
    }

    private Optional<EventSocket> newSocket() {
        boolean alive = socket != null && !socket.isOver();
        if (services.isEmpty() || tracker.isClosed() || alive) {
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
            if (tracker.isClosed() || services.get().stopped()) {
                return false; // also for a tracker that was made when the others had been closed
            }
            OperatorMessage.NO_THREAD_FOR_TRACKING.logFailure(LOG, e, access.name());
            return false;
        }
    }

    /** Asks whenever something is due, until there has been nothing to follow for a while. */
    private final class Polling implements Work {
        @Override
        public void run() {
            boolean retired = false;
            try {
                while (!retired) {
                    retired = poll();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt(); // the container wants its thread back
            } finally {
                if (!retired) {
                    running = false; // and nothing that could fail as well
                }
            }
        }

        /** Tells true when there is nothing more to do. Errors are not the end: without this thread no job would have one. */
        private boolean poll() throws InterruptedException {
            try {
                while (tracker.awaitDue()) {
                    poller.step();
                    troubled = false;
                    if (tracker.locked(
                            () -> socket().filter(EventSocket::isOver).isPresent())) {
                        startSocket();
                    }
                }
                return true;
            } catch (RuntimeException | Error e) {
                failed(e);
                tracker.pause();
                return tracker.isClosed();
            }
        }

        private void failed(Throwable e) {
            if (!troubled) {
                troubled = true;
                OperatorMessage.TRACKING_FAILED.logFailure(LOG, e, access.name());
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
