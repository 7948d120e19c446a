package org.genaiconnector.ra;

import jakarta.resource.ResourceException;
import jakarta.resource.spi.ResourceAdapterInternalException;
import jakarta.resource.spi.work.Work;
import jakarta.resource.spi.work.WorkException;
import jakarta.resource.spi.work.WorkManager;
import jakarta.resource.spi.work.WorkRejectedException;
import java.lang.System.Logger;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.genaiconnector.ra.messages.OperatorMessage;

/**
 * One life cycle of the resource adapter, up to its stop, and the resources that were opened in it. Its end closes all of them;
 * a resource that is registered later is closed at once. All threads may use it.
 */
final class AdapterLifeCycle {
    private static final Logger LOG = System.getLogger(AdapterLifeCycle.class.getName());

    /** Weak, because application servers drop the factories of reconfigured pools without closing anything. */
    private final Set<AutoCloseable> resources = Collections.newSetFromMap(new WeakHashMap<>());

    private final Map<Object, AutoCloseable> shared = new ConcurrentHashMap<>();
    private final Works works = new Works();
    private final RecordMethods recordMethods = new RecordMethods();
    private WorkManager workManager;
    private boolean ended;

    synchronized void begin(WorkManager manager) {
        workManager = manager;
    }

    synchronized boolean hasEnded() {
        return ended;
    }

    /** Closes all resources; the shared ones last, because the others use them until they end. */
    void end() {
        List<AutoCloseable> all;
        synchronized (this) {
            ended = true;
            workManager = null;
            all = new ArrayList<>(resources);
            all.addAll(shared.values());
            resources.clear();
        }
        all.forEach(AdapterLifeCycle::close);
        works.end();
        recordMethods.release();
    }

    private static void close(AutoCloseable resource) {
        try {
            resource.close();
        } catch (Exception | Error e) {
            // such as that a class is gone with its application; the other resources are closed all the same
            OperatorMessage.CLOSE_FAILED.logFailure(LOG, e);
        }
    }

    void closeOnStop(AutoCloseable resource) throws ResourceException {
        synchronized (this) {
            if (!ended) {
                resources.add(resource);
                return;
            }
        }
        close(resource);
        throw new ResourceAdapterInternalException("The GenAI connector has been stopped");
    }

    <T extends AutoCloseable> T shared(Class<T> type, Object key, Supplier<T> maker) {
        AutoCloseable known = shared.get(key);
        return type.cast(known == null ? share(key, maker) : known);
    }

    private synchronized AutoCloseable share(Object key, Supplier<? extends AutoCloseable> maker) {
        AutoCloseable made = shared.computeIfAbsent(key, absent -> maker.get());
        if (ended) {
            close(made);
        }
        return made;
    }

    void startWork(Work work) throws WorkException {
        WorkManager current;
        synchronized (this) {
            current = workManager;
        }
        if (current == null) {
            throw new WorkRejectedException("The GenAI connector is not started");
        }
        works.start(current, work);
    }
}
