package org.genaiconnector.metrics;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.context.BeforeDestroyed;
import jakarta.enterprise.context.Initialized;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.lang.management.ManagementFactory;
import java.util.Set;
import java.util.function.Supplier;
import javax.management.InstanceNotFoundException;
import javax.management.ListenerNotFoundException;
import javax.management.MBeanServer;
import javax.management.MBeanServerDelegate;
import javax.management.MBeanServerNotification;
import javax.management.MalformedObjectNameException;
import javax.management.Notification;
import javax.management.NotificationListener;
import javax.management.ObjectName;
import javax.management.relation.MBeanServerNotificationFilter;
import org.eclipse.microprofile.metrics.Metadata;
import org.eclipse.microprofile.metrics.MetricRegistry;
import org.eclipse.microprofile.metrics.Tag;

/** Keeps the metrics of every pool registered for as long as its MXBean is. */
@ApplicationScoped
public class PoolMetrics implements NotificationListener {

    /** The adapter's; what has never happened is 0, so that an alert can be written before it happens. */
    static final Set<String> CATEGORIES = Set.of(
            "UNAVAILABLE",
            "TIMEOUT_CONNECT",
            "TIMEOUT_RESPONSE",
            "TIMEOUT_SERVER",
            "DEADLINE",
            "TLS",
            "PROXY",
            "COMMUNICATION",
            "TRUNCATED",
            "PROTOCOL",
            "INVALID_REQUEST",
            "CONTEXT_LENGTH",
            "CONTENT_FILTER",
            "AUTHENTICATION",
            "QUOTA",
            "PERMISSION",
            "NOT_FOUND",
            "UNSUPPORTED",
            "CONFLICT",
            "TOO_LARGE",
            "RATE_LIMIT",
            "SERVER",
            "OVERLOADED",
            "CANCELLED",
            "CLOSED");

    private final MBeanServer server = ManagementFactory.getPlatformMBeanServer();
    private final MetricRegistry registry;

    @Inject
    PoolMetrics(MetricRegistry registry) {
        this.registry = registry;
    }

    /** For the container's proxy. */
    protected PoolMetrics() {
        this(null);
    }

    void start(@Observes @Initialized(ApplicationScoped.class) Object event)
            throws InstanceNotFoundException, MalformedObjectNameException {
        ObjectName pools = new ObjectName("org.genaiconnector:*");
        MBeanServerNotificationFilter filter = new MBeanServerNotificationFilter();
        filter.enableAllObjectNames();
        server.addNotificationListener(MBeanServerDelegate.DELEGATE_NAME, this, filter, pools);
        server.queryNames(pools, null).forEach(this::add);
    }

    void stop(@Observes @BeforeDestroyed(ApplicationScoped.class) Object event)
            throws InstanceNotFoundException, ListenerNotFoundException {
        server.removeNotificationListener(MBeanServerDelegate.DELEGATE_NAME, this);
    }

    @Override
    public void handleNotification(Notification notification, Object pools) {
        if (notification instanceof MBeanServerNotification change
                && ((ObjectName) pools).apply(change.getMBeanName())) {
            switch (change.getType()) {
                case MBeanServerNotification.REGISTRATION_NOTIFICATION -> add(change.getMBeanName());
                case MBeanServerNotification.UNREGISTRATION_NOTIFICATION -> remove(change.getMBeanName());
                default -> throw new IllegalStateException(change.getType());
            }
        }
    }

    /** Registering what is registered changes nothing. */
    private void add(ObjectName bean) {
        Pool pool = new Pool(server, bean);
        switch (bean.getKeyProperty("type")) {
            case "ConnectionFactory" -> addPool(pool, new Tag("pool", pool.name()));
            case "Deliveries" -> {
                for (Delivery figure : Delivery.values()) {
                    Tag adapter = new Tag("adapter", pool.adapter());
                    gauge(figure.metric(), figure.description(), () -> pool.value(figure), adapter);
                }
            }
            default -> {
                // the sum of all pools, which Prometheus makes itself
            }
        }
    }

    private void addPool(Pool pool, Tag tag) {
        for (Figure figure : Figure.values()) {
            gauge(figure.metric(), figure.description(), () -> pool.value(figure), tag);
        }
        for (Times times : Times.values()) {
            for (String bound : Times.BOUNDS) {
                Tag le = new Tag("le", bound);
                gauge(times.bucket(), times.bucketDescription(), () -> pool.within(times, bound), tag, le);
            }
            gauge(times.count(), times.countDescription(), () -> pool.within(times, "+Inf"), tag);
        }
        gauge("genai_circuit_state", "0: closed, 1: half open, 2: open", pool::circuit, tag);
        gauge("genai_jobs_tracking", "1: jobs are followed to their ends, 0: they are not", pool::tracking, tag);
        for (String category : CATEGORIES) {
            gauge(
                    "genai_failures_total",
                    "Operations that failed, by category",
                    () -> pool.failures(category),
                    tag,
                    new Tag("category", category));
        }
    }

    private void remove(ObjectName bean) {
        Pool pool = new Pool(server, bean);
        switch (bean.getKeyProperty("type")) {
            case "ConnectionFactory" -> removeTagged("pool", pool.name());
            case "Deliveries" -> removeTagged("adapter", pool.adapter());
            default -> {
                // nothing was registered
            }
        }
    }

    private void removeTagged(String tag, String value) {
        registry.removeMatching((id, metric) -> value.equals(id.getTags().get(tag)));
    }

    private void gauge(String name, String description, Supplier<Double> value, Tag... tags) {
        registry.gauge(
                Metadata.builder().withName(name).withDescription(description).build(), value, tags);
    }
}
