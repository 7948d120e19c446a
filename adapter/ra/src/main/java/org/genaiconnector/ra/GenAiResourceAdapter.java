package org.genaiconnector.ra;

import jakarta.resource.NotSupportedException;
import jakarta.resource.ResourceException;
import jakarta.resource.spi.ActivationSpec;
import jakarta.resource.spi.BootstrapContext;
import jakarta.resource.spi.ResourceAdapter;
import jakarta.resource.spi.ResourceAdapterInternalException;
import jakarta.resource.spi.endpoint.MessageEndpointFactory;
import jakarta.resource.spi.work.Work;
import jakarta.resource.spi.work.WorkException;
import jakarta.resource.spi.work.WorkManager;
import jakarta.resource.spi.work.WorkRejectedException;
import java.io.Serializable;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import javax.transaction.xa.XAResource;
import org.genaiconnector.ra.connection.AdapterServices;
import org.genaiconnector.ra.statistics.StatisticsRecorder;
import org.genaiconnector.ra.statistics.StatisticsRegistry;

/**
 * Resource adapter bean. Starting opens nothing; stopping closes every socket and ends every work, whatever they are doing,
 * and returns at once. It can be started again.
 */
public class GenAiResourceAdapter implements ResourceAdapter, AdapterServices, Serializable {
    private static final long serialVersionUID = 1L;
    private static final Logger LOG = System.getLogger(GenAiResourceAdapter.class.getName());

    /** Some containers (WildFly) fill pools before they call {@code start}, so "not started yet" is no error. */
    private enum State {
        NEW,
        RUNNING,
        STOPPED
    }

    private transient volatile State state = State.NEW;
    private transient volatile WorkManager workManager;

    /** Weak, because factories of reconfigured pools are simply forgotten by the container. */
    private final transient Set<AutoCloseable> resources =
            Collections.synchronizedSet(Collections.newSetFromMap(new WeakHashMap<>()));

    private final transient Map<Object, AutoCloseable> shared = new ConcurrentHashMap<>();

    @Override
    public void start(BootstrapContext context) {
        workManager = context.getWorkManager();
        state = State.RUNNING;
    }

    @Override
    public void stop() {
        state = State.STOPPED;
        List<AutoCloseable> all = new ArrayList<>(shared.values());
        synchronized (resources) {
            all.addAll(resources);
            resources.clear();
        }
        shared.clear();
        all.forEach(GenAiResourceAdapter::close);
        workManager = null;
    }

    private static void close(AutoCloseable resource) {
        try {
            resource.close();
        } catch (Exception e) {
            LOG.log(Level.WARNING, "Something of the GenAI connector could not be closed and may stay open", e);
        }
    }

    @Override
    public void closeOnStop(AutoCloseable resource) throws ResourceException {
        if (state == State.STOPPED) {
            throw new ResourceAdapterInternalException("The GenAI connector has been stopped");
        }
        resources.add(resource);
    }

    @Override
    public <T extends AutoCloseable> T shared(Class<T> type, Object key, Supplier<T> maker) {
        return type.cast(shared.computeIfAbsent(key, absent -> maker.get()));
    }

    @Override
    public StatisticsRecorder statistics(String name) {
        return shared(StatisticsRegistry.class, StatisticsRegistry.class, StatisticsRegistry::new)
                .recorder(name);
    }

    @Override
    public void startWork(Work work) throws WorkException {
        WorkManager current = workManager;
        if (current == null) {
            throw new WorkRejectedException("The GenAI connector is not started");
        }
        current.scheduleWork(work, WorkManager.INDEFINITE, null, null);
    }

    @Override
    public void endpointActivation(MessageEndpointFactory factory, ActivationSpec spec) throws ResourceException {
        throw new NotSupportedException("The GenAI connector delivers no messages yet");
    }

    @Override
    public void endpointDeactivation(MessageEndpointFactory factory, ActivationSpec spec) {}

    @Override
    public XAResource[] getXAResources(ActivationSpec[] specs) {
        return new XAResource[0];
    }

    /** It has no configuration, so a copy is a new one. */
    private Object readResolve() {
        return new GenAiResourceAdapter();
    }

    /** It has no configuration, so all are equal. */
    @Override
    public boolean equals(Object other) {
        return other != null && getClass() == other.getClass();
    }

    @Override
    public int hashCode() {
        return GenAiResourceAdapter.class.hashCode();
    }
}
