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
 * The time up to a stop of the resource adapter, and what was opened in it. Its end closes everything, and whatever comes
 * too late is closed at once.
 */
final class AdapterLife {
    private static final Logger LOG = System.getLogger(AdapterLife.class.getName());

    /** Weak, because factories of reconfigured pools are simply forgotten by the container. */
    private final Set<AutoCloseable> resources = Collections.newSetFromMap(new WeakHashMap<>());

    private final Map<Object, AutoCloseable> shared = new ConcurrentHashMap<>();
    private final Works works = new Works();
    private WorkManager workManager;
    private boolean over;

    synchronized void begin(WorkManager manager) {
        workManager = manager;
    }

    synchronized boolean isOver() {
        return over;
    }

    /** Closes everything, what is shared last: that is what the others still use while they end. */
    void end() {
        List<AutoCloseable> all;
        synchronized (this) {
            over = true;
            workManager = null;
            all = new ArrayList<>(resources);
            all.addAll(shared.values());
            resources.clear();
        }
        all.forEach(AdapterLife::close);
        works.end();
    }

    private static void close(AutoCloseable resource) {
        try {
            resource.close();
        } catch (Exception
                | Error e) { // such as for a class that has gone with its application; the others end all the same
            OperatorMessage.CLOSE_FAILED.logFailure(LOG, e);
        }
    }

    void closeOnStop(AutoCloseable resource) throws ResourceException {
        synchronized (this) {
            if (!over) {
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
        if (over) {
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
