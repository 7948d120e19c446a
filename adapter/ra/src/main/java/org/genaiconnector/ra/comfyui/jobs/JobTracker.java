package org.genaiconnector.ra.comfyui.jobs;

import jakarta.resource.spi.work.Work;
import jakarta.resource.spi.work.WorkException;
import java.lang.System.Logger;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import org.genaiconnector.GenAiException;
import org.genaiconnector.comfyui.JobPreview;
import org.genaiconnector.comfyui.JobState;
import org.genaiconnector.comfyui.JobStatus;
import org.genaiconnector.ra.comfyui.wire.FoundJob;
import org.genaiconnector.ra.comfyui.wire.JobSignal;
import org.genaiconnector.ra.connection.AdapterServices;
import org.genaiconnector.ra.messages.OperatorMessage;

/**
 * Tracks the jobs of one backend to their ends, on two threads of the Work Manager: a poller asks the ledger's
 * questions, and a WebSocket passes its signals to the ledger. Both end when there has been no job to track for a
 * while, and start again with the next job. Without a Work Manager the threads that wait for a job do the polling. Any
 * thread.
 */
public final class JobTracker implements AutoCloseable {
    private static final Logger LOG = System.getLogger(JobTracker.class.getName());
    private static final Duration PATIENCE_WITH_SOCKET = Duration.ofSeconds(1);

    private final BackendAccess access;
    private final TrackingTimes times;
    private final Optional<AdapterServices> services;
    private final KnownJobs known;
    private final Consumer<JobTracker> retired;
    private final JobLedger ledger;
    private final JobPoller poller;

    /** Guarded by this. */
    private EventSocket socket;

    /** Whether the last step of the poller failed by an error within the application server. */
    private volatile boolean troubled;

    /**
     * A tracker without jobs.
     *
     * @param services gives threads; without it there are none
     * @param known of the adapter
     * @param retired is called, with locks held, when this tracker has nothing to do: the next job may get another one
     */
    JobTracker(
            BackendAccess access,
            TrackingTimes times,
            Optional<AdapterServices> services,
            KnownJobs known,
            Consumer<JobTracker> retired) {
        this.access = access;
        this.times = times;
        this.services = services;
        this.known = known;
        this.retired = retired;
        this.ledger =
                new JobLedger(access.server(), times, System::nanoTime, known.runTimes(access.server()), new Outlet());
        this.poller = new JobPoller(ledger, access, times, known.home(), queue -> known.shows(server(), queue));
    }

    JobLedger ledger() {
        return ledger;
    }

    URI server() {
        return access.server();
    }

    BackendAccess.Key key() {
        return access.key();
    }

    // ---- jobs

    /** A job is about to be sent, and signals about it may come at any moment. */
    TrackedJob expect(String id, JobOrigin origin) {
        start();
        socket().ifPresent(open -> open.awaitFirstTry(access.patience(PATIENCE_WITH_SOCKET)));
        return new TrackedJob(this, ledger.expect(id, origin));
    }

    /** The id under which signals about new jobs come here; empty without a socket. */
    Optional<String> clientId(JobEntry job) {
        Optional<String> id = socket().map(EventSocket::clientId);
        id.ifPresent(present -> ledger.sentFor(job, present));
        return id;
    }

    /** Follows a job that was sent long ago or by others, unless it has ended. */
    TrackedJob adopt(String id, JobOrigin origin, Optional<FoundJob> found, long asked) {
        if (found.filter(answer -> answer.status().state().isFinal()).isEmpty()) {
            start();
        }
        return new TrackedJob(this, ledger.adopt(id, origin, found, asked));
    }

    void add(JobWatch watch) {
        ledger.questions().add(watch);
        start();
    }

    /** What the backend still knows of a job that has ended. */
    Optional<FoundJob> recall(String id) throws GenAiException {
        Optional<FoundJob> found = poller.recall(id);
        if (!ledger.attendance().isOn()) {
            access.release(); // no thread would do it later
        }
        return found;
    }

    /** Asks the backend what is due, if no other thread does. */
    void poll() {
        poller.step();
    }

    // ---- threads

    private synchronized Optional<EventSocket> socket() {
        return Optional.ofNullable(socket);
    }

    /** Starts the threads that are not running, not yet or no longer. */
    private void start() {
        startSocket();
        if (services.isPresent() && ledger.attendance().begin() && !start(new Polling())) {
            ledger.attendance().end();
        }
    }

    private void startSocket() {
        newSocket().filter(work -> !start(work)).ifPresent(EventSocket::close);
    }

    private synchronized Optional<EventSocket> newSocket() {
        boolean alive = socket != null && !socket.isOver();
        if (services.isEmpty() || !access.hasEvents() || ledger.attendance().isClosed() || alive) {
            return Optional.empty();
        }
        socket = access.newSocket(new Signals(), times.ping());
        return Optional.of(socket);
    }

    private boolean start(Work work) {
        try {
            services.orElseThrow().startWork(work);
            return true;
        } catch (WorkException e) {
            if (ledger.attendance().isClosed() || services.get().stopped()) {
                return false; // also for a tracker that was made when the others had been closed
            }
            OperatorMessage.NO_THREAD_FOR_TRACKING.logFailure(LOG, e, access.name());
            return false;
        }
    }

    /**
     * Whether there are jobs to track, but no thread tracks them although there is a Work Manager, or that thread
     * fails.
     */
    boolean isDead() {
        return services.isPresent()
                && ledger.attendance().hasWork()
                && (!ledger.attendance().isOn() || troubled || poller.isTroubled());
    }

    /** Whether the backend did not answer the last questions about its jobs. */
    boolean isFailing() {
        return poller.isFailing();
    }

    /**
     * Gives threads and sockets back; the next job starts them again. Returns false if there is a job to track by now.
     */
    private synchronized boolean retire() {
        if (!ledger.attendance().retire()) {
            return false;
        }
        release();
        return true;
    }

    /** Gives threads and sockets back as soon as there is no job to track. */
    void hurry() {
        ledger.attendance().hurry();
    }

    private void release() {
        if (socket != null) {
            socket.close();
            socket = null;
        }
        access.release();
        retired.accept(this);
    }

    /** Ends everything at once; threads that wait for jobs fail. */
    @Override
    public synchronized void close() {
        ledger.attendance().close();
        release();
    }

    /** Asks whenever a question is due, until there has been no job to track for a while. */
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
                    ledger.attendance().end();
                }
            }
        }

        /** Tells true when there is nothing more to do. Errors are not the end: without this thread no job would have one. */
        private boolean poll() throws InterruptedException {
            try {
                while (ledger.attendance().awaitDue(known.dispatcher()::owesEnds)) {
                    poller.step();
                    troubled = false;
                    if (socket().filter(EventSocket::isOver).isPresent()) {
                        startSocket();
                    }
                }
                return retire();
            } catch (RuntimeException | Error e) {
                failed(e);
                return ledger.attendance().pause();
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
            close();
        }
    }

    /** Hands what the WebSocket receives to the ledger. */
    private final class Signals implements EventSocket.Listener {
        @Override
        public void opened(String clientId) {
            ledger.questions().socketOpened(clientId);
        }

        @Override
        public void signal(JobSignal signal) {
            ledger.questions().signal(signal);
        }

        @Override
        public void lost() {
            ledger.questions().socketLost();
        }
    }

    /** Hands what comes out of the ledger to the adapter. */
    private final class Outlet implements LedgerListener {
        @Override
        public void followed(JobEntry job) {
            known.followed(server(), job, JobTracker.this);
        }

        @Override
        public void forgotten(JobEntry job) {
            known.forgotten(server(), job);
        }

        @Override
        public void ended(JobStatus end) {
            known.ended(server(), end, JobTracker.this);
        }

        @Override
        public boolean isKnown(String id) {
            return known.isKnown(server(), id);
        }

        @Override
        public void queueSeen(int jobs, long seen) {
            known.queueSeen(server(), new QueueLength(jobs, seen));
        }

        @Override
        public void update(JobUpdate update) {
            known.dispatcher().add(update);
        }

        @Override
        public void preview(JobPreview preview) {
            known.dispatcher().add(preview);
        }

        @Override
        public void ran(JobEntry job, JobState end) {
            Submitter submitter = job.origin().submitter();
            if (submitter.trace().isPresent()) {
                long nanos = job.hereNanos();
                known.dispatcher().add(() -> JobSpans.ran(submitter, job.id(), server(), end, nanos));
            }
        }

        @Override
        public void unlocked() {
            known.dispatcher().deliver();
        }
    }
}
