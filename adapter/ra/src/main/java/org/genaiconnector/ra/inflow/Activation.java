package org.genaiconnector.ra.inflow;

import jakarta.resource.ResourceException;
import jakarta.resource.spi.ActivationSpec;
import jakarta.resource.spi.UnavailableException;
import jakarta.resource.spi.endpoint.MessageEndpointFactory;
import jakarta.resource.spi.work.Work;
import jakarta.resource.spi.work.WorkException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.genaiconnector.FailureCategory;
import org.genaiconnector.GenAiException;
import org.genaiconnector.comfyui.JobPreview;
import org.genaiconnector.ra.comfyui.ComfyUiManagedConnectionFactory;
import org.genaiconnector.ra.comfyui.jobs.Footprint;
import org.genaiconnector.ra.comfyui.jobs.JobObserver;
import org.genaiconnector.ra.comfyui.jobs.JobTrackers;
import org.genaiconnector.ra.comfyui.jobs.JobUpdate;
import org.genaiconnector.ra.connection.AdapterServices;
import org.genaiconnector.ra.messages.OperatorMessage;
import org.genaiconnector.ra.statistics.DeliveryFigures;

/** An activated message-driven bean: from the container's call to activate it to the one to deactivate it. */
final class Activation implements JobObserver {
    private static final Logger LOG = System.getLogger(Activation.class.getName());
    private static final Duration SHORTEST_PAUSE = Duration.ofMillis(50);
    private static final int MOST_DOUBLINGS = 6;
    private static final Duration OUTPUTS_PAUSE = Duration.ofSeconds(2);

    private final AdapterServices services;
    private final JobTrackers trackers;
    private final Deliveries deliveries;
    private final DeliveryFigures figures;
    private final ComfyUiActivationSpec spec;
    private final Interest interest;
    private final DeliveryPolicy policy;
    private final Endpoint endpoint;
    private final Inbox inbox;
    private final AtomicInteger pauses = new AtomicInteger();
    private final AtomicBoolean newsFailed = new AtomicBoolean();
    private final Optional<ComfyUiManagedConnectionFactory> server;

    /** Guarded by this. */
    private JobTrackers.Watch watch;

    private volatile boolean over;

    /**
     * A bean that hears nothing yet.
     *
     * @param spec a valid one
     * @param server leads to the server of whose jobs it hears; empty for those of all
     */
    Activation(
            AdapterServices services,
            Endpoint endpoint,
            ComfyUiActivationSpec spec,
            Optional<ComfyUiManagedConnectionFactory> server)
            throws ResourceException {
        this.server = server;
        this.services = services;
        this.trackers = JobTrackers.of(services);
        this.deliveries = Deliveries.of(services);
        this.figures = services.shared(DeliveryFigures.class, DeliveryFigures.class, DeliveryFigures::new);
        this.spec = spec;
        this.interest = spec.interest();
        this.policy = spec.policy();
        this.endpoint = endpoint;
        this.inbox = new Inbox(policy);
    }

    boolean isOf(MessageEndpointFactory factory, ActivationSpec candidate) {
        return endpoint.factory() == factory && spec == candidate;
    }

    /** Only sends a work, since the container waits, and the bean cannot be told anything before that. */
    void start() throws WorkException {
        inbox.hire();
        services.startWork(new Delivering() {
            @Override
            public void run() {
                listen();
                super.run();
            }
        });
    }

    private synchronized void listen() {
        if (over) {
            return; // nobody would end it
        }
        trackers.subscribe(this);
        server.ifPresent(this::watch);
    }

    /** Begins to follow what nobody else would: the jobs of others, or our own from before the adapter was started. */
    private synchronized void watch(ComfyUiManagedConnectionFactory factory) {
        try {
            if (interest.scope() == JobScope.ALL) {
                watch = factory.watchAll(trackers);
            } else {
                factory.adoptJobs(trackers);
            }
        } catch (ResourceException | RuntimeException e) {
            OperatorMessage.FACTORY_NOT_WATCHED.logFailure(LOG, e, endpoint.name(), factory);
        }
    }

    @Override
    public boolean takes(JobUpdate news) {
        return !over
                && interest.covers(news)
                && !(news.isEnd() && inbox.knowsEnd(news.status().id()));
    }

    @Override
    public void onNews(JobUpdate news) {
        boolean full = news.isEnd() && inbox.endBytes() + Footprint.of(news.status()) > Footprint.budget();
        JobUpdate held = full ? trackers.light(news) : news;
        Notice notice = Notice.of(held, deliveries.of(news.status().id()));
        if (inbox.put(notice)) {
            hire();
        } else if (notice instanceof Notice.End end) {
            giveBack(end);
        }
    }

    @Override
    public void onPreview(JobPreview preview) {
        boolean fits = preview.image().length <= Footprint.budget() / 8; // it may be left out
        if (fits && interest.covers(preview) && inbox.put(new Notice.Preview(preview))) {
            hire();
        }
    }

    private void hire() {
        if (inbox.hire()) {
            boolean hired = false;
            try {
                services.startWork(new Delivering());
                hired = true;
            } catch (WorkException | RuntimeException | Error e) { // also that no thread can be made
                if (!services.stopped()) {
                    OperatorMessage.NO_FURTHER_THREAD.log(LOG, endpoint.name(), e);
                }
            } finally {
                if (!hired) {
                    inbox.lose(); // others are at work, and do this as well when they can
                }
            }
        }
    }

    /** A work that tells the bean what is due, until it is not needed any more. */
    private class Delivering implements Work {
        @Override
        public void run() {
            try {
                for (Optional<Notice> notice = inbox.take(); notice.isPresent(); notice = inbox.take()) {
                    handle(notice.get());
                }
            } catch (RuntimeException | Error e) { // out of memory, for one
                inbox.lose();
                OperatorMessage.DELIVERING_FAILED.logFailure(LOG, e, endpoint.name());
                hire();
            }
        }

        private void handle(Notice notice) {
            try {
                hire(); // somebody has to wait for the next one
                deliver(notice);
            } catch (RuntimeException | Error e) {
                undecided(notice, new UndeliveredException("an error within the application server: " + e, e));
            }
        }

        @Override
        public void release() {
            stop();
        }
    }

    /** The outputs of many slow deliveries are not kept but asked for once more; until that succeeds the end waits. */
    private void deliver(Notice notice) {
        if (!(notice instanceof Notice.End end) || !end.news().light()) {
            tell(notice, notice);
            return;
        }
        try {
            JobUpdate whole = trackers.whole(end.news());
            if (whole.light()) {
                without(end, "its server has forgotten them");
            }
            tell(notice, end.with(whole));
        } catch (GenAiException e) {
            if (e.category() == FailureCategory.TOO_LARGE) { // which it will always be
                without(end, e.getMessage());
                tell(notice, notice);
                return;
            }
            LOG.log(Level.DEBUG, "The outputs of job {0} cannot be had yet: {1}", end.jobId(), e.getMessage());
            if (!inbox.again(end, OUTPUTS_PAUSE)) {
                giveBack(end);
            }
        }
    }

    private void without(Notice.End end, String why) {
        OperatorMessage.END_WITHOUT_OUTPUTS.log(LOG, endpoint.name(), end.describe(), why);
    }

    private void tell(Notice notice, Notice told) {
        try {
            endpoint.deliver(told);
            pauses.set(0);
            if (notice instanceof Notice.End) {
                figures.delivered();
            }
            inbox.done(notice);
        } catch (UnavailableException e) {
            unavailable(notice, e);
        } catch (UndeliveredException e) {
            pauses.set(0);
            undecided(notice, e);
        }
    }

    /** Whether the bean has heard it nobody knows; an end is told once more. */
    private void undecided(Notice notice, UndeliveredException e) {
        if (notice instanceof Notice.End end) {
            failed(end, e);
        } else {
            newsFailed(notice, e);
        }
    }

    /** The application is still being deployed, or the container has no instance free. */
    private void unavailable(Notice notice, UnavailableException e) {
        Duration pause = SHORTEST_PAUSE.multipliedBy(1L << Math.min(pauses.getAndIncrement(), MOST_DOUBLINGS));
        LOG.log(Level.DEBUG, endpoint.name() + " cannot be told of jobs yet, for " + pause, e);
        if (!inbox.pause(notice, pause) && notice instanceof Notice.End end) {
            giveBack(end);
        }
    }

    private void failed(Notice.End end, UndeliveredException e) {
        figures.failed();
        if (policy.permitsAnother(end.delivery())) {
            Duration delay = policy.delayAfter(end.delivery());
            LOG.log(Level.DEBUG, () -> undelivered(end, e) + "; once more in " + delay, e);
            if (!inbox.again(end.next(), delay)) {
                giveBack(end.next());
            }
        } else {
            figures.gaveUp();
            OperatorMessage.LAST_DELIVERY_FAILED.logFailure(
                    LOG, e, endpoint.name(), end.describe(), e.getMessage(), end.delivery());
            inbox.done(end);
        }
    }

    private void newsFailed(Notice notice, UndeliveredException e) {
        if (newsFailed.compareAndSet(false, true)) {
            OperatorMessage.DELIVERY_FAILED.logFailure(LOG, e, endpoint.name(), notice.describe(), e.getMessage());
        } else {
            LOG.log(Level.DEBUG, () -> undelivered(notice, e), e);
        }
        inbox.done(notice);
    }

    private String undelivered(Notice notice, UndeliveredException e) {
        return "Message-driven bean " + endpoint.name() + " could not be told " + notice.describe() + ": "
                + e.getMessage();
    }

    /** For whoever is activated next and wants it. */
    private void giveBack(Notice.End end) {
        deliveries.note(end.jobId(), end.delivery() - 1);
        trackers.tell(end.news());
    }

    /** Of how many jobs something waits, or is being told. */
    int jobs() {
        return inbox.jobs();
    }

    /** Stops telling; what is being told at this moment goes on. Stopping twice is nothing. */
    void stop() {
        over = true;
        unlisten();
        inbox.close().forEach(this::giveBack);
    }

    private synchronized void unlisten() {
        trackers.unsubscribe(this);
        if (watch != null) {
            watch.close();
            watch = null;
        }
    }

    /** Waits for the end of what is being told, after {@link #stop}. */
    void awaitEnd(Duration timeout) {
        if (!inbox.awaitNoHands(timeout)) {
            OperatorMessage.BEAN_STILL_BUSY.log(LOG, endpoint.name(), timeout.toMillis());
        }
    }
}
