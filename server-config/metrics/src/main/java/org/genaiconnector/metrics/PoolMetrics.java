package org.genaiconnector.metrics;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.context.BeforeDestroyed;
import jakarta.enterprise.context.Initialized;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
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
import org.eclipse.microprofile.metrics.MetricID;
import org.eclipse.microprofile.metrics.MetricRegistry;
import org.eclipse.microprofile.metrics.Tag;

/** Registers the metrics of each MXBean of the adapter while the MXBean is registered. */
@ApplicationScoped
public class PoolMetrics implements NotificationListener {

    private final MBeanServer server = ManagementFactory.getPlatformMBeanServer();
    private final MetricRegistry registry;
    private final Map<ObjectName, List<MetricID>> registered = new ConcurrentHashMap<>();

    @Inject
    PoolMetrics(MetricRegistry registry) {
        this.registry = registry;
    }

    /** CDI makes its proxy with it. */
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

    /** Registering again what is registered changes nothing. */
    private void add(ObjectName name) {
        AdapterBean bean = new AdapterBean(server, name);
        if (!bean.label().isEmpty()) {
            registered.put(
                    name,
                    bean.metrics().stream()
                            .map(metric -> gauge(metric, bean.label()))
                            .toList());
        }
    }

    private MetricID gauge(Metric metric, Map<String, String> label) {
        Tag[] tags = Stream.of(label, metric.labels())
                .flatMap(labels -> labels.entrySet().stream())
                .map(one -> new Tag(one.getKey(), one.getValue()))
                .toArray(Tag[]::new);
        Metadata metadata = Metadata.builder()
                .withName(metric.name())
                .withDescription(metric.description())
                .build();
        registry.gauge(metadata, metric.value(), tags);
        return new MetricID(metric.name(), tags);
    }

    /** Those of this MXBean only: others may have the same labels, such as the pool and the targets of a factory. */
    private void remove(ObjectName name) {
        List<MetricID> metrics = registered.remove(name);
        if (metrics != null) {
            metrics.forEach(registry::remove);
        }
    }
}
