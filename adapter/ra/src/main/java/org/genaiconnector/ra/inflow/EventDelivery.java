package org.genaiconnector.ra.inflow;

import jakarta.resource.spi.UnavailableException;
import jakarta.resource.spi.work.Work;
import jakarta.resource.spi.work.WorkContext;
import jakarta.resource.spi.work.WorkContextProvider;
import jakarta.resource.spi.work.WorkException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.genaiconnector.FailureCategory;
import org.genaiconnector.GenAiException;
import org.genaiconnector.ra.comfyui.jobs.Footprint;
import org.genaiconnector.ra.comfyui.jobs.JobSpans;
import org.genaiconnector.ra.comfyui.jobs.JobTrackers;
import org.genaiconnector.ra.comfyui.jobs.JobUpdate;
import org.genaiconnector.ra.connection.AdapterServices;
import org.genaiconnector.ra.messages.OperatorMessage;
import org.genaiconnector.ra.statistics.DeliveryFigures;
import org.genaiconnector.ra.telemetry.Span;
import org.genaiconnector.ra.telemetry.Telemetry;

/**
 * Delivers events to one bean: its workers, works of the application server, take notices out of an {@link Outbox} and deliver
 * them to the bean's {@link Endpoint}. What becomes of ends that it cannot deliver is up to an {@link EndKeeper}. All threads may
 * use it.
 */
final class EventDelivery {
    private static final Logger LOG = System.getLogger(EventDelivery.class.getName());
    private static final Duration SHORTEST_PAUSE = Duration.ofMillis(50);
    private static final int MOST_DOUBLINGS = 6;
    private static final Duration OUTPUTS_PAUSE = Duration.ofSeconds(2);

    private final AdapterServices services;
    private final JobTrackers trackers;
    private final DeliveryCounts counts;
    private final DeliveryFigures figures;
    private final DeliveryPolicy policy;
    private final Endpoint endpoint;
    private final Outbox outbox;
    private final EndKeeper ends;
    private final Runnable onRelease;

    /** Deliveries in a row that found the bean unavailable. */
    private final AtomicInteger pauses = new AtomicInteger();

    private final AtomicBoolean warned = new AtomicBoolean();

    /**
     * A delivery without workers.
     *
     * @param outbox for it alone
     * @param ends uses the same outbox
     * @param onRelease called when the application server releases a worker; has to call {@link #stop}
     */
    EventDelivery(
            AdapterServices services,
            JobTrackers trackers,
            Endpoint endpoint,
            DeliveryPolicy policy,
            Outbox outbox,
            EndKeeper ends,
            Runnable onRelease) {
        this.services = services;
        this.trackers = trackers;
        this.counts = DeliveryCounts.of(services);
        this.figures = services.shared(DeliveryFigures.class, DeliveryFigures.class, DeliveryFigures::new);
        this.policy = policy;
        this.endpoint = endpoint;
        this.outbox = outbox;
        this.ends = ends;
        this.onRelease = onRelease;
    }

    /**
     * Starts the first worker.
     *
     * @param preparation what it does first
     */
    void start(Runnable preparation) throws WorkException {
        outbox.addWorker();
        services.startWork(new Worker(preparation));
    }

    /** Whether it has the end of a job, or has delivered it. */
    boolean knowsEnd(String jobId) {
        return outbox.knowsEnd(jobId);
    }

    /** Delivers an end or a progress soon. An end comes without its outputs if those that wait take too much memory. */
    void put(JobUpdate update) {
        boolean full = update.isEnd() && outbox.endBytes() + Footprint.of(update.status()) > Footprint.budget();
        JobUpdate kept = full ? trackers.light(update) : update;
        Notice notice = Notice.of(kept, counts.of(update.status().id()));
        if (!put(notice) && notice instanceof Notice.End end) {
            ends.returned(end);
        }
    }

    /**
     * Delivers a notice soon.
     *
     * @return false if the delivery has been stopped
     */
    boolean put(Notice notice) {
        boolean put = outbox.put(notice);
        if (put) {
            addWorker();
        }
        return put;
    }

    private void addWorker() {
        if (outbox.addWorker()) {
            boolean started = false;
            try {
                services.startWork(new Worker(() -> {}));
                started = true;
            } catch (WorkException | RuntimeException | Error e) { // also that the JVM cannot make a thread
                noThread(e);
            } finally {
                if (!started) {
                    outbox.retire(); // the other workers take over, and try again to add one
                }
            }
        }
    }

    private void noThread(Throwable why) {
        if (!services.stopped()) {
            OperatorMessage.NO_FURTHER_THREAD.log(LOG, endpoint.name(), why);
        }
    }

    /**
     * A work that delivers notices until it is not needed any more. If the bean is called as callers, a notice of another caller
     * goes to a work that runs as that one and takes the place of this.
     */
    private class Worker implements Work {
        private final Runnable preparation;

        private Worker(Runnable preparation) {
            this.preparation = preparation;
        }

        @Override
        public void run() {
            preparation.run();
            deliverAs(Optional.empty());
        }

        /** @param caller as whom it runs */
        void deliverAs(Optional<String> caller) {
            try {
                boolean goesOn = true;
                while (goesOn) {
                    Optional<Notice> notice = outbox.take();
                    goesOn = notice.isPresent() && handled(notice.get(), caller);
                }
            } catch (RuntimeException | Error e) { // such as that memory is exhausted
                outbox.retire();
                OperatorMessage.DELIVERING_FAILED.logFailure(LOG, e, endpoint.name());
                addWorker();
            }
        }

        /** Returns false if another work has taken the place of this. */
        private boolean handled(Notice notice, Optional<String> caller) {
            if (policy.asCaller() && !notice.caller().equals(caller)) {
                return !handedOver(notice);
            }
            handle(notice);
            return true;
        }

        final void handle(Notice notice) {
            try {
                addWorker(); // which waits for the next notice
                deliver(notice);
            } catch (RuntimeException | Error e) {
                failed(notice, new UndeliveredException("an error within the application server: " + e, e));
            }
        }

        private boolean handedOver(Notice notice) {
            Optional<String> caller = notice.caller();
            try {
                services.startWork(
                        caller.isPresent() ? new CallerWorker(caller.get(), notice) : new Worker(() -> handle(notice)));
                return true;
            } catch (WorkException | RuntimeException | Error e) { // also that the JVM cannot make a thread
                noThread(e);
                unavailable(notice, new UnavailableException(e));
                return false;
            }
        }

        @Override
        public void release() {
            onRelease.run();
        }
    }

    /** A work that runs as a caller, and begins with a notice of that caller. */
    @SuppressWarnings("serial") // no application server serializes works of local adapters
    private final class CallerWorker extends Worker implements WorkContextProvider {
        /** Of nobody: the next notice goes to another work. */
        private static final Optional<String> NOBODY = Optional.of("");

        private final String caller;
        private final Notice first;
        private final CallerContext context;

        private CallerWorker(String caller, Notice first) {
            super(() -> {});
            this.caller = caller;
            this.first = first;
            this.context = new CallerContext(caller);
        }

        @Override
        public List<WorkContext> getWorkContexts() {
            return List.of(context);
        }

        @Override
        public void run() {
            Optional<String> problem = context.problem();
            if (problem.isPresent()) {
                failed(
                        first,
                        new UndeliveredException(
                                "the application server does not run it as caller " + caller + ": " + problem.get()));
            } else {
                handle(first);
            }
            deliverAs(problem.isPresent() ? NOBODY : Optional.of(caller));
        }
    }

    /** Asks the backend for the outputs that an end was kept without; the end waits until the backend has answered. */
    private void deliver(Notice notice) {
        if (!(notice instanceof Notice.End end) || !end.update().light()) {
            deliver(notice, notice);
            return;
        }
        try {
            JobUpdate whole = trackers.whole(end.update());
            if (whole.light()) {
                reportMissingOutputs(end, "its backend has forgotten them");
            }
            deliver(notice, end.with(whole));
        } catch (GenAiException e) {
            if (e.category() == FailureCategory.TOO_LARGE) { // as it would be next time
                reportMissingOutputs(end, e.getMessage());
                deliver(notice, notice);
                return;
            }
            LOG.log(Level.DEBUG, "The outputs of job {0} are not available yet: {1}", end.jobId(), e.getMessage());
            if (!outbox.redeliver(end, OUTPUTS_PAUSE)) {
                ends.returned(end);
            }
        }
    }

    private void reportMissingOutputs(Notice.End end, String why) {
        OperatorMessage.END_WITHOUT_OUTPUTS.log(LOG, endpoint.name(), end.describe(), why);
    }

    /** @param complete the same notice as it was taken out of the outbox, with its outputs */
    private void deliver(Notice taken, Notice complete) {
        try {
            if (taken instanceof Notice.End end) {
                deliver(end, complete);
            } else {
                endpoint.deliver(complete, () -> false);
                outbox.done(taken);
            }
            pauses.set(0);
        } catch (UnavailableException e) {
            unavailable(taken, e);
        } catch (UndeliveredException e) {
            pauses.set(0);
            failed(taken, e);
        }
    }

    private void deliver(Notice.End end, Notice complete) throws UnavailableException, UndeliveredException {
        if (!ends.holds(end)) {
            LOG.log(Level.DEBUG, "{0} does not get {1}: it was taken over", endpoint.name(), end.describe());
            ends.returned(end);
            return;
        }
        boolean acknowledged = traced(end, complete);
        figures.delivered();
        ends.taken(end, acknowledged);
    }

    private boolean traced(Notice.End end, Notice complete) throws UnavailableException, UndeliveredException {
        Optional<String> trace = Telemetry.get().isOn() ? ends.trace(end) : Optional.empty();
        try (Span span = JobSpans.delivery(trace, end.jobId(), endpoint.name(), end.delivery())) {
            try {
                return endpoint.deliver(complete, () -> ends.acknowledge(end));
            } catch (UnavailableException | UndeliveredException e) {
                span.fail(e);
                throw e;
            }
        }
    }

    /** The application is being deployed or undeployed, or the application server has no free instance of the bean. */
    private void unavailable(Notice notice, UnavailableException e) {
        Duration pause = SHORTEST_PAUSE.multipliedBy(1L << Math.min(pauses.getAndIncrement(), MOST_DOUBLINGS));
        LOG.log(Level.DEBUG, endpoint.name() + " is unavailable; nothing is delivered to it for " + pause, e);
        if (notice instanceof Notice.End end) {
            ends.unavailable(end, pause);
        } else {
            outbox.pause(notice, pause);
        }
    }

    /** It is unknown whether the bean has processed the notice; an end is redelivered. */
    private void failed(Notice notice, UndeliveredException e) {
        if (notice instanceof Notice.End end) {
            endFailed(end, e);
        } else {
            if (warned.compareAndSet(false, true)) {
                OperatorMessage.DELIVERY_FAILED.logFailure(LOG, e, endpoint.name(), notice.describe(), e.getMessage());
            } else {
                LOG.log(Level.DEBUG, () -> undelivered(notice, e), e);
            }
            outbox.done(notice);
        }
    }

    private void endFailed(Notice.End end, UndeliveredException e) {
        figures.failed();
        if (policy.permitsAnother(end.delivery())) {
            Duration delay = policy.delayAfter(end.delivery());
            LOG.log(Level.DEBUG, () -> undelivered(end, e) + "; redelivery in " + delay, e);
            ends.failed(end, delay, e);
        } else {
            figures.gaveUp();
            ends.gaveUp(end, e);
        }
    }

    private String undelivered(Notice notice, UndeliveredException e) {
        return "Message-driven bean " + endpoint.name() + " has not received " + notice.describe() + ": "
                + e.getMessage();
    }

    /** The number of jobs that notices wait for or are being delivered of. */
    int jobs() {
        return outbox.jobs();
    }

    /** Lets the workers retire and gives undelivered ends back. Deliveries under way go on. A second call does nothing. */
    void stop() {
        outbox.close().forEach(ends::returned);
    }

    /** Waits for deliveries under way, after {@link #stop}. */
    void awaitEnd(Duration timeout) {
        if (!outbox.awaitRetirement(timeout)) {
            OperatorMessage.BEAN_STILL_BUSY.log(LOG, endpoint.name(), timeout.toMillis());
        }
    }
}
