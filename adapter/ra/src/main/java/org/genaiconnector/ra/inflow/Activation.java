package org.genaiconnector.ra.inflow;

import jakarta.resource.ResourceException;
import jakarta.resource.spi.ActivationSpec;
import jakarta.resource.spi.endpoint.MessageEndpointFactory;
import jakarta.resource.spi.work.WorkException;
import java.lang.System.Logger;
import java.time.Duration;
import java.util.Optional;
import org.genaiconnector.comfyui.JobPreview;
import org.genaiconnector.ra.comfyui.ComfyUiManagedConnectionFactory;
import org.genaiconnector.ra.comfyui.durable.JobStores;
import org.genaiconnector.ra.comfyui.durable.StoreSession;
import org.genaiconnector.ra.comfyui.jobs.Footprint;
import org.genaiconnector.ra.comfyui.jobs.JobObserver;
import org.genaiconnector.ra.comfyui.jobs.JobTrackers;
import org.genaiconnector.ra.comfyui.jobs.JobUpdate;
import org.genaiconnector.ra.connection.AdapterServices;
import org.genaiconnector.ra.messages.OperatorMessage;

/**
 * Activation of a message-driven bean, from the application server's call to activate it to the one to deactivate it. Selects
 * the events that the bean receives and passes them to its {@link EventDelivery}.
 */
final class Activation implements JobObserver {
    private static final Logger LOG = System.getLogger(Activation.class.getName());

    private final JobTrackers trackers;
    private final ComfyUiActivationSpec spec;
    private final EventFilter filter;
    private final Endpoint endpoint;
    private final EventDelivery delivery;
    private final Optional<SubscriptionSettings> settings;
    private final Optional<Subscription> subscription;
    private final Optional<ComfyUiManagedConnectionFactory> factory;

    /** Guarded by this; null for none. */
    private JobTrackers.Watch watch;

    private volatile boolean stopped;

    /**
     * An activation that has not started.
     *
     * @param spec has been validated
     * @param factory of the ComfyUI whose jobs the bean receives events of; empty for all
     */
    Activation(
            AdapterServices services,
            Endpoint endpoint,
            ComfyUiActivationSpec spec,
            Optional<ComfyUiManagedConnectionFactory> factory)
            throws ResourceException {
        this.factory = factory;
        this.trackers = JobTrackers.of(services);
        this.spec = spec;
        this.filter = spec.filter();
        this.endpoint = endpoint;
        DeliveryPolicy policy = policy(services);
        Outbox outbox = new Outbox(policy);
        this.settings = spec.subscription(services.jobStore());
        this.subscription = settings.isPresent()
                ? Optional.of(subscription(settings.get(), services, policy, outbox))
                : Optional.empty();
        EndKeeper ends = subscription.isPresent()
                ? subscription.get()
                : new TrackedEnds(endpoint.name(), outbox, trackers, DeliveryCounts.of(services));
        this.delivery = new EventDelivery(services, trackers, endpoint, policy, outbox, ends, this::stop);
    }

    private DeliveryPolicy policy(AdapterServices services) {
        DeliveryPolicy wanted = spec.policy();
        if (!wanted.asCaller() || services.runsAsCallers()) {
            return wanted;
        }
        OperatorMessage.NO_CALLERS.log(LOG, endpoint.name());
        return wanted.withoutCallers();
    }

    private Subscription subscription(
            SubscriptionSettings durable, AdapterServices services, DeliveryPolicy policy, Outbox outbox)
            throws ResourceException {
        StoreSession session = JobStores.of(services)
                .session(durable.store(), services.jobStore().createTables());
        return new Subscription(durable, session, endpoint.name(), policy, outbox);
    }

    /** Warns if both share a subscription, but do not agree on the jobs that it gets. */
    void compare(Activation newer) {
        if (settings.isPresent() && newer.settings.isPresent() && settings.get().contradicts(newer.settings.get())) {
            OperatorMessage.SUBSCRIPTION_AMBIGUOUS.log(
                    LOG, newer.endpoint.name(), endpoint.name(), settings.get().name());
        }
    }

    boolean isOf(MessageEndpointFactory candidate, ActivationSpec candidateSpec) {
        return endpoint.factory() == candidate && spec == candidateSpec;
    }

    /** Only starts a work, because the application server waits for this method before it lets the bean be called. */
    void start() throws WorkException {
        delivery.start(this::observe);
        if (subscription.isPresent()) {
            subscription.get().start(delivery::put);
        }
    }

    private synchronized void observe() {
        if (stopped) {
            return; // stop() has already ended what this would begin
        }
        if (subscription.isEmpty()) {
            trackers.subscribe(this);
            factory.ifPresent(this::watch);
        } else if (filter.kinds().size() > 1) { // what is not durable, from the jobs that this instance tracks
            trackers.subscribe(this);
        }
    }

    /** Begins to track jobs of other clients, or jobs of this adapter from before its start. */
    private synchronized void watch(ComfyUiManagedConnectionFactory target) {
        try {
            if (filter.scope() == JobScope.ALL) {
                watch = target.watchAll(trackers);
            } else {
                target.adoptJobs(trackers);
            }
        } catch (ResourceException | RuntimeException e) {
            OperatorMessage.FACTORY_NOT_WATCHED.logFailure(LOG, e, endpoint.name(), target);
        }
    }

    @Override
    public boolean takes(JobUpdate update) {
        return !stopped
                && filter.selects(update)
                && !(update.isEnd() && subscription.isPresent())
                && !(update.isEnd() && delivery.knowsEnd(update.status().id()));
    }

    @Override
    public void onUpdate(JobUpdate update) {
        delivery.put(update);
    }

    @Override
    public void onPreview(JobPreview preview) {
        boolean fits = preview.image().length <= Footprint.budget() / 8; // a preview may be dropped
        if (fits && filter.selects(preview)) {
            delivery.put(new Notice.Preview(preview));
        }
    }

    /** The number of jobs whose notices wait or are being delivered. */
    int jobs() {
        return delivery.jobs();
    }

    /** Ends the activation; a delivery that is under way goes on. A second call does nothing. */
    void stop() {
        stopped = true;
        unsubscribe();
        subscription.ifPresent(Subscription::stop);
        delivery.stop();
    }

    private synchronized void unsubscribe() {
        if (watch != null) {
            watch.close();
            watch = null;
        }
        trackers.unsubscribe(this);
    }

    /** Waits for the delivery that is under way, after {@link #stop}. */
    void awaitEnd(Duration timeout) {
        delivery.awaitEnd(timeout);
    }
}
