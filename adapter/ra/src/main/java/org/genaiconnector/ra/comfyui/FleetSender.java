package org.genaiconnector.ra.comfyui;

import jakarta.resource.spi.work.Work;
import jakarta.resource.spi.work.WorkException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.genaiconnector.FailureCategory;
import org.genaiconnector.GenAiException;
import org.genaiconnector.comfyui.JobFailure;
import org.genaiconnector.comfyui.JobState;
import org.genaiconnector.comfyui.JobStatus;
import org.genaiconnector.comfyui.WorkflowRejectedException;
import org.genaiconnector.ra.comfyui.fleet.FleetJob;
import org.genaiconnector.ra.connection.AdapterServices;
import org.genaiconnector.ra.messages.OperatorMessage;

/**
 * Sends jobs of a fleet again that have lost their backends: on a thread of the Work Manager while there are jobs, without a
 * Work Manager on the threads that wait for jobs. Any thread.
 */
final class FleetSender implements Work {
    private static final Logger LOG = System.getLogger(FleetSender.class.getName());
    private static final long PAUSE_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final long LINGER_NANOS = TimeUnit.SECONDS.toNanos(30);

    private final FactoryFleet own;
    private final Deque<Waiting> waiting = new ArrayDeque<>();
    private boolean running;
    private boolean closed;

    /** Whether a job has come since the last round. */
    private boolean news;

    private record Waiting(FleetJob job, BackendWay way) {}

    FleetSender(FactoryFleet own) {
        this.own = own;
    }

    /** A job has lost its backend. May be called with any lock held. */
    synchronized void add(FleetJob job, BackendWay way) {
        waiting.add(new Waiting(job, way));
        news = true;
        notifyAll();
    }

    /** A job begins, which may lose its backend. */
    void starts() {
        Optional<AdapterServices> services = own.owner().services();
        if (services.isPresent() && claim()) {
            boolean started = false;
            try {
                services.get().startWork(this);
                started = true;
            } catch (WorkException e) { // the trackers have the same trouble, and say so
                LOG.log(Level.DEBUG, "No thread to send jobs of {0} again: {1}", own.owner(), e.getMessage());
            } finally {
                if (!started) {
                    retire();
                }
            }
        }
    }

    private synchronized boolean claim() {
        boolean isNew = !running;
        running = true;
        closed = false;
        return isNew;
    }

    private synchronized void retire() {
        running = false;
    }

    @Override
    public void run() {
        boolean retired = false;
        try {
            while (awaitWork()) {
                sendAll();
            }
            retired = true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // the container wants its thread back
        } finally {
            if (!retired) {
                retire();
            }
        }
    }

    /** Waits for a job to send; false if there is none to come: then the next job starts this again. */
    private synchronized boolean awaitWork() throws InterruptedException {
        if (!waiting.isEmpty() && !news && !closed) { // those that nobody took just now
            TimeUnit.NANOSECONDS.timedWait(this, PAUSE_NANOS);
        }
        long begun = System.nanoTime();
        while (waiting.isEmpty() && !isOver()) {
            long left = LINGER_NANOS - (System.nanoTime() - begun);
            if (left <= 0) {
                if (own.isWithoutJobs()) {
                    running = false;
                    return false;
                }
                begun = System.nanoTime();
            } else {
                TimeUnit.NANOSECONDS.timedWait(this, Math.min(left, PAUSE_NANOS));
            }
        }
        running = !isOver();
        return running;
    }

    private boolean isOver() {
        return closed || own.owner().services().filter(AdapterServices::stopped).isPresent();
    }

    /** Sends what waits, once; what nobody takes goes on waiting. */
    void sendAll() {
        for (Waiting each : takeAll()) {
            boolean settled = false;
            try {
                settled = send(each);
            } finally {
                if (!settled) {
                    waitAgain(each);
                }
            }
        }
    }

    private synchronized List<Waiting> takeAll() {
        List<Waiting> all = new ArrayList<>(waiting);
        waiting.clear();
        news = false;
        return all;
    }

    private synchronized void waitAgain(Waiting each) {
        waiting.add(each);
    }

    private boolean send(Waiting each) {
        FleetJob job = each.job();
        if (job.isEnded()) {
            return true; // cancelled meanwhile
        }
        try {
            new FleetCalls(own, each.way()).sendAgain(job);
            return true;
        } catch (WorkflowRejectedException e) {
            job.ends(JobStatus.rejected(
                    job.id(),
                    e.nodeErrors(),
                    failure(e).filter(any -> e.nodeErrors().isEmpty())));
            return true;
        } catch (GenAiException e) {
            return isGivenUp(job, e);
        } catch (RuntimeException e) {
            OperatorMessage.FAILOVER_FAILED.logFailure(LOG, e, job.id());
            return job.current().isPresent() // the error came later
                    || isGivenUp(job, new GenAiException(FailureCategory.PROTOCOL, e.toString(), e));
        }
    }

    private boolean isGivenUp(FleetJob job, GenAiException why) {
        return switch (why.category()) {
            case INVALID_REQUEST, TOO_LARGE -> {
                job.ends(JobStatus.rejected(job.id(), Map.of(), failure(why)));
                yield true;
            }
            default -> {
                long patience = own.owner().lostAfterMillis();
                boolean over = patience > 0 && job.homeless().compareTo(Duration.ofMillis(patience)) > 0;
                if (over) {
                    job.ends(JobStatus.of(job.id(), JobState.LOST));
                }
                yield over;
            }
        };
    }

    private static Optional<JobFailure> failure(GenAiException why) {
        return Optional.of(JobFailure.of(why.category().name(), why.getMessage()));
    }

    @Override
    public synchronized void release() {
        closed = true;
        notifyAll();
    }
}
